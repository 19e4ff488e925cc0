"""One model's record and small files become its entry; weights are never read, and only what is missing is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from checker.facts.fact import Certainty
from checker.facts.locked.entry import Gate, LockEntry, Stated
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.facts.locked.resolve import enter
from checker.facts.model import ArchitectureClass, Parent, Relation
from checker.hub import fetch as module
from checker.hub.client import Hub
from checker.hub.endpoint import Endpoint
from checker.hub.errors import Failure, HubError
from checker.hub.fetch import Blobs, fetch
from tests.hub import stub as hub_stub
from tests.hub.models import APACHE, QWEN_PARAMETERS, as_bytes, minilm, qwen, qwen_files, qwen_shapes
from tests.hub.stub import Model, Stub, gguf_header, safetensors_header

AT = "2026-11-28T17:05:00Z"
QWEN_ID = "Qwen/Qwen2.5-0.5B-Instruct"


def entry(hub: Hub, model: str, revision: str | None = None, blobs: Blobs | None = None) -> LockEntry:
    fetched = fetch(hub, model, revision, at=AT, asked=revision, blobs=blobs or Blobs())
    return enter(fetched.resolved).entry


def value(stated: Stated[Any] | None) -> Any:
    assert stated is not None
    return stated.value


def test_a_model_of_ordinary_shape_takes_three_requests_and_its_licence_file(stub: Stub, hub: Hub) -> None:
    stub.add(qwen())
    found = entry(hub, QWEN_ID)
    commit = qwen().commit
    assert stub.paths() == [
        f"/api/models/{QWEN_ID}/revision/main?securityStatus=true&blobs=true",
        *(f"/{QWEN_ID}/resolve/{commit}/{name}" for name in ("config.json", "tokenizer_config.json", "LICENSE")),
    ]
    assert (found.model, found.revision, found.commit, found.now_called) == (QWEN_ID, None, commit, None)
    assert (found.resolved_at, found.resolved_from) == (AT, stub.url)


def test_each_fact_says_how_sure_it_is_and_which_file_states_it(stub: Stub, hub: Hub) -> None:
    stub.add(qwen())
    facts = entry(hub, QWEN_ID).facts
    assert facts.license == Stated("apache-2.0", Certainty.DECLARED, "README.md")
    assert facts.license_tag == Stated("apache-2.0", Certainty.DECLARED, "Hub record")
    assert facts.parents == Stated((Parent("Qwen/Qwen2.5-0.5B", Relation.FINETUNE),), Certainty.DECLARED, "README.md")
    assert facts.model_type == Stated("qwen2", Certainty.VERIFIED, "config.json")
    assert facts.parameters == Stated(QWEN_PARAMETERS, Certainty.VERIFIED, "Hub record")
    assert facts.chat_template == Stated(True, Certainty.VERIFIED, "tokenizer_config.json")
    assert facts.gate == Stated(Gate.NO, Certainty.VERIFIED, "Hub record")
    assert facts.weight_formats == Stated(("safetensors",), Certainty.VERIFIED, "names of files")
    assert value(facts.architecture_class) is ArchitectureClass.DECODER
    assert facts.architecture_class is not None
    assert facts.architecture_class.certainty is Certainty.INFERRED


def test_an_embedder_s_modules_and_shorter_limit_are_read(stub: Stub, hub: Hub) -> None:
    stub.add(minilm())
    facts = entry(hub, minilm().id).facts
    assert value(facts.architecture_class) is ArchitectureClass.BI_ENCODER
    assert facts.native_context == Stated(256, Certainty.DECLARED, "sentence_bert_config.json")
    assert facts.remote_code == Stated(False, Certainty.VERIFIED, "config.json without `auto_map`")


def test_a_file_that_another_model_had_too_is_not_asked_for_again(stub: Stub, hub: Hub) -> None:
    stub.add(qwen())
    stub.add(qwen("acme/copy"))
    blobs = Blobs()
    entry(hub, QWEN_ID, blobs=blobs)
    before = len(stub.requests)
    found = entry(hub, "acme/copy", blobs=blobs)
    assert stub.paths()[before:] == ["/api/models/acme/copy/revision/main?securityStatus=true&blobs=true"]
    assert value(found.facts.license_files)[0].path == "LICENSE"


def test_parameters_that_the_record_lacks_are_counted_from_the_headers(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(safetensors=None))
    facts = entry(hub, QWEN_ID).facts
    assert facts.parameters_by_dtype == Stated({"BF16": QWEN_PARAMETERS}, Certainty.VERIFIED, "safetensors headers")
    ranges = [request.headers["range"] for request in stub.requests if request.path.endswith(".safetensors")]
    assert ranges == ["bytes=0-131071"]


def test_a_header_longer_than_the_first_part_takes_a_second_request(
    stub: Stub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_BYTES", 1000)
    stub.add(qwen(safetensors=None))
    assert value(entry(hub, QWEN_ID).facts.parameters) == QWEN_PARAMETERS
    length = len(safetensors_header(qwen_shapes()))
    ranges = [request.headers["range"] for request in stub.requests if request.path.endswith(".safetensors")]
    assert ranges == ["bytes=0-999", f"bytes=1000-{length - 1}"]


def test_shards_are_counted_together_and_a_second_copy_is_not(stub: Stub, hub: Hub) -> None:
    half = {"a.weight": ("BF16", [10, 10])}
    files = {
        **{f"model-0000{number}-of-00002.safetensors": safetensors_header(half) for number in (1, 2)},
        "consolidated.safetensors": safetensors_header(half),
    }
    stub.add(Model("acme/shards", files, card={}))
    assert value(entry(hub, "acme/shards").facts.parameters_by_dtype) == {"BF16": 200}


def test_weights_in_more_files_than_we_look_at_stay_uncounted_and_that_is_said(stub: Stub, hub: Hub) -> None:
    stub.add(Model("acme/large", sizes={f"model-{n:05}-of-00099.safetensors": 5 << 30 for n in range(1, 100)}))
    found = entry(hub, "acme/large")
    assert found.facts.parameters_by_dtype is None
    assert found.notes == ("99 files of weights, and the record counts no parameters: not counted here",)
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff" * 100, "it does not begin with the length of a header"),
        (
            (30_000_000).to_bytes(8, "little") + b"{",
            "model.safetensors has a header of 30000000 bytes, and at most 25000000 are read",
        ),
        ((500).to_bytes(8, "little") + b"{", "model.safetensors ends inside its header"),
    ],
)
def test_what_is_no_safetensors_file_is_said_and_stops_nothing(stub: Stub, hub: Hub, content: bytes, said: str) -> None:
    stub.add(qwen(safetensors=None)).files["model.safetensors"] = content
    found = entry(hub, QWEN_ID)
    assert found.facts.parameters_by_dtype is None
    assert found.notes == (f"a header of the safetensors files cannot be read: {said}",)


GGUF = gguf_header(
    {
        "general.architecture": "llama",
        "general.file_type": 15,
        "llama.context_length": 8192,
        "llama.block_count": 32,
        "tokenizer.ggml.tokens": [f"token {number}" for number in range(1000)],
    },
    {"token_embd.weight": [4096, 1000], "output_norm.weight": [4096]},
)


def test_a_gguf_header_is_read_in_ranges_where_the_hub_has_not_read_it(stub: Stub, hub: Hub) -> None:
    stub.add(Model("acme/small-GGUF", {"small-Q4_K_M.gguf": GGUF + b"\0" * 5_000_000}, card={"license": "mit"}))
    facts = entry(hub, "acme/small-GGUF").facts
    (file,) = value(facts.gguf)
    assert (file.architecture, file.quantization, file.parameters, file.context) == ("llama", "Q4_K_M", 4_100_096, 8192)
    assert stub.sent_bytes < 2_500_000


def test_what_is_no_gguf_file_is_said_and_stops_nothing(stub: Stub, hub: Hub) -> None:
    stub.add(Model("acme/small-GGUF", {"small.gguf": GGUF[:200]}, card={}))
    found = entry(hub, "acme/small-GGUF")
    assert (found.facts.gguf, found.notes) == (
        None,
        ("the header of small.gguf cannot be read: it ends inside its header",),
    )


def test_of_many_gguf_files_the_first_few_are_looked_at(stub: Stub, hub: Hub) -> None:
    stub.add(Model("acme/small-GGUF", {f"small-{number}.gguf": GGUF for number in range(9)}, card={}))
    found = entry(hub, "acme/small-GGUF")
    assert len(value(found.facts.gguf)) == 4
    assert found.notes == ("of 9 GGUF files the headers of the first 4 were read",)


def test_the_card_itself_is_read_where_the_record_has_none(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen())
    model.card = None
    facts = entry(hub, QWEN_ID).facts
    assert facts.license == Stated("apache-2.0", Certainty.DECLARED, "README.md")
    assert value(facts.parents) == (Parent("Qwen/Qwen2.5-0.5B", Relation.FINETUNE),)


@pytest.mark.parametrize("card", [b"no front matter\n", b"---\n- a list\n---\n", b"\xff\xfe\x00", None])
def test_a_card_that_tells_no_licence_leaves_it_unknown(stub: Stub, hub: Hub, card: bytes | None) -> None:
    model = stub.add(qwen())
    model.card = None
    model.files.pop("README.md")
    model.files |= {"README.md": card} if card is not None else {}
    assert entry(hub, QWEN_ID).facts.license is None


def test_a_gated_model_without_access_has_what_its_record_says(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(gated="manual"))
    stub.instead(f"/{QWEN_ID}/resolve/", hub_stub.GATED)
    fetched = fetch(hub, QWEN_ID, None, at=AT, asked=None, blobs=Blobs())
    found = enter(fetched.resolved).entry
    assert fetched.gated is not None
    assert fetched.gated.failure is Failure.GATED
    assert value(found.facts.gate) is Gate.MANUAL
    assert (value(found.facts.license), found.facts.dimensions, found.facts.remote_code) == ("apache-2.0", None, None)
    assert value(found.facts.parameters_by_dtype) == {"BF16": QWEN_PARAMETERS}
    assert found.notes == (
        f"config.json of {QWEN_ID} is gated, and no token is set: no file of it was read, only its record and the names of files",
    )
    assert len(stub.requests) == 2, "the first refusal says it all"


def test_gated_weights_alone_are_said_too(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(safetensors=None))
    stub.instead(f"/{QWEN_ID}/resolve/{qwen().commit}/model.safetensors", hub_stub.GATED)
    fetched = fetch(hub, QWEN_ID, None, at=AT, asked=None, blobs=Blobs())
    assert fetched.gated is not None
    stub.add(Model("acme/small-GGUF", {"small.gguf": GGUF}, card={}))
    stub.instead("/acme/small-GGUF/resolve/", hub_stub.GATED)
    assert fetch(hub, "acme/small-GGUF", None, at=AT, asked=None, blobs=Blobs()).gated is not None


def test_another_content_than_the_record_names_is_refused(stub: Stub, hub: Hub) -> None:
    stub.add(qwen())
    stub.instead(f"/{QWEN_ID}/resolve/{qwen().commit}/config.json", hub_stub.content(b"{}"))
    with pytest.raises(HubError) as caught:
        entry(hub, QWEN_ID)
    assert caught.value.failure is Failure.TRUNCATED
    assert caught.value.sentence == (
        f"config.json of {QWEN_ID} is not the file that the record names: its digest differs"
    )


def test_a_small_file_in_large_file_storage_is_held_to_its_own_digest(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen())
    model.files["tokenizer_config.json"] = as_bytes({"added": ["x" * 20_000]})
    assert value(entry(hub, QWEN_ID).facts.chat_template) is True  # by the record
    stub.instead(f"/{QWEN_ID}/resolve/{model.commit}/tokenizer_config.json", hub_stub.content(b"{}"))
    with pytest.raises(HubError, match="its digest differs"):
        entry(hub, QWEN_ID)


def test_a_configuration_in_which_a_size_is_no_number_is_left_out_with_the_reason(stub: Stub, hub: Hub) -> None:
    stub.add(qwen()).files["config.json"] = b'{"model_type": "qwen2", "hidden_size": NaN}'
    found = entry(hub, QWEN_ID)
    why = "config.json was left out: `hidden_size` is NaN, which is no number of JSON"
    assert (found.facts.dimensions, found.notes) == (None, (why,))


def test_a_configuration_that_is_no_json_is_said_and_its_facts_stay_unknown(stub: Stub, hub: Hub) -> None:
    stub.add(qwen()).files["config.json"] = b"{'single': 'quotes'}"
    found = entry(hub, QWEN_ID)
    assert (found.facts.dimensions, found.notes) == (None, ("config.json is no JSON object and was left out",))


def test_a_page_in_place_of_a_file_that_nobody_listed_is_a_failure(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(siblings=None))
    stub.instead(f"/{QWEN_ID}/resolve/", hub_stub.page)
    with pytest.raises(HubError) as caught:
        entry(hub, QWEN_ID)
    assert caught.value.failure is Failure.NOT_JSON


def test_where_no_files_are_listed_the_usual_ones_are_tried(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(siblings=None))
    facts = entry(hub, QWEN_ID).facts
    assert value(facts.model_type) == "qwen2"
    assert facts.license_files is None, "nobody listed the files, so none is known to be absent"


def test_a_file_larger_than_we_read_is_left_out_and_that_is_said(
    stub: Stub, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SMALL_BYTES", 900)
    stub.add(qwen()).files["tokenizer_config.json"] = b" " * 1000 + b"{}"
    found = entry(hub, QWEN_ID)
    assert found.notes == ("tokenizer_config.json has 1002 bytes and was not read: at most 900 are",)
    assert found.facts.remote_code is None, "the tokenizer might bring code of its own"


def test_licence_files_are_kept_by_digest_with_their_text(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen())
    model.files["USE_POLICY.md"] = b"Do no harm.\n"
    entered = enter(fetch(hub, QWEN_ID, None, at=AT, asked=None, blobs=Blobs()).resolved)
    files = value(entered.entry.facts.license_files)
    assert [file.path for file in files] == ["LICENSE", "USE_POLICY.md"]
    assert entered.texts[files[1].sha256] == ("Do no harm.", "")
    assert "\n".join(entered.texts[files[0].sha256]).encode() == APACHE


def test_a_renamed_model_keeps_the_name_that_was_asked_for_beside_the_new_one(stub: Stub, hub: Hub) -> None:
    stub.add(qwen())
    stub.renamed["acme/old"] = QWEN_ID
    found = entry(hub, "acme/old")
    assert (found.model, found.now_called) == ("acme/old", QWEN_ID)


def test_the_files_asked_for_are_those_of_the_commit(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen())
    model.revisions["v1"] = "b" * 40
    found = entry(hub, QWEN_ID, "v1")
    assert (found.revision, found.commit) == ("v1", "b" * 40)
    assert all(f"/resolve/{'b' * 40}/" in path for path in stub.paths()[1:])


def test_another_commit_than_the_one_asked_for_is_refused(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(sha="b" * 40)).revisions["a" * 40] = "a" * 40
    with pytest.raises(HubError) as caught:
        entry(hub, QWEN_ID, "a" * 40)
    assert caught.value.sentence == f"{stub.url} was asked for {QWEN_ID} at {'a' * 40} and answers with {'b' * 40}"


def test_a_password_of_the_endpoint_is_written_nowhere(stub: Stub) -> None:
    stub.add(qwen())
    with Hub(Endpoint(stub.url.replace("http://", "http://somebody:secret@"))) as hub:
        assert entry(hub, QWEN_ID).resolved_from == stub.url
        with pytest.raises(HubError) as caught:
            entry(hub, "acme/gone")
    assert "secret" not in str(caught.value)
    assert stub.requests[0].headers["authorization"].startswith("Basic ")


def test_no_weights_are_read(stub: Stub, hub: Hub) -> None:
    files = qwen_files()
    files["model.safetensors"] += b"\0" * 20_000_000
    model = qwen(safetensors=None)
    model.files = files
    stub.add(model)
    entry(hub, QWEN_ID)
    assert hub.traffic.received_bytes < 300_000


def test_a_mirror_that_lists_names_alone_is_asked_for_sizes_and_digests(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen())
    whole = model.answer("main")["siblings"]
    model.record["siblings"] = [{"rfilename": one["rfilename"]} for one in whole]
    pages = [[_listed(one)] for one in whole]
    address = f"/api/models/{QWEN_ID}/tree/"
    links = [f'<{stub.url}{address}{model.commit}?cursor={number}>; rel="next"' for number in range(1, len(pages))]
    answers = [hub_stub.content(as_bytes(page), Link=link) for page, link in zip(pages, [*links, ""], strict=True)]
    stub.instead(address, *answers)
    found = entry(hub, QWEN_ID)
    model.record.pop("siblings")
    assert found.files == entry(hub, QWEN_ID).files
    assert sum(path.startswith(address) for path in stub.paths()) == len(pages)


def _listed(sibling: dict[str, Any]) -> dict[str, Any]:
    lfs = sibling.get("lfs")
    item = {"type": "file", "path": sibling["rfilename"], "size": sibling["size"], "oid": sibling["blobId"]}
    return item if lfs is None else item | {"lfs": {"oid": lfs["sha256"], "size": lfs["size"], "pointerSize": 134}}


@pytest.mark.parametrize("answer", [hub_stub.page, hub_stub.content(b"{")])
def test_a_list_that_is_none_is_a_failure(stub: Stub, hub: Hub, answer: hub_stub.Answer) -> None:
    stub.add(qwen(siblings=[{"rfilename": "config.json"}]))
    stub.instead(f"/api/models/{QWEN_ID}/tree/", answer)
    with pytest.raises(HubError, match="the list of files"):
        entry(hub, QWEN_ID)


def test_a_next_page_on_another_host_is_not_followed(stub: Stub, hub: Hub) -> None:
    stub.add(qwen(siblings=[{"rfilename": "config.json"}]))
    elsewhere = hub_stub.content(b"[]", Link='<http://127.0.0.1:1/more>; rel="next"')
    stub.instead(f"/api/models/{QWEN_ID}/tree/", elsewhere)
    assert [file.path for file in entry(hub, QWEN_ID).files] == ["config.json"]


def test_a_next_page_is_found_by_a_relative_address(stub: Stub, hub: Hub) -> None:
    model = stub.add(qwen(siblings=[{"rfilename": "config.json"}]))
    first, last = ([{"type": "file", "path": name, "size": 3, "oid": "a" * 40}] for name in ("a.txt", "b.txt"))
    next_page = hub_stub.content(as_bytes(first), Link=f'<{model.commit}?cursor=1>; rel="next"')
    stub.instead(f"/api/models/{QWEN_ID}/tree/", next_page, hub_stub.content(as_bytes(last)))
    assert hub.tree(QWEN_ID, model.commit) == [*first, *last]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:999999/", "http://[", "http://a..b/", "http://127.0.0.1\x01/", "::", "mailto:x"]
)
def test_a_next_page_at_no_address_is_a_failure(stub: Stub, hub: Hub, address: str) -> None:
    stub.add(qwen(siblings=[{"rfilename": "config.json"}]))
    stub.instead(f"/api/models/{QWEN_ID}/tree/", hub_stub.content(b"[]", Link=f'<{address}>; rel="next"'))
    with pytest.raises(HubError) as caught:
        entry(hub, QWEN_ID)
    said = f"names `{address}` as the next page of the list of files of {QWEN_ID}, which is no address"
    assert (caught.value.failure, caught.value.sentence) == (Failure.MISREAD, f"{stub.url} {said}")


def test_an_escape_that_names_no_character_stops_no_lock(stub: Stub, hub: Hub) -> None:
    stub.add(Model("acme/odd", {"config.json": rb'{"model_type": "ll\ud800ama"}'}, card={"license": "m\ud800t"}))
    found = entry(hub, "acme/odd")
    assert value(found.facts.license) == "m�t"
    assert value(found.facts.model_type) == "ll�ama"
    assert as_text(lock_of([found])).encode()
