"""Judges many projects by an executor, a batch at a time, and yields a record of each, in order."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from functools import cache, partial
from pathlib import Path

from checker import applying
from checker.document.errors import InputError
from checker.fleet.digest import digest
from checker.fleet.judge import judge_project
from checker.fleet.look import Look
from checker.fleet.record import ProjectRecord
from checker.fleet.store import Store
from checker.request import Request
from checker.value import NamedTuple
from checker.workers import ordered

BATCH = 16
"""Projects in a unit of work: sending one costs a millisecond or two, judging one some ten."""


class Wanted(NamedTuple):
    """What is asked of each project."""

    request: Request
    look: Look = Look()
    store: Path | None = None
    """The folder of earlier results; None for none."""
    run: str = ""
    """What tells this run from every other."""


class Done(NamedTuple):
    """One project, judged."""

    record: ProjectRecord
    was_kept: bool
    """Whether the record was there from an earlier run."""


def audit(projects: Sequence[Path], wanted: Wanted, executor: Executor, workers: int) -> Iterator[Done]:
    """A record of each project, in their order.

    Args:
        projects: their folders, as each worker finds them.
        wanted: what is asked of each.
        executor: who does the work.
        workers: how many work at once.
    """
    batches = (projects[first : first + BATCH] for first in range(0, len(projects), BATCH))
    for done in ordered(executor, partial(_judge_batch, wanted), batches, workers):
        yield from done


def _judge_batch(wanted: Wanted, folders: Sequence[Path]) -> tuple[Done, ...]:
    """The unit of work; it runs in a worker."""
    _look_for_garbage_less()
    applying.begin(wanted.run)
    store = Store(wanted.store) if wanted.store is not None else None
    return tuple(_judge(folder, wanted, store) for folder in folders)


@cache
def _look_for_garbage_less() -> None:
    """Once a process: what a project leaves behind forms few cycles, and looking for them took half of the time."""
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def _judge(folder: Path, wanted: Wanted, store: Store | None) -> Done:
    if store is None:
        return Done(judge_project(folder, wanted.request, wanted.look), False)
    key = _key(folder, wanted, store)
    kept = store.get(key) if key is not None else None
    if kept is not None:
        return Done(kept, True)
    record = judge_project(folder, wanted.request, wanted.look)
    # A project that changed while it was judged is kept under neither digest, and what git could not tell is asked
    # again: the objects that a clone lacks may come.
    is_whole = not (record.broken or record.untold) and all(one.file for one in record.history)
    if key is not None and is_whole and key == _key(folder, wanted, store):
        store.put(key, record)
    return Done(record, False)


def _key(folder: Path, wanted: Wanted, store: Store) -> str | None:
    """What the record depends on; None where that cannot be read, so that the project is judged, and says why."""
    try:
        if folder.is_file():  # what it reads lies beside it, among everything else
            return None
        return digest(folder, wanted.request, wanted.look, store.folder)
    except (InputError, OSError):
        return None
