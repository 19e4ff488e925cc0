"""The connection sends its token to one address alone, waits as long as it is asked to and no longer, and counts."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.hub.client import Hub
from checker.hub.endpoint import DEFAULT, Endpoint, endpoint
from checker.hub.errors import Failure, HubError
from checker.hub.exchange import Traffic, make_client
from checker.hub.sources import cache_folder
from checker.hub.token import stored_token
from tests.hub import stub as hub_stub
from tests.hub.conftest import ID
from tests.hub.stub import Model, Stub, serving

TOKEN = "hf_test_token"


def test_one_request_asks_for_all_that_the_record_holds(stub: Stub, hub: Hub) -> None:
    record = hub.record(ID, "main")
    assert record["sha"] == stub.models[ID].commit
    assert stub.paths() == [f"/api/models/{ID}/revision/main?securityStatus=true&blobs=true"]


def test_the_token_goes_to_the_endpoint(stub: Stub) -> None:
    with Hub(Endpoint(stub.url), TOKEN) as hub:
        hub.record(ID, None)
        hub.file(ID, "main", "config.json", 1000)
    assert [request.headers.get("authorization") for request in stub.requests] == [f"Bearer {TOKEN}"] * 2


def test_the_token_goes_to_no_other_host(stub: Stub) -> None:
    with serving() as other:
        other.add(Model(ID, {"config.json": b"{}"}))
        stub.instead("/", hub_stub.leads_to(f"{other.url}/api/models/{ID}"))
        with Hub(Endpoint(stub.url), TOKEN) as hub:
            hub.record(ID, None)
        stub.instead("/", hub_stub.leads_to(f"{other.url}/{ID}/resolve/main/config.json"))
        with Hub(Endpoint(stub.url), TOKEN) as hub:
            assert hub.file(ID, "main", "config.json", 1000) == b"{}"
        sent = [request.headers.get("authorization") for request in other.requests]
    assert [request.headers.get("authorization") for request in stub.requests] == [f"Bearer {TOKEN}"] * 2
    assert sent == [None, None]


def test_a_request_to_another_host_loses_its_token_whoever_put_it_there(stub: Stub) -> None:
    """The library of the client takes it from a redirect as well; this is our own bolt, which does not rely on that."""
    with serving() as other:
        other.add(Model(ID, {"config.json": b"{}"}))
        for url, expected in ((stub.url, f"Bearer {TOKEN}"), (other.url, None)):
            traffic = Traffic()
            traffic.begin(100_000, 5)
            with make_client(traffic, stub.url, 5) as client:
                client.get(f"{url}/api/models/{ID}", headers={"Authorization": f"Bearer {TOKEN}"})
            sent = (stub if url == stub.url else other).requests[-1]
            assert sent.headers.get("authorization") == expected


def test_a_way_back_from_another_host_brings_no_token_along(stub: Stub) -> None:
    with serving() as other:
        other.instead("/", hub_stub.leads_to(f"{stub.url}/api/models/{ID}"))
        stub.instead(f"/api/models/{ID}/revision", hub_stub.leads_to(f"{other.url}/there"))
        with Hub(Endpoint(stub.url), TOKEN) as hub:
            hub.record(ID, None)
        assert "authorization" not in other.requests[0].headers
    assert "authorization" not in stub.requests[-1].headers


def test_anonymous_no_token_is_sent(stub: Stub) -> None:
    with Hub(endpoint({"HF_ENDPOINT": stub.url}, anonymous=True), TOKEN) as hub:
        hub.record(ID, None)
        hub.file(ID, "main", "config.json", 1000)
    assert not any("authorization" in request.headers for request in stub.requests)


def test_a_renamed_model_is_followed_to_its_new_name(stub: Stub, hub: Hub) -> None:
    stub.renamed["acme/old"] = ID
    assert hub.record("acme/old", None)["id"] == ID


def test_a_record_that_the_library_cannot_take_is_read_all_the_same(stub: Stub, hub: Hub) -> None:
    stub.models[ID].record = {"safetensors": {"total": 7}, "siblings": [{"name": "?"}], "lastModified": "soon"}
    assert hub.record(ID, None)["safetensors"] == {"total": 7}


def test_the_second_attempt_may_succeed(stub: Stub, hub: Hub) -> None:
    held = hub_stub.content(json.dumps({"id": ID, "sha": "a" * 40}).encode())
    stub.instead("/api/models/", hub_stub.BUSY, held)
    assert hub.record(ID, None)["id"] == ID
    assert len(stub.requests) == 2


@pytest.mark.parametrize(
    ("answer", "requests"), [(hub_stub.BUSY, 2), (hub_stub.ends_early, 2), (hub_stub.GATED, 1), (hub_stub.page, 1)]
)
def test_what_may_pass_is_tried_twice_and_all_else_once(
    stub: Stub, hub: Hub, answer: hub_stub.Answer, requests: int
) -> None:
    stub.instead("/api/models/", answer)
    with pytest.raises(HubError):
        hub.record(ID, None)
    assert len(stub.requests) == requests


@pytest.mark.parametrize(
    ("headers", "waited"),
    [
        ({"Retry_After": "7"}, 7),
        ({"RateLimit": '"api";r=0;t=55'}, 56),  # one more second than the Hub says, because it rounds
        ({"RateLimit": '"api";r=12;t=55'}, 0.5),  # requests are left, so that was not the reason
        ({"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.5),
        ({}, 0.5),
    ],
)
def test_the_headers_of_a_refusal_say_how_long_to_wait(stub: Stub, headers: dict[str, str], waited: float) -> None:
    slept: list[float] = []
    held = hub_stub.content(json.dumps({"id": ID, "sha": "a" * 40}).encode())
    stub.instead("/api/models/", hub_stub.limited(**headers), held)
    with Hub(Endpoint(stub.url), sleep=slept.append) as hub:
        hub.record(ID, None)
    assert slept == [pytest.approx(waited, abs=0.4)]


def test_nobody_waits_longer_than_a_minute(stub: Stub) -> None:
    slept: list[float] = []
    stub.instead("/api/models/", hub_stub.limited(Retry_After="3600"))
    with Hub(Endpoint(stub.url), sleep=slept.append) as hub, pytest.raises(HubError) as caught:
        hub.record(ID, None)
    assert (caught.value.failure, slept) == (Failure.RATE_LIMITED, [])
    assert "try again in 3600 s" in caught.value.remedy


def test_an_endpoint_that_never_answers_is_given_up_after_three_models(stub: Stub) -> None:
    stub.instead("/api/models/", hub_stub.silent)
    with Hub(Endpoint(stub.url, timeout_seconds=0.1), sleep=lambda _: None) as hub:
        for number in range(20):
            with pytest.raises(HubError):
                hub.record(f"acme/model-{number}", None)
    assert len(stub.requests) == 3


def test_a_file_that_is_not_there_is_none(hub: Hub) -> None:
    assert hub.file(ID, "main", "tokenizer_config.json", 1000) is None


def test_a_file_larger_than_asked_for_is_refused(stub: Stub, hub: Hub) -> None:
    stub.models[ID].files["config.json"] = b"x" * 2000
    with pytest.raises(HubError) as caught:
        hub.file(ID, "main", "config.json", 1000)
    assert caught.value.failure is Failure.TOO_LARGE


def test_a_part_is_read_and_nothing_behind_it(stub: Stub, hub: Hub) -> None:
    stub.models[ID].files["model.safetensors"] = bytes(range(200)) * 100
    assert hub.part(ID, "main", "model.safetensors", 8, 4) == bytes((8, 9, 10, 11))
    assert stub.requests[0].headers["range"] == "bytes=8-11"
    assert stub.sent_bytes == 4


def test_a_part_of_a_large_file_comes_from_where_it_is_stored_without_the_token(stub: Stub) -> None:
    files = {"model.safetensors": bytes(range(200)) * 100}
    stub.models[ID].files = files
    with serving() as storage:
        storage.add(Model(ID, files))
        stub.storage = storage.url
        with Hub(Endpoint(stub.url), TOKEN) as hub:
            assert hub.part(ID, "main", "model.safetensors", 8, 4) == bytes((8, 9, 10, 11))
        (request,) = storage.requests
    assert request.headers["range"] == "bytes=8-11"
    assert "authorization" not in request.headers


def test_a_server_without_ranges_is_cut_off_behind_the_part(stub: Stub, hub: Hub) -> None:
    whole = hub_stub.content(bytes(range(200)) * 100_000)
    stub.instead(f"/{ID}/resolve/", whole)
    assert hub.part(ID, "main", "model.safetensors", 8, 4) == bytes((8, 9, 10, 11))
    assert hub.traffic.received_bytes < 1_000_000


def test_a_part_far_inside_a_file_is_not_reached_by_reading_all_before_it(stub: Stub, hub: Hub) -> None:
    stub.instead(f"/{ID}/resolve/", hub_stub.content(b"0" * 3_000_000))
    with pytest.raises(HubError) as caught:
        hub.part(ID, "main", "model.safetensors", 2_000_000, 4)
    assert caught.value.failure is Failure.MISREAD


def test_a_gated_file_is_told_as_gated(stub: Stub, hub: Hub) -> None:
    stub.instead(f"/{ID}/resolve/", hub_stub.GATED)
    with pytest.raises(HubError) as caught:
        hub.file(ID, "main", "config.json", 1000)
    assert caught.value.sentence == f"config.json of {ID} is gated, and no token is set"


def test_who_is_anonymous_reads_why_no_token_was_sent(stub: Stub) -> None:
    stub.instead("/api/models/", hub_stub.GATED)
    with Hub(endpoint({"HF_ENDPOINT": stub.url}, anonymous=True), TOKEN) as hub, pytest.raises(HubError) as caught:
        hub.record(ID, None)
    assert caught.value.sentence == f"{ID} is gated, and no token is sent (--anonymous)"


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
@pytest.mark.parametrize("token", ["hf_ä", "hf two", "hf_\x00", "hf_\r\nX: y"])
def test_what_no_token_holds_is_never_sent(token: str, name: str) -> None:
    with pytest.raises(InputError, match=f"{name} is no token"):
        stored_token({name: token})


def test_tags_are_told_from_branches(stub: Stub, hub: Hub) -> None:
    refs = {"branches": [{"name": "main"}], "tags": [{"name": "v1"}, {"name": 3}, "v2"]}
    stub.instead(f"/api/models/{ID}/refs", hub_stub.content(json.dumps(refs).encode()))
    assert hub.tags(ID) == {"v1"}
    stub.instead(f"/api/models/{ID}/refs", hub_stub.content(b"{}"))
    assert hub.tags(ID) == frozenset()
    stub.instead(f"/api/models/{ID}/refs", hub_stub.page)
    with pytest.raises(HubError, match="a web page"):
        hub.tags(ID)


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HF_HUB_CACHE": "/c"}, "/c"),
        ({"HUGGINGFACE_HUB_CACHE": "/d", "HF_HOME": "/h"}, "/d"),
        ({"HF_HOME": "/h"}, "/h/hub"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/huggingface/hub"),
        ({"HF_HOME": "~nobody-has-this-home"}, f"{Path.cwd()}/~nobody-has-this-home/hub"),
    ],
)
def test_the_cache_is_where_the_hub_s_client_keeps_it(environ: dict[str, str], folder: str) -> None:
    assert cache_folder(environ) == Path(folder)


def test_bugs_of_ours_are_not_told_as_the_network_s(stub: Stub, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(hub._api, "model_info", broken)
    with pytest.raises(ZeroDivisionError):
        hub.record(ID, None)


@pytest.mark.parametrize(
    ("environ", "url", "offline"),
    [
        ({}, DEFAULT, False),
        ({"HF_ENDPOINT": "https://hub.example/"}, "https://hub.example", False),
        ({"HF_ENDPOINT": "http://127.0.0.1:8090/mirror"}, "http://127.0.0.1:8090/mirror", False),
        ({"HF_HUB_OFFLINE": "1"}, DEFAULT, True),
        ({"TRANSFORMERS_OFFLINE": "yes"}, DEFAULT, True),
        ({"HF_HUB_OFFLINE": "0"}, DEFAULT, False),
    ],
)
def test_the_variables_of_the_hub_s_client_count(environ: dict[str, str], url: str, offline: bool) -> None:
    assert endpoint(environ)[:2] == (url, offline)


@pytest.mark.parametrize(
    "url",
    [
        *("hub.example", "ftp://hub.example", "https://", "//hub.example", "http://[::1", "http://h:99999"),
        *("http://a..b", "http://.", f"http://{'a' * 64}", "http://1.2.3.999", "http://h\udcff", "http://h/\udcff"),
        *("http://h/\x01", "http://h?page=1", "http://h#top", f"http://h/{'a' * 70_000}"),
    ],
    ids=lambda url: ascii(url[:30]),
)
def test_an_endpoint_that_is_no_address_is_bad_input(url: str) -> None:
    with pytest.raises(InputError, match="HF_ENDPOINT is no address"):
        endpoint({"HF_ENDPOINT": url})


def test_an_endpoint_that_is_no_address_keeps_its_password_to_itself() -> None:
    with pytest.raises(InputError) as caught:
        endpoint({"HF_ENDPOINT": "http://me:secret@a..b"})
    assert caught.value.problems[0].sentence == "HF_ENDPOINT is no address: `http://a..b`"


def test_the_stored_token_stands_in_for_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.get_token", lambda: "stored")
    given = ({"HF_TOKEN": " given\n"}, {"HF_TOKEN": " "}, {})
    assert tuple(map(stored_token, given)) == ("given", "stored", "stored")


def _event(folder: Path, payload: object, name: str = "pull_request") -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(json.dumps(payload), encoding="utf-8")
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path)}


def _pull(head: object, base: object = "acme/bot") -> dict[str, object]:
    return {"pull_request": {"head": {"repo": head}, "base": {"repo": {"full_name": base}}}}


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (_pull({"full_name": "acme/bot"}), ""),
        (_pull({"full_name": "somebody/bot"}), "a pull request of a fork (GITHUB_EVENT_PATH)"),
        (_pull(None), "a pull request of a fork (GITHUB_EVENT_PATH)"),  # the fork was deleted
        ({}, "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"),
        ([], "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"),
        (_pull({"full_name": None}, None), "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"),
    ],
)
def test_on_github_a_pull_request_of_a_fork_makes_anonymous(tmp_path: Path, payload: object, reason: str) -> None:
    assert endpoint(_event(tmp_path, payload)).anonymous == reason


def _followed(head: object) -> dict[str, object]:
    return {"workflow_run": {"head_repository": head}, "repository": {"full_name": "acme/bot"}}


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("workflow_run", _followed({"full_name": "acme/bot"}), ""),
        ("workflow_run", _followed({"full_name": "somebody/bot"}), "a pull request of a fork (GITHUB_EVENT_PATH)"),
        ("workflow_run", _followed(None), "a pull request of a fork (GITHUB_EVENT_PATH)"),
        ("workflow_run", {}, "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"),
        ("issue_comment", {"issue": {}}, ""),
        ("issue_comment", {"issue": []}, "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"),
        (
            "issue_comment",
            {"issue": {"pull_request": {}}},
            "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)",
        ),
    ],
)
def test_on_github_what_follows_a_pull_request_is_judged_as_that(
    tmp_path: Path, name: str, payload: object, reason: str
) -> None:
    assert endpoint(_event(tmp_path, payload, name)).anonymous == reason


@pytest.mark.skipif(os.name != "posix", reason="pipes exist on POSIX only")
def test_an_event_that_is_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "event")
    environ = {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(tmp_path / "event")}
    assert endpoint(environ).anonymous == "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"


@pytest.mark.parametrize("head", ["somebody/bot", "acme/bot"])
def test_in_the_run_of_a_fork_no_token_is_sent(stub: Stub, tmp_path: Path, head: str) -> None:
    environ = _event(tmp_path, _pull({"full_name": head})) | {"HF_ENDPOINT": stub.url}
    with Hub(endpoint(environ), TOKEN) as hub:
        hub.record(ID, None)
    assert all("authorization" in request.headers for request in stub.requests) is (head == "acme/bot")
    assert any("authorization" in request.headers for request in stub.requests) is (head == "acme/bot")


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"GITHUB_EVENT_NAME": "push"}, ""),
        (
            {"GITHUB_EVENT_NAME": "pull_request_target"},
            "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)",
        ),
        ({"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7", "CI_MERGE_REQUEST_PROJECT_ID": "7"}, ""),
        (
            {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "8", "CI_MERGE_REQUEST_PROJECT_ID": "7"},
            "a pull request of a fork (CI_MERGE_REQUEST_SOURCE_PROJECT_ID)",
        ),
        ({"SYSTEM_PULLREQUEST_ISFORK": "False"}, ""),
        ({"SYSTEM_PULLREQUEST_ISFORK": "True"}, "a pull request of a fork (SYSTEM_PULLREQUEST_ISFORK)"),
        ({"CHANGE_FORK": "somebody"}, "a pull request of a fork (CHANGE_FORK)"),
        ({"CIRCLE_PR_REPONAME": "bot"}, "a pull request of a fork (CIRCLE_PR_REPONAME)"),
        *(
            ({theirs: "somebody/bot", ours: "acme/bot"}, f"a pull request of a fork ({theirs})")
            for theirs, ours in (
                ("BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO"),
                ("TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG"),
                ("APPVEYOR_PULL_REQUEST_HEAD_REPO_NAME", "APPVEYOR_REPO_NAME"),
            )
        ),
        ({"HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"}, "HF_HUB_DISABLE_IMPLICIT_TOKEN"),
    ],
)
def test_elsewhere_the_variables_of_the_service_tell(environ: dict[str, str], reason: str) -> None:
    assert endpoint(environ).anonymous == reason
