"""Every way in which the Hub, or the way to it, can fail has a sentence and a remedy of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checker.document.errors import shown
from checker.hub import client, exchange
from checker.hub.client import Hub
from checker.hub.endpoint import Endpoint
from checker.hub.errors import Failure, HubError
from tests.hub import stub as hub_stub
from tests.hub.conftest import CERTIFICATE, ID
from tests.hub.stub import Answer, Stub, serving


def failure(hub: Hub, model: str = ID, revision: str | None = None) -> HubError:
    with pytest.raises(HubError) as caught:
        hub.record(model, revision)
    return caught.value


@pytest.mark.parametrize(
    ("answer", "expected", "sentence", "remedy"),
    [
        (
            hub_stub.GATED,
            Failure.GATED,
            "acme/small is gated, and no token is set",
            "accept its terms at URL/acme/small and set HF_TOKEN to a token of that account",
        ),
        (
            hub_stub.refused("RepoNotFound", "Repository not found", 404),
            Failure.MISSING,
            "acme/small is not on URL, or is private and not shown without a token",
            "check the spelling; for a private model set HF_TOKEN to a token that may read it",
        ),
        (
            hub_stub.refused("", "Invalid username or password.", 401),
            Failure.MISSING,
            "acme/small is not on URL, or is private and not shown without a token",
            "check the spelling; for a private model set HF_TOKEN to a token that may read it",
        ),
        (
            hub_stub.DISABLED,
            Failure.DISABLED,
            "acme/small is disabled on the Hub",
            "choose another model, or ask its publisher",
        ),
        (
            hub_stub.BAD_TOKEN,
            Failure.BAD_TOKEN,
            "URL does not accept the token, so acme/small was not read",
            "set HF_TOKEN to a valid one, or leave it out with --anonymous",
        ),
        (
            hub_stub.refused("", "Forbidden", 403),
            Failure.FORBIDDEN,
            "acme/small is refused",
            "use a token whose scope holds this model, or accept the model's terms",
        ),
        (
            hub_stub.limited(Retry_After="2"),
            Failure.RATE_LIMITED,
            "acme/small was refused: too many requests (429)",
            "try again in 2 s, with fewer --jobs, or set HF_TOKEN: the Hub gives accounts a higher limit",
        ),
        (
            hub_stub.BUSY,
            Failure.SERVER,
            "acme/small cannot be resolved: URL answers 503",
            "try again later",
        ),
        (
            hub_stub.refused("", "I'm a teapot", 418),
            Failure.MISREAD,
            "acme/small cannot be resolved: URL answers 418",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        ),
        (
            hub_stub.ends_early,
            Failure.TRUNCATED,
            "acme/small cannot be resolved: URL ended the answer too early",
            "try again; if it stays, look at proxies on the way",
        ),
        (
            hub_stub.content(b'{"id": "acme/'),
            Failure.TRUNCATED,
            "the answer about acme/small is no whole JSON document (13 bytes)",
            "try again; if it stays, a proxy on the way cuts or changes answers",
        ),
        (
            hub_stub.content(b"[" * 100_000),
            Failure.TRUNCATED,
            "the answer about acme/small is no whole JSON document (100000 bytes)",
            "try again; if it stays, a proxy on the way cuts or changes answers",
        ),
        (
            hub_stub.page,
            Failure.NOT_JSON,
            "URL answers with a web page where data of acme/small was asked for",
            "log in to the network (a portal may stand before it), or set HTTPS_PROXY or HF_ENDPOINT",
        ),
        (
            hub_stub.content(b"[]"),
            Failure.MISREAD,
            "URL answers with something else than a record of acme/small",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        ),
        (
            hub_stub.content(b"x", **{"Content-Encoding": "gzip"}),
            Failure.TOO_LARGE,
            "acme/small cannot be resolved: the answer is compressed (gzip) though none was asked for, and may unpack to any size",
            "ask whoever runs the endpoint, or the proxy before it, to heed Accept-Encoding",
        ),
        (
            hub_stub.content(b""),
            Failure.TRUNCATED,
            "the answer about acme/small is no whole JSON document (0 bytes)",
            "try again; if it stays, a proxy on the way cuts or changes answers",
        ),
        (
            lambda handler: handler.send(b"", 304),
            Failure.MISREAD,
            "acme/small cannot be resolved: URL answers 304",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        ),
        (
            hub_stub.leads_to("/api/models/acme/small"),
            Failure.UNREACHABLE,
            "acme/small cannot be resolved: URL leads from one address to the next, or to none",
            "check HF_ENDPOINT",
        ),
    ],
    ids=lambda value: value if isinstance(value, Failure) else "",
)
def test_an_answer_that_is_none_is_told_with_what_to_do(
    stub: Stub, hub: Hub, answer: Answer, expected: Failure, sentence: str, remedy: str
) -> None:
    stub.instead("/api/models/", answer)
    error = failure(hub)
    assert (error.failure, error.sentence.replace(stub.url, "URL"), error.remedy.replace(stub.url, "URL")) == (
        expected,
        sentence,
        remedy,
    )


@pytest.mark.parametrize("body", [b"[]", b"[" * 60_000, b"null", b'{"errors": 3}', b"\xff\xfe"])
@pytest.mark.parametrize(
    ("status", "expected"), [(404, Failure.MISSING), (500, Failure.SERVER), (403, Failure.FORBIDDEN)]
)
def test_a_refusal_whose_words_cannot_be_read_is_known_by_its_code(
    stub: Stub, hub: Hub, body: bytes, status: int, expected: Failure
) -> None:
    stub.instead("/", lambda handler: handler.send(body, status, {"Content-Type": "application/json"}))
    assert failure(hub).failure is expected


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (hub_stub.silent, "acme/small cannot be resolved: no answer from URL in 0.2 s"),
        (hub_stub.drips, "acme/small cannot be resolved: the answer came too slowly to wait for its end"),
    ],
)
def test_nobody_waits_for_an_answer_that_does_not_come(
    stub: Stub, monkeypatch: pytest.MonkeyPatch, answer: Answer, sentence: str
) -> None:
    monkeypatch.setattr(exchange, "TOTAL_TIMEOUTS", 1)
    stub.instead("/api/models/", answer)
    with Hub(Endpoint(stub.url, timeout_seconds=0.2), sleep=lambda _: None) as hub:
        error = failure(hub)
    assert (error.failure, error.sentence.replace(stub.url, "URL"), error.remedy) == (
        Failure.TIMEOUT,
        sentence,
        "try again later, or give it more time with --timeout",
    )


def test_a_body_without_an_end_is_left_at_the_limit(stub: Stub, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_RECORD_BYTES", 200_000)
    stub.instead("/api/models/", hub_stub.endless)
    error = failure(hub)
    assert (error.failure, error.sentence) == (
        Failure.TOO_LARGE,
        "acme/small cannot be resolved: the answer does not end: more than 200000 bytes",
    )
    assert hub.traffic.received_bytes < 400_000


def test_a_revision_that_the_model_lacks_is_named(stub: Stub, hub: Hub) -> None:
    error = failure(hub, revision="v9")
    assert (error.failure, error.sentence) == (Failure.BAD_REVISION, "acme/small has no revision `v9`")
    assert error.remedy == f"pick one of {stub.url}/acme/small/commits/main"


@pytest.mark.parametrize("name", ["acme//small", "acme/small/more", "acme--small/x", "../x", "acme/small.git", "ä/b"])
def test_a_name_that_no_model_can_have_is_never_sent(stub: Stub, hub: Hub, name: str) -> None:
    assert failure(hub, name).failure is Failure.BAD_ID
    assert stub.requests == []


def test_offline_nothing_is_sent(stub: Stub) -> None:
    with Hub(Endpoint(stub.url, offline=True)) as hub:
        error = failure(hub)
    assert (error.failure, error.sentence) == (
        Failure.OFFLINE,
        "acme/small was not asked for: HF_HUB_OFFLINE is set",
    )
    assert stub.requests == []


def test_a_port_where_nothing_listens_refuses_at_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with Hub(Endpoint(url)) as hub:
            error = failure(hub)
            again = failure(hub, "acme/other")
    assert (error.failure, error.sentence) == (
        Failure.REFUSED,
        f"acme/small cannot be resolved from {url}: nothing answers at that address",
    )
    assert (again.failure, again.sentence) == (
        Failure.REFUSED,
        f"acme/other cannot be resolved from {url}: nothing answers at that address",
    )
    assert hub.traffic.requests == 1, "what is down for one model is down for the next"


def test_a_host_that_no_name_server_knows_is_told_as_such() -> None:
    with Hub(Endpoint("http://no-such-host.invalid", timeout_seconds=5)) as hub:
        error = failure(hub)
    assert (error.failure, error.remedy) == (Failure.DNS, "check the network and HF_ENDPOINT")


def test_a_certificate_that_nobody_signed_is_refused_and_one_of_ours_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving() as plain, _over_tls(plain) as url:
        plain.add(hub_stub.Model(ID))
        monkeypatch.delenv("SSL_CERT_FILE")
        with Hub(Endpoint(url, timeout_seconds=2)) as hub:
            error = failure(hub)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        with Hub(Endpoint(url, timeout_seconds=2)) as hub:
            assert hub.record(ID, None)["id"] == ID
    assert (error.failure, error.sentence) == (
        Failure.TLS,
        f"acme/small cannot be resolved from {url}: its certificate is not trusted, or it speaks no TLS",
    )
    assert "SSL_CERT_FILE" in error.remedy


def test_nobody_is_led_from_https_to_http(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as plain, _over_tls(plain) as url:
        plain.instead("/", hub_stub.leads_to(f"{plain.url}/elsewhere"))
        with Hub(Endpoint(url, timeout_seconds=5)) as hub:
            error = failure(hub)
    assert (error.failure, error.sentence) == (
        Failure.UNREACHABLE,
        "acme/small cannot be resolved: the endpoint leads from https to http, where anybody on the way could answer",
    )
    assert [request.path.partition("?")[0] for request in plain.requests] == ["/api/models/acme/small/revision/main"]


def test_who_speaks_no_tls_is_told_as_such(stub: Stub) -> None:
    with Hub(Endpoint(stub.url.replace("http://", "https://"), timeout_seconds=2)) as hub:
        assert failure(hub).failure is Failure.TLS


def test_a_proxy_of_the_environment_is_used(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", stub.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    stub.instead("http://hub.example/", hub_stub.content(b'{"id": "acme/small", "sha": "' + b"a" * 40 + b'"}'))
    with Hub(Endpoint("http://hub.example", timeout_seconds=2)) as hub:
        assert hub.record(ID, None)["sha"] == "a" * 40


def test_a_proxy_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with Hub(Endpoint("http://hub.example", timeout_seconds=2)) as hub:
            assert failure(hub).failure is Failure.REFUSED


@contextmanager
def _over_tls(stub: Stub) -> Iterator[str]:
    """The same server behind TLS."""
    from http.server import ThreadingHTTPServer

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (hub_stub.Handler,), {"stub": stub}))
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that breaks off is the test
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_what_happens_where_a_model_is_led_to_is_that_models_alone(stub: Stub, hub: Hub) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        stub.instead("/api/models/acme/away", hub_stub.leads_to(f"http://127.0.0.1:{unused.getsockname()[1]}/"))
        error = failure(hub, "acme/away")
    assert (error.failure, error.sentence) == (
        Failure.REFUSED,
        f"acme/away cannot be resolved from {stub.url}, which leads to 127.0.0.1: nothing answers at that address",
    )
    assert hub.record(ID, None)["id"] == ID, "the endpoint itself answers"


@pytest.mark.parametrize(
    "address",
    [
        *("http://a..b/x", f"http://{'a' * 40}.{'b' * 64}/x", "http://./x", "http://1.2.3.999/x", "http://a b/x"),
        *("http://127.0.0.1:999999/x", "http://127.0.0.1:0/x", f"http://h:1{'9' * 5000}/x", "//:99999/x"),
        *("http://[/x", "http://[::1/x", "::", "mailto:x"),
    ],
    ids=lambda address: address[:30],
)
def test_a_way_to_an_address_that_cannot_be_one_is_a_failure_of_that_answer(stub: Stub, hub: Hub, address: str) -> None:
    stub.instead("/api/models/acme/away", hub_stub.leads_to(address))
    stub.instead(f"/{ID}/resolve/", hub_stub.leads_to(address))
    said = f"cannot be resolved: the endpoint leads to `{shown(address)}`, which is no address"
    error = failure(hub, "acme/away")
    assert (error.failure, error.sentence) == (Failure.MISREAD, f"acme/away {said}")
    assert error.remedy == "check HF_ENDPOINT and the proxies on the way"
    with pytest.raises(HubError) as caught:
        hub.file(ID, "main", "config.json", 1000)
    assert caught.value.sentence == f"config.json of {ID} {said}"
    assert hub.record(ID, None)["id"] == ID, "the endpoint itself answers"
