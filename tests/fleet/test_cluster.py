"""A real scheduler with real workers, on this machine's loopback: the same bytes as without them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checker import cluster
from checker.cluster import Cluster, on_cluster
from checker.document.errors import InputError
from checker.fleet import run as running_audits
from checker.workers import ordered
from tests.fleet.conftest import PASSES, STOPPED

_DASK = Path(sys.executable).with_name("dask.exe" if os.name == "nt" else "dask")
_ADDRESS = re.compile(rb"Scheduler at:\s+(\S+)")


class Running:
    """A scheduler and its workers."""

    def __init__(self, folder: Path, *tls: str) -> None:
        self._folder = folder
        self._tls = tls
        self._started: list[subprocess.Popen[bytes]] = []
        scheme = ("--protocol", "tls") if tls else ()
        self._start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0", *scheme)
        self.address = self._wait_for("scheduler", _ADDRESS)
        for number in (1, 2):
            self._start(
                f"worker{number}", "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny"
            )
        for number in (1, 2):
            self._wait_for(f"worker{number}", re.compile(rb"Registered to:\s+(\S+)"))

    def _start(self, name: str, kind: str, *arguments: str) -> None:
        # Written by the process itself: a pipe that nobody reads would fill up and hold it.
        with open(self._folder / f"{name}.log", "wb") as log:
            command = [str(_DASK), kind, "--no-dashboard", *arguments, *self._tls]
            environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "DASK_TEMPORARY_DIRECTORY": str(self._folder)}
            self._started.append(subprocess.Popen(command, stdout=log, stderr=log, env=environment))

    def _wait_for(self, name: str, pattern: re.Pattern[bytes]) -> str:
        for _ in range(600):
            found = pattern.search((self._folder / f"{name}.log").read_bytes())
            if found:
                return found[1].decode()
            time.sleep(0.05)
        raise AssertionError((self._folder / f"{name}.log").read_text())

    def kill_a_worker(self) -> None:
        """End the last worker as if its machine had gone."""
        self._started[-1].send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)

    def stop(self) -> None:
        """End everything that was started."""
        for process in reversed(self._started):
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(folder: Path, *tls: str) -> Iterator[Running]:
    made = None
    try:
        made = Running(folder, *tls)
        yield made
    finally:
        if made is not None:
            made.stop()


def test_a_cluster_that_loses_a_worker_comes_to_the_same_bytes(fleet, inside, tmp_path, monkeypatch):
    for number in range(160):
        fleet.add(f"p{number:02}", model__yaml=STOPPED if number % 3 else PASSES)
    here = inside("audit", "src", "--output", "json", "--jobs", "1")
    with running(tmp_path) as made:
        whole = inside("audit", "src", "--output", "json", "--cluster", made.address)
        with on_cluster(Cluster(made.address)) as workers:
            assert workers.executor.submit(watched).result() == []
        monkeypatch.setattr(running_audits, "ordered", losing(made))
        lamed = inside("audit", "src", "--output", "json", "--cluster", made.address)
    assert whole == here
    assert lamed == here


def test_policies_are_tried_and_tables_judged_to_the_same_bytes(fleet, inside, tmp_path):
    for number in range(130):
        fleet.add(f"p{number:03}", model__yaml=STOPPED if number % 3 else PASSES)
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text("policy: a\nversion: 1\nrules:\n  revision-pinned: advisory\n")
    new.write_text("policy: a\nversion: 2\nrules:\n  revision-pinned: soft-mandatory\n")
    rows = "".join(f"a/m{number},{'mit' if number % 2 else 'other'}\n" for number in range(21_000))
    (tmp_path / "t.csv").write_text(f"id,license\n{rows}")
    tried = ("policy", "impact", "--from", "old.yaml", "--to", "new.yaml", "src", "--output", "json")
    table = ("select", "--objective", "chat", "--models", "t.csv", "--map", "id=model", "--verdicts", "v.csv")
    audited = ("audit", "src", "--policy", "new.yaml", "--output", "json")
    with running(tmp_path) as made:
        theirs = ("--cluster", made.address)
        assert inside(*tried, *theirs) == inside(*tried, "--jobs", "1")
        assert inside(*table, "--jobs", "1").code != 2
        here = (tmp_path / "v.csv").read_bytes()
        (tmp_path / "v.csv").unlink()
        inside(*table, *theirs)
        assert (tmp_path / "v.csv").read_bytes() == here
        # The workers live on: what they know of a policy is not what it says now.
        assert inside(*audited, *theirs).code == 1
        new.write_text(old.read_text())
        assert inside(*audited, *theirs) == inside(*audited)
        assert inside(*audited, *theirs).code == 0


def watched() -> list[str]:
    """The callbacks of a worker's profiler that are running."""
    from distributed import get_worker

    callbacks = get_worker().periodic_callbacks
    return [name for name in ("profile", "profile-cycle") if name in callbacks and callbacks[name].is_running()]


def losing(made: Running):
    """`ordered`, but for a worker that is killed as soon as the first result is there and others are being made."""

    def with_a_loss(*arguments):
        for number, result in enumerate(ordered(*arguments)):
            if number == 0:
                made.kill_a_worker()
            yield result

    return with_a_loss


def test_a_connection_by_tls_proves_both_sides(fleet, inside, tmp_path):
    fleet.add("a", model__yaml=STOPPED)
    ca, cert, key = certificates(tmp_path)
    with running(tmp_path, "--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key) as made:
        ours = ("--cluster-ca", ca, "--cluster-cert", cert, "--cluster-key", key)
        run = inside("audit", "src", "--output", "json", "--cluster", made.address, *ours)
        assert run == inside("audit", "src", "--output", "json")
        other = tmp_path / "other"
        other.mkdir()
        strange = certificates(other)
        theirs = ("--cluster-ca", ca, "--cluster-cert", strange[1], "--cluster-key", strange[2])
        monkey = inside("audit", "src", "--cluster", made.address, *theirs)
    assert monkey.code == 2
    assert "no scheduler answers" in monkey.err


def certificates(folder: Path) -> tuple[str, str, str]:
    """A certificate of 127.0.0.1 that signs itself, valid for a day, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    written = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(written)
    return str(folder / "cert.pem"), str(folder / "cert.pem"), str(folder / "key.pem")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("127.0.0.1:8786", "is no scheduler's address"),
        ("tpc://127.0.0.1:8786", "did you mean `tcp`"),
        ("tcp://", "is no scheduler's address"),
        ("tcp://127.0.0.1", "is no scheduler's address"),
        ("tcp://127.0.0.1:0", "is no scheduler's address"),
        ("tcp://127.0.0.1:99999", "is no scheduler's address"),
        ("tcp://a..b:8786", "is no scheduler's address"),
        ("tcp://me@127.0.0.1:8786", "is no scheduler's address"),
        ("tcp://127.0.0.1:8786/", "is no scheduler's address"),
        ("tcp://[::1:8786", "is no scheduler's address"),
        ("tls://127.0.0.1:99999", "is no scheduler's address"),
        ("tls://127.0.0.1:8786", "tls needs --cluster-ca, --cluster-cert, --cluster-key"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_is_expected(address, said):
    with pytest.raises(InputError) as caught, on_cluster(Cluster(address)):
        pass
    problem = caught.value.problems[0]
    assert said in f"{problem.sentence} {problem.hint}"


@pytest.mark.parametrize("address", ["tcp://scheduler.example:65535", "tcp://[::1]:8786", "tcp://dask-scheduler:1"])
def test_an_address_that_may_be_a_scheduler_s_is_tried(address):
    cluster._refuse_unusable(Cluster(address))


def answering(connection):
    connection.recv(1)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    connection.close()


def keeping(connection):
    """Nothing is said, and nothing closed."""
    held.append(connection)


held: list[socket.socket] = []


@contextlib.contextmanager
def listening(how) -> Iterator[str]:
    """The address of something on loopback that is no scheduler; with None nobody takes what comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with contextlib.suppress(OSError):  # the test is over
                while True:
                    how(server.accept()[0])

        if how is not None:
            threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (answering, ": something else does (MemoryError)"),
        (keeping, ": what takes the connection there says nothing in 2 s"),
        (None, ": what takes the connection there says nothing in 2 s"),
    ],
)
def test_what_answers_and_is_no_scheduler_is_not_waited_for(inside, project, monkeypatch, how, why):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    project({"a/model.yaml": PASSES})
    with listening(how) as address:
        run = inside("audit", ".", "--cluster", address)
    expected = "expected the address that `dask scheduler` prints, open to this machine"
    assert (run.code, run.err) == (2, f"--cluster: error: no scheduler answers at {address}{why}: {expected}\n")


def test_nobody_at_the_address_is_an_error_that_says_how_long_it_took(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with (
        pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1 in 1 s"),
        on_cluster(Cluster("tcp://127.0.0.1:1")),
    ):
        pass


@pytest.mark.parametrize(
    ("versions", "said"), [({}, "has no workers"), ({"tcp://a": "0.0.1"}, "workers run Weighbridge 0.0.1")]
)
def test_workers_of_another_version_and_none_at_all_are_refused(versions, said):
    with pytest.raises(InputError, match=said):
        cluster._refuse_others(versions, Cluster("tcp://a:1"))


def test_the_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match="needs the extra `cluster`"), on_cluster(Cluster("tcp://127.0.0.1:1")):
        pass
