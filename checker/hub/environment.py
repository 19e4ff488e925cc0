"""Refuses variables that the Hub's library and its HTTP layer would stumble over, before they read them by themselves.

Both read the environment while they are imported and while they connect, and raise whatever the reading raises: of that
nobody learns which variable is meant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.document.address import names_a_host
from checker.document.errors import InputError, Problem
from checker.document.read import MAX_BYTES, read_bytes
from checker.hub.progress import bars

MAX_CERTIFICATE_BYTES = 64 << 20
"""Of a file of certificates; those of operating systems have a quarter of a megabyte."""
_WHOLE_NUMBERS = ("HF_HUB_ETAG_TIMEOUT", "HF_HUB_DOWNLOAD_TIMEOUT")
"""Read by `huggingface_hub.constants`; neither has a say here, where `--timeout` counts."""
_ORIGIN = "HF_HUB_USER_AGENT_ORIGIN"
"""Becomes a part of a header of each request."""
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_SOCKS = ("socks5", "socks5h")


def refuse_unreadable(environ: Mapping[str, str]) -> None:
    """Refuse what ends the import of the Hub's library, whatever it is imported for.

    Raises:
        InputError: one or more variables are set to something else than it takes them for; each is named.
    """
    _refuse((*_no_whole_numbers(environ), *_no_progress_bar(environ)))


def refuse_unusable(environ: Mapping[str, str]) -> None:
    """Refuse all variables with which the Hub's library could ask nobody.

    Raises:
        InputError: one or more are set to something else than it takes them for; each is named.
    """
    asking = (*_no_header(environ), *_no_proxies(environ), *_no_certificates(environ))
    _refuse((*_no_whole_numbers(environ), *_no_progress_bar(environ), *asking))


def _refuse(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise InputError(problems)


def of_environment(sentence: str, expected: str) -> Problem:
    """What is wrong with a variable; the sentence begins with its name."""
    return Problem(sentence, expected=expected, file="environment")


def read_named(name: str, path: Path, expected: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of the regular file that a variable leads to.

    Raises:
        InputError: there is none, it cannot be read, or it has more than `most` bytes.
    """
    try:
        return read_bytes(path, "it", most)
    except InputError as error:
        sentence = f"{name} leads to {path.as_posix()}: {error.problems[0].sentence}"
        raise InputError((of_environment(sentence, expected),)) from error.__cause__


def _no_whole_numbers(environ: Mapping[str, str]) -> Iterator[Problem]:
    for name in _WHOLE_NUMBERS:
        try:
            int(environ.get(name, "0"))  # as the library does it
        except ValueError:
            yield of_environment(f"{name} is no whole number: `{environ[name][:100]}`", "seconds, or no such variable")


def _no_header(environ: Mapping[str, str]) -> Iterator[Problem]:
    stated = environ.get(_ORIGIN, "")
    if not (stated.isascii() and stated.isprintable()):
        yield of_environment(f"{_ORIGIN} cannot stand in a header: `{stated[:100]}`", "ASCII on one line")


def _no_proxies(environ: Mapping[str, str]) -> Iterator[Problem]:
    """As `urllib.request.getproxies_environment`, which the HTTP layer asks: names in small letters count first."""
    stated = {name.lower(): name for name in sorted(environ)}  # small letters sort behind capitals
    exempt = stated.get("no_proxy", "")
    without = [host.strip() for host in environ.get(exempt, "").split(",")]
    if "*" in without:
        return
    if not all(map(_is_utf8, without)):
        yield of_environment(f"{exempt} holds bytes that are not UTF-8", "names of hosts, with commas between them")
    for name in (stated[kind] for kind in _PROXIES if kind in stated):
        value = environ[name]
        if value and not _is_proxy(value if "://" in value else f"http://{value}"):
            yield of_environment(f"{name} is no address of a proxy that can be used here", "http://host:port")


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _is_proxy(address: str) -> bool:
    """Whether the HTTP layer would take it, and it could be connected to; it may hold a password, so none is quoted."""
    import httpx2

    if not names_a_host(address):
        return False
    try:
        scheme = httpx2.Proxy(address).url.scheme
    except (ValueError, httpx2.InvalidURL):
        return False
    return scheme not in _SOCKS or _has_socks()


def _has_socks() -> bool:
    from importlib.util import find_spec

    return find_spec("socksio") is not None


def _no_certificates(environ: Mapping[str, str]) -> Iterator[Problem]:
    """`SSL_CERT_FILE` counts first; where neither is set the machine's own certificates are used."""
    if file := environ.get("SSL_CERT_FILE"):
        yield from _no_certificate_file(Path(file))
    elif folders := environ.get("SSL_CERT_DIR"):
        if not any(map(os.path.isdir, folders.split(os.pathsep))):
            yield of_environment(f"SSL_CERT_DIR names no folder: `{folders[:100]}`", "a folder of certificates, PEM")
    else:
        return
    if keys := environ.get("SSLKEYLOGFILE"):
        yield from _no_key_log(keys)


def _no_certificate_file(path: Path) -> Iterator[Problem]:
    import ssl

    expected = "a file of certificates, PEM"
    try:
        read_named("SSL_CERT_FILE", path, expected, MAX_CERTIFICATE_BYTES)
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except InputError as error:
        yield from error.problems
    except OSError:  # what TLS refuses is one as well
        yield of_environment(f"SSL_CERT_FILE leads to {path.as_posix()}: it holds no certificate", expected)


def _no_key_log(path: str) -> Iterator[Problem]:
    if not _takes_keys(path):
        yield of_environment(f"SSLKEYLOGFILE cannot be written: {path[:100]}", "a file, or no such variable")


def _takes_keys(path: str) -> bool:
    """Whether the TLS layer can open the file that is to hold the keys of connections, as it does beside `cafile`."""
    import ssl

    try:
        if Path(path).is_fifo():  # without a reader it would be waited for
            return False
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).keylog_filename = path
    except OSError:
        return False
    return True


def _no_progress_bar(environ: Mapping[str, str]) -> Iterator[Problem]:
    """The Hub's library imports that of progress bars."""
    try:
        bars()
    except InputError as error:
        stated = ", ".join(sorted(name for name in environ if name.startswith("TQDM_")))
        yield error.problems[0]._replace(sentence=f"{stated}: {error.__cause__}")
