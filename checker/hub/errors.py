"""What can go wrong between us and the Hub, each with a sentence and a remedy of its own."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Why a model could not be resolved."""

    GATED = "gated"
    MISSING = "missing"
    """Gone, never there, or private: the Hub does not tell these apart to who may not see it."""
    BAD_REVISION = "bad-revision"
    DISABLED = "disabled"
    BAD_TOKEN = "bad-token"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate-limited"
    SERVER = "server-error"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    DNS = "dns"
    TLS = "tls"
    UNREACHABLE = "unreachable"
    TRUNCATED = "truncated"
    TOO_LARGE = "too-large"
    """An answer that does not end, or is larger than anything that we ask for."""
    NOT_JSON = "not-json"
    """A page of a proxy or a login portal in place of an answer."""
    MISREAD = "misread"
    """JSON, and not of the shape that the Hub documents."""
    OFFLINE = "offline"
    BAD_ID = "bad-id"
    NOT_THERE = "not-there"
    """A folder or a cache entry on this machine does not hold what was asked for."""


ENDPOINT_IS_DOWN = frozenset((Failure.REFUSED, Failure.DNS, Failure.TLS, Failure.OFFLINE, Failure.UNREACHABLE))
"""Failures of the way to the endpoint: the next model would meet the same one."""
PASSING = frozenset((Failure.RATE_LIMITED, Failure.SERVER, Failure.TIMEOUT, Failure.TRUNCATED))
"""Failures that may be gone a moment later, so that one more attempt is made."""


class HubError(Exception):
    """One model, or one file of it, could not be had; `sentence` says what happened, `remedy` what to do."""

    def __init__(self, failure: Failure, sentence: str, remedy: str, *, wait_seconds: float | None = None) -> None:
        super().__init__(f"{sentence}; {remedy}")
        self.failure = failure
        self.sentence = sentence
        self.remedy = remedy
        self.wait_seconds = wait_seconds
        """How long the server asks to wait; None where it names no time."""

    def said_of(self, what: str, instead_of: str = "") -> HubError:
        """The same failure of that model or file; `instead_of` is what the sentence begins with so far."""
        if what in self.sentence:
            return self
        named = bool(instead_of) and self.sentence.startswith(instead_of)
        rest = self.sentence.removeprefix(instead_of) if named else f" cannot be resolved: {self.sentence}"
        return HubError(self.failure, f"{what}{rest}", self.remedy, wait_seconds=self.wait_seconds)
