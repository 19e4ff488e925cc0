"""The options by which every command that judges many says who does the work."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from checker import gate
from checker.commands._values import as_path, jobs
from checker.document.errors import InputError

if TYPE_CHECKING:
    from checker.workers import Workers


def configure(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("who does the work")
    group.add_argument("--jobs", type=jobs, metavar="N", help="processes on this machine; default: one a core")
    group.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler: tcp://host:port or tls://host:port")
    group.add_argument("--cluster-ca", type=as_path, metavar="FILE", help="the certificates that sign it (tls)")
    group.add_argument("--cluster-cert", type=as_path, metavar="FILE", help="our certificate (tls)")
    group.add_argument("--cluster-key", type=as_path, metavar="FILE", help="its key (tls)")


def new_run() -> str:
    """What tells this run from every other, for workers that outlive it."""
    from secrets import token_hex

    return token_hex(16)


@contextmanager
def opened(args: Namespace, units: int) -> Iterator[Workers]:
    """Who does the work: the cluster where one is named, else processes, else this one where there is little.

    Args:
        args: the options.
        units: into how many parts the work falls; more processes are not started.

    Raises:
        InputError: the cluster cannot be used.
    """
    from checker.workers import Workers, local

    tls = (args.cluster_ca, args.cluster_cert, args.cluster_key)
    if args.cluster is not None:
        if args.jobs is not None:
            raise InputError.one("--jobs beside --cluster", expected="one of them", file="--cluster")
        from checker.cluster import Cluster, on_cluster

        with on_cluster(Cluster(args.cluster, *tls)) as workers:
            yield workers
        return
    if any(tls):
        raise InputError.one(
            "certificates of a cluster without one", expected="`--cluster` beside them", file="--cluster"
        )
    count = max(1, min(args.jobs or gate.jobs_of_this_machine(), units))
    with local(count) as executor:
        yield Workers(executor, count)
