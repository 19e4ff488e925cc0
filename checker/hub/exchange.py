"""Bounds every answer: how many bytes it may have, how long it may take, and who may see the token."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from checker.document.address import names_a_host
from checker.document.errors import shown
from checker.hub.errors import Failure, HubError

if TYPE_CHECKING:
    import httpx2

TOTAL_TIMEOUTS = 3
"""A whole answer may take as many times the timeout of its parts: one that drips is not waited for."""
_MAX_REDIRECTS = 5
"""Addresses that one answer may lead on to."""
_MAX_ERROR_BYTES = 1 << 16
"""Bytes of a refusal that may come, however few were asked for: its words say why."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Exchange:
    """One request and what came of it; the body is collected as it passes."""

    def __init__(self, max_bytes: int, deadline: float) -> None:
        self.max_bytes = max_bytes
        self.limit = max_bytes
        """What the answer in hand may have: one that says what went wrong needs room for that."""
        self.deadline = deadline
        self.body = bytearray()
        self.status = 0
        self.content_type = ""
        self.headers: Mapping[str, str] = {}
        self.redirects = 0
        """How often the server has led to another address."""
        self.host = ""
        """Whom the address in hand belongs to."""


class Traffic:
    """Counts of a run, and the exchange that each thread has in hand."""

    def __init__(self) -> None:
        self.requests = 0
        self.received_bytes = 0
        self._lock = threading.Lock()
        self._local = threading.local()

    def begin(self, max_bytes: int, timeout_seconds: float) -> Exchange:
        """The exchange that this thread's next request belongs to."""
        exchange = Exchange(max_bytes, time.monotonic() + TOTAL_TIMEOUTS * timeout_seconds)
        self._local.exchange = exchange
        return exchange

    @property
    def exchange(self) -> Exchange:
        """The exchange that this thread has begun."""
        exchange: Exchange = self._local.exchange
        return exchange

    def count_request(self) -> None:
        """One more request went out."""
        with self._lock:
            self.requests += 1

    def count_bytes(self, number: int) -> None:
        """So many more bytes of bodies came in."""
        with self._lock:
            self.received_bytes += number


def make_client(traffic: Traffic, endpoint: str, timeout_seconds: float) -> httpx2.Client:
    """The HTTP client that the Hub's library uses for us; proxies and certificates are those of the environment."""
    import httpx2

    def before(request: httpx2.Request) -> None:
        if origin(endpoint)[0] == "https" and request.url.scheme != "https":
            raise HubError(
                Failure.UNREACHABLE,
                f"the endpoint leads from https to {request.url.scheme}, where anybody on the way could answer",
                "check HF_ENDPOINT and the proxies on the way",
            )
        traffic.count_request()
        traffic.exchange.host = request.url.host
        # What a server compresses could be of any size when it is unpacked.
        request.headers["Accept-Encoding"] = "identity"
        if origin(str(request.url)) != origin(endpoint):
            request.headers.pop("Authorization", None)

    def after(response: httpx2.Response) -> None:
        exchange = traffic.exchange
        exchange.body.clear()
        exchange.status = response.status_code
        exchange.limit = exchange.max_bytes if response.is_success else max(exchange.max_bytes, _MAX_ERROR_BYTES)
        exchange.headers = response.headers
        if response.has_redirect_location:
            exchange.redirects += 1
            _refuse_no_address(str(response.request.url), response.headers["Location"])
        exchange.content_type = response.headers.get("Content-Type", "")
        _refuse_compressed(response.headers.get("Content-Encoding", "identity"))
        response.stream = _stream(response.stream, exchange, traffic.count_bytes)

    return httpx2.Client(
        event_hooks={"request": [before], "response": [after]},
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
        timeout=timeout_seconds,
    )


def make_token_client(timeout_seconds: float) -> httpx2.Client:
    """The HTTP client with which the Hub's library asks for a token: by itself it would wait without end."""
    import httpx2

    exchange = Exchange(_MAX_ERROR_BYTES, 0.0)

    def before(request: httpx2.Request) -> None:
        exchange.deadline = time.monotonic() + TOTAL_TIMEOUTS * timeout_seconds
        request.headers["Accept-Encoding"] = "identity"

    def after(response: httpx2.Response) -> None:
        exchange.body.clear()
        _refuse_compressed(response.headers.get("Content-Encoding", "identity"))
        response.stream = _stream(response.stream, exchange, lambda _: None)

    return httpx2.Client(
        event_hooks={"request": [before], "response": [after]},
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
        timeout=timeout_seconds,
    )


def _stream(inner: Any, exchange: Exchange, count: Callable[[int], None]) -> httpx2.SyncByteStream:
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        """The body of one answer, which ends with an error where it is too large or takes too long."""

        def __iter__(self) -> Iterator[bytes]:
            yield from bounded(inner, exchange, count)

        def close(self) -> None:
            inner.close()

    return Bounded()


def led_to(url: str, reference: str) -> str:
    """The address that a reference in an answer from `url` leads to; empty where nobody could be asked there."""
    import httpx2

    try:
        target = str(httpx2.URL(url).join(reference))
    except (httpx2.InvalidURL, ValueError):
        return ""
    return target if names_a_host(target) else ""


def _refuse_no_address(url: str, location: str) -> None:
    # The HTTP layer would take it apart itself, and some of what it cannot read it raises as a mistake of its caller's.
    if not led_to(url, location):
        raise HubError(
            Failure.MISREAD,
            f"the endpoint leads to `{shown(location)}`, which is no address",
            "check HF_ENDPOINT and the proxies on the way",
        )


def _refuse_compressed(encoding: str) -> None:
    if encoding != "identity":
        raise HubError(
            Failure.TOO_LARGE,
            f"the answer is compressed ({encoding[:20]}) though none was asked for, and may unpack to any size",
            "ask whoever runs the endpoint, or the proxy before it, to heed Accept-Encoding",
        )


def bounded(chunks: Any, exchange: Exchange, count: Callable[[int], None]) -> Iterator[bytes]:
    """The same chunks, collected in the exchange.

    Raises:
        HubError: there are more bytes than the exchange allows, or its deadline is over.
    """
    for chunk in chunks:
        count(len(chunk))
        exchange.body += chunk
        if len(exchange.body) > exchange.limit:
            raise HubError(
                Failure.TOO_LARGE,
                f"the answer does not end: more than {exchange.limit} bytes",
                "look at the address with a browser: something else answers there",
            )
        if time.monotonic() > exchange.deadline:
            raise HubError(
                Failure.TIMEOUT,
                "the answer came too slowly to wait for its end",
                "try again later, or give it more time with --timeout",
            )
        yield chunk


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address: what a token belongs to."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").casefold(), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
