"""Finds the token that proves to the Hub who asks: of the environment, or the one that this machine has stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from checker.document.errors import InputError
from checker.hub.endpoint import TIMEOUT_SECONDS
from checker.hub.environment import of_environment, read_named
from checker.hub.errors import Failure, HubError
from checker.hub.exchange import make_token_client

_VARIABLES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
_OIDC = "HF_OIDC_RESOURCE"
"""Lets the library exchange an identity of the CI service for a token."""
_PLACES = ("HF_TOKEN_PATH", "HF_HOME", "XDG_CACHE_HOME", "HOME")
"""What decides where a token is stored; the first that is set counts."""
_EXPECTED = "letters, digits and `_` alone"


def stored_token(environ: Mapping[str, str], timeout_seconds: float = TIMEOUT_SECONDS) -> str | None:
    """The token of the environment, else the one that this machine has stored for the Hub; None where there is none.

    Args:
        environ: the environment of the run.
        timeout_seconds: for each part of an answer, where a server has to be asked for the token.

    Raises:
        InputError: it holds what no token does, so that it could not be sent, or cannot be read.
        HubError: the environment asks for a token of the Hub's, and the Hub does not answer, or not in time.
    """
    name = next((name for name in _VARIABLES if environ.get(name)), "")
    if token := environ.get(name, "").strip():
        return _usable(token, name)
    if environ.get(_OIDC):
        return _exchanged(timeout_seconds)
    from huggingface_hub import constants, get_token

    path = Path(constants.HF_TOKEN_PATH)
    place = next((name for name in _PLACES if name in environ), "the home folder")
    _refuse_no_token(path, place)
    with _in_time(timeout_seconds):  # a token of a browser's login may have to be renewed
        stored: str | None = get_token()
    return None if stored is None else _usable(stored, place)


def _usable(token: str, name: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise InputError((of_environment(f"{name} is no token", _EXPECTED),))
    return token


def _refuse_no_token(path: Path, place: str) -> None:
    """Refuse a file that holds something else; the library waits for a pipe and joins lines."""
    try:
        held = read_named(place, path, "a file with a token, or a folder without it").strip()
    except InputError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return
        raise
    if not held.isascii() or not held.decode("ascii").isprintable() or b" " in held:
        raise InputError((of_environment(f"{place} leads to {path.as_posix()}: it holds no token", _EXPECTED),))


@contextmanager
def _in_time(seconds: float) -> Iterator[None]:
    """Has the library ask within limits, of which it has none of its own."""
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils import _http

    set_client_factory(lambda: make_token_client(seconds))
    try:
        yield
    finally:
        set_client_factory(_http.default_client_factory)


def _exchanged(seconds: float) -> str | None:
    """What the library gets for an identity of the CI service.

    Whatever it stumbles over is told: it hands on values of the environment and of two servers unread.
    """
    import httpx2
    from huggingface_hub import get_token
    from huggingface_hub.errors import HfHubHTTPError

    try:
        with _in_time(seconds):
            token: str | None = get_token()
    except HubError as error:
        raise HubError(error.failure, f"no token for {_OIDC}: {error.sentence}", error.remedy) from error
    except httpx2.TimeoutException as error:
        why = f"no token for {_OIDC}: no answer from {error.request.url.host} in {seconds:g} s"
        raise HubError(Failure.TIMEOUT, why, "try again later, or give it more time with --timeout") from error
    except (httpx2.NetworkError, httpx2.ProxyError, httpx2.RemoteProtocolError) as error:
        raise HubError(Failure.UNREACHABLE, f"no token for {_OIDC}: {_said(error)}", "try again later") from error
    except Exception as error:
        if isinstance(error, HfHubHTTPError) and error.response.status_code >= 500:
            raise HubError(Failure.SERVER, f"no token for {_OIDC}: {_said(error)}", "try again later") from error
        expected = "what `Trusted Publishers` of the Hub documents, or no such variable"
        raise InputError((of_environment(f"{_OIDC} gives no token: {_said(error)}", expected),)) from error
    return token if token is None else _usable(token, _OIDC)


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
