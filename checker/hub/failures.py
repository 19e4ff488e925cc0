"""Turns what the Hub's library and its HTTP layer raise into our failures, each with its sentence and its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from checker.document.digits import whole
from checker.document.errors import shown
from checker.hub.endpoint import Endpoint
from checker.hub.errors import Failure, HubError
from checker.hub.exchange import Exchange
from checker.value import NamedTuple

if TYPE_CHECKING:
    import httpx2


class Asked(NamedTuple):
    """What was asked for, so that a message can say it."""

    model: str
    revision: str | None
    endpoint: Endpoint
    with_token: bool
    file: str = ""
    """The file of the model's repository; empty for its record."""

    @property
    def what(self) -> str:
        """The model, or the file of it, in words."""
        return f"{self.file} of {self.model}" if self.file else self.model


_ACCEPT = "accept its terms at {url}/{model} and set HF_TOKEN to a token of that account"


def failure_of(error: Exception, asked: Asked, exchange: Exchange) -> HubError:
    """The failure behind an exception.

    Raises:
        Exception: the same again, where it is none of the network or of the server: that is a bug of ours.
    """
    import httpx2
    from huggingface_hub.errors import (
        DisabledRepoError,
        GatedRepoError,
        HfHubHTTPError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    match error:
        case GatedRepoError():  # a kind of RepositoryNotFoundError, so it comes first
            return _gated(asked)
        case DisabledRepoError():
            return _one(asked, Failure.DISABLED, "is disabled on the Hub", "choose another model, or ask its publisher")
        case RevisionNotFoundError():
            remedy = f"pick one of {asked.endpoint.shown}/{asked.model}/commits/main"
            return _one(asked, Failure.BAD_REVISION, f"has no revision `{shown(asked.revision or '')}`", remedy)
        case RepositoryNotFoundError() if not _names_the_token(error.response.status_code, error.response.headers):
            return _missing(asked)
        case HfHubHTTPError():
            return _by_status(asked, error.response.status_code, error.response.headers)
        case httpx2.TimeoutException():
            return _timeout(asked)
        case httpx2.TooManyRedirects() | httpx2.UnsupportedProtocol() | httpx2.InvalidURL():
            return _elsewhere(asked)
        case httpx2.TransportError():
            return _transport(asked, error, exchange)
        case Exception() if exchange.status not in (0, 200):  # the library could not read what is no record
            return _by_status(asked, exchange.status, exchange.headers)
    raise error


def offline(asked: Asked) -> HubError:
    """The environment forbids every request."""
    return _one(
        asked,
        Failure.OFFLINE,
        "was not asked for: HF_HUB_OFFLINE is set",
        "unset it, or use `lock --offline`, --from-cache or --from-dir",
    )


def bad_id(model: str) -> HubError:
    """A name that no model on the Hub can have; nothing was sent."""
    return HubError(
        Failure.BAD_ID,
        f"`{shown(model)}` is no id that a model on the Hub can have",
        "write it as publisher/name, with letters, digits, `-`, `_` and `.`, and neither `--` nor `..` in it",
    )


def not_json(asked: Asked, body: bytes, content_type: str) -> HubError:
    """Something else came in place of JSON: a page, or the beginning of an answer."""
    beginning = body[:500].lstrip().lower()
    if "html" in content_type.casefold() or beginning.startswith((b"<!doctype", b"<html")):
        return HubError(
            Failure.NOT_JSON,
            f"{asked.endpoint.shown} answers with a web page where data of {asked.what} was asked for",
            "log in to the network (a portal may stand before it), or set HTTPS_PROXY or HF_ENDPOINT",
        )
    return HubError(
        Failure.TRUNCATED,
        f"the answer about {asked.what} is no whole JSON document ({len(body)} bytes)",
        "try again; if it stays, a proxy on the way cuts or changes answers",
    )


def _one(asked: Asked, failure: Failure, sentence: str, remedy: str, wait: float | None = None) -> HubError:
    return HubError(failure, f"{asked.what} {sentence}", remedy, wait_seconds=wait)


def _gated(asked: Asked) -> HubError:
    accept = _ACCEPT.format(url=asked.endpoint.shown, model=asked.model)
    if asked.endpoint.anonymous:
        return _one(asked, Failure.GATED, f"is gated, and no token is sent ({asked.endpoint.anonymous})", accept)
    why = "and the token's account has no access" if asked.with_token else "and no token is set"
    return _one(asked, Failure.GATED, f"is gated, {why}", accept)


def _missing(asked: Asked) -> HubError:
    why = "to this token" if asked.with_token else "without a token"
    return _one(
        asked,
        Failure.MISSING,
        f"is not on {asked.endpoint.shown}, or is private and not shown {why}",
        "check the spelling; for a private model set HF_TOKEN to a token that may read it",
    )


def _timeout(asked: Asked) -> HubError:
    seconds = asked.endpoint.timeout_seconds
    return _one(
        asked,
        Failure.TIMEOUT,
        f"cannot be resolved: no answer from {asked.endpoint.shown} in {seconds:g} s",
        "try again later, or give it more time with --timeout",
    )


def _elsewhere(asked: Asked) -> HubError:
    return _one(
        asked,
        Failure.UNREACHABLE,
        f"cannot be resolved: {asked.endpoint.shown} leads from one address to the next, or to none",
        "check HF_ENDPOINT",
    )


def _by_status(asked: Asked, status: int, headers: Mapping[str, str]) -> HubError:
    if status == 401:
        return _bad_token(asked) if _names_the_token(status, headers) else _missing(asked)
    if status == 404:
        return _missing(asked)
    if status == 403:
        remedy = "use a token whose scope holds this model, or accept the model's terms"
        return _one(asked, Failure.FORBIDDEN, "is refused to this token" if asked.with_token else "is refused", remedy)
    if status == 429:
        wait = wait_seconds(headers)
        when = "later" if wait is None else f"in {wait:g} s"
        remedy = f"try again {when}, with fewer --jobs, or set HF_TOKEN: the Hub gives accounts a higher limit"
        return _one(asked, Failure.RATE_LIMITED, "was refused: too many requests (429)", remedy, wait)
    if status >= 500:
        sentence = f"cannot be resolved: {asked.endpoint.shown} answers {status}"
        return _one(asked, Failure.SERVER, sentence, "try again later", wait_seconds(headers))
    sentence = f"cannot be resolved: {asked.endpoint.shown} answers {status}"
    return _one(asked, Failure.MISREAD, sentence, "check HF_ENDPOINT: the address must speak the Hub's API")


def _names_the_token(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a 401 is about the token itself; the same code also hides what may not be seen."""
    said = f"{headers.get('X-Error-Message', '')} {headers.get('X-Error-Code', '')}".casefold()
    return status == 401 and ("invalid credentials" in said or "expired" in said)


def _bad_token(asked: Asked) -> HubError:
    return HubError(
        Failure.BAD_TOKEN,
        f"{asked.endpoint.shown} does not accept the token, so {asked.what} was not read",
        "set HF_TOKEN to a valid one, or leave it out with --anonymous",
    )


_RESET = re.compile(r"\"\w+\"\s*;\s*r\s*=\s*(\d+)\s*;\s*t\s*=\s*(\d{1,9})")


def wait_seconds(headers: Mapping[str, str]) -> float | None:
    """How long the server asks to wait; None where it names no time.

    Sources: `Retry-After` (RFC 9110, section 10.2.3) in seconds, and the Hub's `RateLimit: "api";r=0;t=55`
    (draft-ietf-httpapi-ratelimit-headers).
    """
    after = whole(headers.get("Retry-After", "").strip(), 9)
    if after is not None:
        return float(after)
    found = _RESET.search(headers.get("RateLimit", ""))
    return float(found.group(2)) + 1 if found and found.group(1) == "0" else None


_CAUSES = (
    ("gaierror", Failure.DNS, "the name of its host cannot be looked up", "check the network and HF_ENDPOINT"),
    (
        "SSLError",
        Failure.TLS,
        "its certificate is not trusted, or it speaks no TLS",
        "set SSL_CERT_FILE to the certificates of your organisation; never turn checking off",
    ),
    ("ConnectionRefusedError", Failure.REFUSED, "nothing answers at that address", "check HF_ENDPOINT and proxies"),
)
"""By the class that is the cause, or one of its bases."""


def _transport(asked: Asked, error: httpx2.TransportError, exchange: Exchange) -> HubError:
    import httpx2

    where = asked.endpoint.shown
    if exchange.redirects:
        where = f"{where}, which leads to {shown(exchange.host)}"
    bases = {base.__name__ for cause in _chain(error) for base in type(cause).__mro__}
    for name, failure, sentence, remedy in _CAUSES:
        if name in bases:
            return _one(asked, failure, f"cannot be resolved from {where}: {sentence}", remedy)
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
        sentence = f"cannot be resolved: {where} cannot be reached"
        return _one(asked, Failure.UNREACHABLE, sentence, "check the network, HTTPS_PROXY and HF_ENDPOINT")
    sentence = f"cannot be resolved: {where} ended the answer too early"
    return _one(asked, Failure.TRUNCATED, sentence, "try again; if it stays, look at proxies on the way")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(20):  # chains are short; one that were a circle would not end
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__
