"""An executor over other machines: the workers of a Dask scheduler, all of which hold this very Weighbridge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checker import __version__
from checker.document.address import names_a_host
from checker.document.errors import InputError
from checker.document.extra import missing
from checker.document.nearest import did_you_mean
from checker.value import NamedTuple
from checker.workers import Workers

CONNECT_SECONDS = 5
"""How long a connection may take to be made, and its other side to say that it is a scheduler."""
_RECONNECT_SECONDS = 30
"""How long a scheduler that was there may be away."""
RETRIES = 3
"""How often a unit is begun anew after its worker died; units only read, so that doing one twice changes nothing."""
_SCHEMES = ("tcp", "tls")


class Cluster(NamedTuple):
    """Where a scheduler listens, and what proves both sides to each other."""

    address: str
    """`tcp://host:port` or `tls://host:port`."""
    ca: Path | None = None
    """The certificates that the other side must be signed by, PEM."""
    certificate: Path | None = None
    key: Path | None = None


@contextmanager
def on_cluster(cluster: Cluster) -> Iterator[Workers]:
    """The workers of a cluster, until the block ends; they go on living after it.

    Raises:
        InputError: the extra is missing, the address or the certificates cannot be used, nobody answers, there is no
            worker, or one has another version of Weighbridge.
    """
    _refuse_unusable(cluster)
    try:
        from distributed import Client
        from distributed.security import Security

        from checker.cluster_quiet import Quiet
    except ImportError as error:
        raise missing(
            "work on a cluster needs", "cluster", file="--cluster", beside=", here and on each worker"
        ) from error
    security = Security()
    if cluster.address.startswith("tls:"):
        security = Security(
            tls_ca_file=str(cluster.ca),
            tls_client_cert=str(cluster.certificate),
            tls_client_key=str(cluster.key),
            require_encryption=True,
        )
    try:
        _greet(cluster.address, security)
        client = Client(cluster.address, security=security, timeout=_RECONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # what something else answers may be read as anything: a MemoryError, of a web server
        why = f"no scheduler answers at {cluster.address}{_reason(error)}"
        expected = "the address that `dask scheduler` prints, open to this machine"
        raise InputError.one(why, expected=expected, file="--cluster") from error
    try:
        threads = client.nthreads()
        _refuse_others(client.run(_version), cluster)
        client.register_plugin(Quiet())
        yield Workers(client.get_executor(pure=False, retries=RETRIES), sum(threads.values()))
    finally:
        client.close()


def _greet(address: str, security: Any) -> None:
    """Make sure that a scheduler is there: the library's client waits for one that says nothing without end.

    Raises:
        OSError: nobody answers in time (`TimeoutError`: somebody does, and says nothing), or TLS refuses it.
        Exception: whatever the library makes of what something else answers.
    """
    import asyncio

    from distributed.comm import connect

    async def greeted() -> None:
        connection = await connect(address, timeout=CONNECT_SECONDS, **security.get_connection_args("client"))
        await connection.close()

    asyncio.run(asyncio.wait_for(greeted(), 2 * CONNECT_SECONDS))


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, TimeoutError):
        return f": what takes the connection there says nothing in {2 * CONNECT_SECONDS} s"
    if said.startswith("Timed out"):  # the library's words, with the address once more
        return f" in {CONNECT_SECONDS} s"
    return f": {said}" if isinstance(error, OSError) and said else f": something else does ({type(error).__name__})"


def _version() -> str:
    """What a worker answers with."""
    return __version__


def _refuse_unusable(cluster: Cluster) -> None:
    scheme, found, rest = cluster.address.partition("://")
    if scheme not in _SCHEMES or not _is_host_and_port(cluster.address, rest):
        hint = did_you_mean(scheme, _SCHEMES) if found and scheme not in _SCHEMES else ""
        expected = "tcp://host:port, or tls://host:port, with a port from 1 to 65535"
        raise InputError.one(
            f"`{cluster.address}` is no scheduler's address", expected=expected, hint=hint, file="--cluster"
        )
    files = {"--cluster-ca": cluster.ca, "--cluster-cert": cluster.certificate, "--cluster-key": cluster.key}
    if scheme == "tls":
        lacking = [option for option, path in files.items() if path is None]
        if lacking:
            raise InputError.one(
                f"tls needs {', '.join(lacking)}", expected="the three PEM files beside it", file="--cluster"
            )
    elif any(path is not None for path in files.values()):
        given = ", ".join(option for option, path in files.items() if path is not None)
        raise InputError.one(f"{given} beside a plain connection", expected="a tls:// address", file="--cluster")
    for option, path in files.items():
        if path is not None and not path.is_file():
            raise InputError.one(
                f"{option}: there is no file {path.as_posix()}", expected="a PEM file", file="--cluster"
            )


def _is_host_and_port(address: str, rest: str) -> bool:
    """Whether a connection could be tried: the library would try for a long time where none could."""
    if not names_a_host(address):
        return False
    parts = urlsplit(address)
    return parts.port is not None and parts.netloc == rest and parts.username is None


def _refuse_others(versions: dict[str, str], cluster: Cluster) -> None:
    """Results of another version are no results of this one."""
    if not versions:
        raise InputError.one(
            f"the scheduler at {cluster.address} has no workers", expected="`dask worker` beside it", file="--cluster"
        )
    others = sorted({version for version in versions.values() if version != __version__})
    if others:
        raise InputError.one(
            f"workers run Weighbridge {', '.join(others)}", expected=f"{__version__} on each", file="--cluster"
        )
