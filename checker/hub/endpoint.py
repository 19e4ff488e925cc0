"""Which Hub is asked and whether a token goes with it, by the environment of the run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.document.address import names_a_host
from checker.document.errors import InputError
from checker.document.read import read_bytes
from checker.value import NamedTuple

DEFAULT = "https://huggingface.co"
TIMEOUT_SECONDS = 10.0
"""How long a connection, or the next bytes of an answer, may take."""
_YES = ("1", "on", "true", "yes")
_MAX_EVENT_BYTES = 25_000_000
"""GitHub's own limit for the payload of an event."""


class Endpoint(NamedTuple):
    """The Hub that a run asks, and how."""

    url: str = DEFAULT
    """Without a slash at its end."""
    offline: bool = False
    """Whether `HF_HUB_OFFLINE` forbids every request."""
    anonymous: str = ""
    """Why no token may be sent; empty where one may."""
    timeout_seconds: float = TIMEOUT_SECONDS

    @property
    def shown(self) -> str:
        """The address as it may be written down: without a name and a password, which mirrors may ask for."""
        scheme, separator, rest = self.url.partition("://")
        return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def endpoint(
    environ: Mapping[str, str], *, anonymous: bool = False, timeout_seconds: float = TIMEOUT_SECONDS
) -> Endpoint:
    """The endpoint by `HF_ENDPOINT`, `HF_HUB_OFFLINE` and the CI service that this runs in.

    The variables are those of the Hub's own client, read when this is called.

    Raises:
        InputError: `HF_ENDPOINT` is no address.
    """
    url = environ.get("HF_ENDPOINT", "").strip().rstrip("/") or DEFAULT
    if not _is_address(url):
        raise InputError.one(
            f"HF_ENDPOINT is no address: `{Endpoint(url).shown[:100]}`",
            expected="such as https://huggingface.co",
            file="environment",
        )
    offline = any(_is_true(environ.get(name)) for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"))
    reason = "--anonymous" if anonymous else fork_pull_request(environ)
    if not reason and _is_true(environ.get("HF_HUB_DISABLE_IMPLICIT_TOKEN")):
        reason = "HF_HUB_DISABLE_IMPLICIT_TOKEN"
    return Endpoint(url, offline, reason, timeout_seconds)


def _is_address(url: str) -> bool:
    import httpx2

    if not names_a_host(url):
        return False
    try:
        parts = httpx2.URL(url)
    except httpx2.InvalidURL:  # such as a number in the place of a name that is no IPv4 address
        return False
    return parts.scheme in ("http", "https") and not parts.query and not parts.fragment


def fork_pull_request(environ: Mapping[str, str]) -> str:
    """How it is seen that somebody outside wrote what is judged, so that no token may be sent; empty where it is not.

    Sources: the variables that the CI services document for pull requests.
    """
    event = environ.get("GITHUB_EVENT_NAME", "")
    if event.startswith("pull_request") or event in _MAY_FOLLOW:
        return _on_github(environ.get("GITHUB_EVENT_PATH", ""), event)
    for theirs, ours in _PAIRS:
        if environ.get(theirs) and environ[theirs] != environ.get(ours):
            return f"a pull request of a fork ({theirs})"
    for name in _FLAGS:
        if environ.get(name, "").casefold() not in ("", "false", "0"):
            return f"a pull request of a fork ({name})"
    return ""


_MAY_FOLLOW = ("issue_comment", "workflow_run")
"""Events of GitHub by which workflows look at what a pull request brings, with the secrets of the repository."""
_PAIRS = (
    ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "CI_MERGE_REQUEST_PROJECT_ID"),  # GitLab
    ("BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO"),
    ("TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG"),
    ("APPVEYOR_PULL_REQUEST_HEAD_REPO_NAME", "APPVEYOR_REPO_NAME"),
)
"""Two variables that differ where the pull request comes from another repository."""
_FLAGS = ("SYSTEM_PULLREQUEST_ISFORK", "CIRCLE_PR_REPONAME", "CHANGE_FORK")
"""Azure Pipelines, CircleCI and Jenkins: set, and not to false, on pull requests of forks alone."""


def _on_github(path: str, event: str) -> str:
    """The payload of the event names both repositories; one that cannot be read tells nothing, so nothing is sent."""
    try:
        payload = json.loads(read_bytes(Path(path), "GITHUB_EVENT_PATH", _MAX_EVENT_BYTES))
        if _within(payload, event):
            return ""
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return "a pull request whose origin cannot be told (GITHUB_EVENT_PATH)"
    return "a pull request of a fork (GITHUB_EVENT_PATH)"


def _within(payload: Any, event: str) -> bool:
    """Whether what is judged comes from the repository itself.

    Raises:
        KeyError: the payload does not tell, as where somebody comments on a pull request.
        TypeError: it has another form.
    """
    if event == "workflow_run":
        head, base = payload["workflow_run"]["head_repository"], payload["repository"]
    elif event == "issue_comment" and "pull_request" not in _object(payload["issue"]):
        return True
    else:
        request = payload["pull_request"]
        head, base = request["head"]["repo"], request["base"]["repo"]
    if not isinstance(base["full_name"], str):
        raise TypeError("the repository has no name, and nothing would be the same as nothing")
    return head is not None and bool(head["full_name"] == base["full_name"])


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("an object was expected, and of anything else no key can be missing")
    return value


def _is_true(value: str | None) -> bool:
    return (value or "").casefold() in _YES
