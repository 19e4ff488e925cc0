"""Asks one Hub through the Hub's own library, within bounds of size and time, and with one more attempt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from checker import __version__
from checker.document.characters import from_json
from checker.document.errors import shown
from checker.hub.endpoint import TIMEOUT_SECONDS, Endpoint, endpoint
from checker.hub.environment import refuse_unusable
from checker.hub.errors import ENDPOINT_IS_DOWN, PASSING, Failure, HubError
from checker.hub.exchange import Traffic, led_to, make_client, origin
from checker.hub.failures import Asked, bad_id, failure_of, not_json, offline
from checker.hub.token import stored_token

MAX_RECORD_BYTES = 32 << 20
"""The largest records name tens of thousands of files at some 200 bytes each."""
MAX_WAIT_SECONDS = 60.0
"""The longest that we wait because a server asks for it; the Hub's own windows have five minutes."""
_PAUSE_SECONDS = 0.5
"""Before the second attempt, where the server names no time."""
_TIMEOUTS_UNTIL_DOWN = 3
"""As many models without any answer, and none with one, and the endpoint counts as down."""

T = TypeVar("T")


class Hub:
    """A connection to one endpoint, to be used as a context: it sets the client of the Hub's library and resets it."""

    def __init__(
        self,
        endpoint: Endpoint,
        token: str | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        max_wait_seconds: float = MAX_WAIT_SECONDS,
    ) -> None:
        self.endpoint = endpoint
        self.traffic = Traffic()
        self._token = None if endpoint.anonymous else token
        self._sleep = sleep
        self._max_wait = max_wait_seconds
        self._lock = threading.Lock()
        self._not_before = 0.0
        self._down: tuple[HubError, str] | None = None
        """The failure that every model would meet, and what it was met with."""
        self._timeouts: int | None = 0

    def __enter__(self) -> Self:
        from huggingface_hub import HfApi, constants, set_client_factory
        from huggingface_hub.utils import logging

        self._verbosity = logging.get_verbosity()
        logging.set_verbosity(logging.CRITICAL)  # it would print what a server sends onto the terminal
        # It would ask the endpoint for a list of tools to name in each request, and tell which libraries are installed.
        self._telemetry_off = constants.HF_HUB_DISABLE_TELEMETRY
        constants.HF_HUB_DISABLE_TELEMETRY = True
        endpoint = self.endpoint
        set_client_factory(lambda: make_client(self.traffic, endpoint.url, endpoint.timeout_seconds))
        self._api = HfApi(
            endpoint=endpoint.url,
            token=self._token or False,
            library_name="weighbridge",
            library_version=__version__,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from huggingface_hub import constants, set_client_factory
        from huggingface_hub.utils import _http, logging

        constants.HF_HUB_DISABLE_TELEMETRY = self._telemetry_off

        set_client_factory(_http.default_client_factory)
        logging.set_verbosity(self._verbosity)

    def record(self, model: str, revision: str | None) -> dict[str, Any]:
        """What the Hub says of a model at a revision, as it says it; one request.

        Raises:
            HubError: it says nothing, or what it says cannot be read.
        """
        asked = Asked(model, revision, self.endpoint, bool(self._token))
        self._refuse_bad_id(model)
        return self._twice(asked, lambda: self._record(asked))

    def file(self, model: str, commit: str, path: str, max_bytes: int) -> bytes | None:
        """The bytes of a small file at a commit; None where the repository has none of that name.

        Raises:
            HubError: it cannot be had, or has more bytes than `max_bytes`.
        """
        return self._fetch(model, commit, path, max_bytes, None)

    def part(self, model: str, commit: str, path: str, start: int, length: int) -> bytes:
        """`length` bytes of a file from `start` on, fewer where it ends before; never more is read.

        Raises:
            HubError: they cannot be had.
        """
        return self._fetch(model, commit, path, length, start) or b""

    def tags(self, model: str) -> frozenset[str]:
        """The names of a model's tags, for telling a tag from a branch; one request.

        Raises:
            HubError: they cannot be had.
        """
        asked = Asked(model, None, self.endpoint, bool(self._token))
        return self._twice(asked, lambda: self._tags(asked))

    def tree(self, model: str, commit: str) -> list[Any]:
        """The files of a model with sizes and digests, as the Hub lists them, for records that lack these.

        Raises:
            HubError: they cannot be had.
        """
        asked = Asked(model, commit, self.endpoint, bool(self._token), "the list of files")
        url = f"{self.endpoint.url}/api/models/{model}/tree/{commit}?recursive=true"
        listed: list[Any] = []
        for _ in range(_MOST_PAGES):
            body, following = self._twice(asked, partial(self._got, url, MAX_RECORD_BYTES))
            try:
                page = from_json(body)
            except (ValueError, RecursionError) as error:
                raise not_json(asked, body, self.traffic.exchange.content_type) from error
            listed += page if isinstance(page, list) else []
            if not following:
                break
            url = self._next_page(asked, url, following)
            if origin(url) != origin(self.endpoint.url):
                break
        return listed

    def _next_page(self, asked: Asked, url: str, named: str) -> str:
        following = led_to(url, named)
        if not following:
            raise HubError(
                Failure.MISREAD,
                f"{self.endpoint.shown} names `{shown(named)}` as the next page of {asked.what}, which is no address",
                "check HF_ENDPOINT: the address must speak the Hub's API",
            )
        return following

    def _fetch(self, model: str, commit: str, path: str, max_bytes: int, start: int | None) -> bytes | None:
        asked = Asked(model, commit, self.endpoint, bool(self._token), path)
        return self._twice(asked, lambda: self._read(asked, max_bytes, start))

    def _record(self, asked: Asked) -> dict[str, Any]:
        return self._answered(
            asked,
            lambda: self._api.model_info(
                asked.model,
                revision=asked.revision or _DEFAULT_BRANCH,
                files_metadata=True,
                securityStatus=True,
                timeout=self.endpoint.timeout_seconds,
            ),
        )

    def _tags(self, asked: Asked) -> frozenset[str]:
        listed = self._answered(asked, lambda: self._api.list_repo_refs(asked.model)).get("tags")
        named = (tag.get("name") for tag in listed if isinstance(tag, dict)) if isinstance(listed, list) else ()
        return frozenset(name for name in named if isinstance(name, str))

    def _answered(self, asked: Asked, ask: Callable[[], object]) -> dict[str, Any]:
        """The body of what the library asks for; its own reading of it is not needed, and expects more than comes."""
        import httpx2

        exchange = self.traffic.begin(MAX_RECORD_BYTES, self.endpoint.timeout_seconds)
        try:
            ask()
        except Exception as error:
            of_the_network = isinstance(error, HubError | httpx2.HTTPError | OSError)
            if of_the_network or exchange.status != 200:
                raise
        return _decoded(bytes(exchange.body), asked, exchange.content_type)

    def _read(self, asked: Asked, max_bytes: int, start: int | None) -> bytes | None:
        from huggingface_hub import hf_hub_url
        from huggingface_hub.errors import EntryNotFoundError

        url = hf_hub_url(asked.model, asked.file, revision=asked.revision, endpoint=self.endpoint.url)
        try:
            if start is None:
                return self._got(url, max_bytes)[0]
            return self._got_part(asked, url, max_bytes, start)
        except EntryNotFoundError:
            return None

    def _got(self, url: str, max_bytes: int) -> tuple[bytes, str]:
        """A whole body, and the address of the next page where the server names one."""
        self.traffic.begin(max_bytes, self.endpoint.timeout_seconds)
        with self._stream(url, {}) as response:
            self._raise_for_status(response)
            return bytes(response.read()), str(response.links.get("next", {}).get("url", ""))

    def _got_part(self, asked: Asked, url: str, length: int, start: int) -> bytes:
        # A server that knows no ranges sends all from the beginning: what comes before `start` is let pass.
        self.traffic.begin(start + length + _SLACK_BYTES, self.endpoint.timeout_seconds)
        with self._stream(url, {"Range": f"bytes={start}-{start + length - 1}"}) as response:
            if response.status_code == 416:  # the file ends before
                return b""
            self._raise_for_status(response)
            begins = 0 if response.status_code == 206 else start
            if begins > _MOST_SKIPPED_BYTES:
                raise HubError(
                    Failure.MISREAD,
                    f"the endpoint sends whole files where a part of {asked.file} is asked for",
                    "use an endpoint that serves ranges",
                )
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) >= begins + length:
                    break
            return bytes(body[begins : begins + length])

    def _stream(self, url: str, more: dict[str, str]) -> Any:
        from huggingface_hub.utils import build_hf_headers, get_session

        headers = build_hf_headers(token=self._token or False, library_name="weighbridge", library_version=__version__)
        return get_session().stream("GET", url, headers={**headers, **more}, timeout=self.endpoint.timeout_seconds)

    @staticmethod
    def _raise_for_status(response: Any) -> None:
        from huggingface_hub.utils import hf_raise_for_status

        hf_raise_for_status(response)

    def _twice(self, asked: Asked, ask: Callable[[], T]) -> T:
        """What `ask` gives, tried once more where the failure may pass; a server's wish to wait is heeded."""
        try:
            return self._once(asked, ask)
        except HubError as error:
            if error.failure not in PASSING or self._down is not None:
                raise
            wait = _PAUSE_SECONDS if error.wait_seconds is None else error.wait_seconds
            if wait > self._max_wait:
                raise
            self._hold(wait)
        return self._once(asked, ask)

    def _once(self, asked: Asked, ask: Callable[[], T]) -> T:
        if self.endpoint.offline:
            raise offline(asked)
        if self._down is not None:
            error, first = self._down
            raise error.said_of(asked.what, first)
        pause = self._not_before - time.monotonic()
        if pause > 0:
            self._sleep(pause)
        try:
            answer = ask()
        except HubError as error:
            raise self._noted(error.said_of(asked.what), asked) from error
        except Exception as error:
            raise self._noted(failure_of(error, asked, self.traffic.exchange), asked) from error
        self._timeouts = None  # it answers: whatever takes too long from here on is that one model's
        return answer

    def _noted(self, error: HubError, asked: Asked) -> HubError:
        """The same failure; one that the next model would meet too is kept, so that nobody waits for it again.

        Where the endpoint answered and led elsewhere, what happened there is that one model's.
        """
        if error.failure in ENDPOINT_IS_DOWN:
            if not self.traffic.exchange.redirects:
                self._down = error, asked.what
        elif error.failure is Failure.TIMEOUT and self._timeouts is not None:
            with self._lock:
                self._timeouts += 1
            if self._timeouts >= _TIMEOUTS_UNTIL_DOWN:
                self._down = error, asked.what
        return error

    def _hold(self, seconds: float) -> None:
        """Let every thread wait: the limit of a server counts for all of them."""
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def _refuse_bad_id(self, model: str) -> None:
        from huggingface_hub.errors import HFValidationError
        from huggingface_hub.utils import validate_repo_id

        try:
            validate_repo_id(model)
        except HFValidationError as error:
            raise bad_id(model) from error


_DEFAULT_BRANCH = "main"
"""Of every repository on the Hub; some mirrors know a model at a revision alone."""
_MOST_SKIPPED_BYTES = 1 << 20
"""Bytes before a part that are let pass where a server knows no ranges."""
_MOST_PAGES = 20
"""A page of the list holds 1,000 files."""
_SLACK_BYTES = 1 << 17
"""A part ends inside a chunk; the HTTP layer hands on 64 KiB at once."""


def _decoded(body: bytes, asked: Asked, content_type: str) -> dict[str, Any]:
    try:
        value = from_json(body)
    except (ValueError, RecursionError) as error:
        raise not_json(asked, body, content_type) from error
    if not isinstance(value, dict):
        raise HubError(
            Failure.MISREAD,
            f"{asked.endpoint.shown} answers with something else than a record of {asked.model}",
            "check HF_ENDPOINT: the address must speak the Hub's API",
        )
    return value


def connection(environ: Mapping[str, str], *, anonymous: bool, timeout_seconds: float | None) -> Hub:
    """A connection to the endpoint of the environment, with its token where one may be sent.

    Args:
        environ: the environment of the run.
        anonymous: whether no token may be sent, whatever the environment says.
        timeout_seconds: for each part of an answer; None for the usual time.

    Raises:
        InputError: a variable cannot be what it is read as.
        HubError: the environment asks for a token of the Hub's, and the Hub does not answer.
    """
    asked = endpoint(environ, anonymous=anonymous, timeout_seconds=timeout_seconds or TIMEOUT_SECONDS)
    refuse_unusable(environ)
    # Where none may be sent, none is looked for: that may itself open a connection.
    return Hub(asked, None if asked.anonymous or asked.offline else stored_token(environ, asked.timeout_seconds))
