"""Hands units of work to an executor and takes their results back in order, few at a time."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context, parent_process
from typing import TypeVar

from checker.document.errors import InputError
from checker.value import NamedTuple

Unit = TypeVar("Unit")
Result = TypeVar("Result")

WINDOW = 4
"""Units that wait or run for each worker: enough that none idles, few enough that memory stays flat."""


class Workers(NamedTuple):
    """Who does the work, and how many at once."""

    executor: Executor
    at_once: int


class Here(Executor):
    """An executor that does the work at once, in this process: for one worker, and for debugging."""

    def submit(self, fn: Callable[..., Result], /, *args: object, **kwargs: object) -> Future[Result]:
        """Do it now; what it raises is raised by the future's result."""
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            if not isinstance(error, Exception):
                raise
            future.set_exception(error)
        return future


def ordered(
    executor: Executor, work: Callable[[Unit], Result], units: Iterable[Unit], workers: int
) -> Iterator[Result]:
    """The result of each unit, in the order of the units, however they finish.

    Args:
        executor: who does the work: a pool of processes here, or a cluster's client.
        work: a function at the top of a module, so that it can be sent.
        units: what it is given, one at a time; taken only as fast as results are.
        workers: how many work at once.

    Raises:
        InputError: one of the processes was ended from outside.
        Exception: what `work` raised for a unit, when it is that unit's turn.
    """
    waiting: deque[Future[Result]] = deque()
    source = iter(units)
    try:
        for unit in source:
            waiting.append(executor.submit(work, unit))
            if len(waiting) >= WINDOW * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor as error:
        raise _ended() from error
    finally:
        for future in waiting:
            future.cancel()


def local(jobs: int) -> Executor:
    """An executor of this machine: this process for one job, else processes that start from a clean server or anew.

    Processes are not forked from this one: what threads of libraries hold at that moment would stay locked in them.
    """
    return Here() if jobs == 1 else processes(jobs)


def processes(jobs: int) -> ProcessPoolExecutor:
    """Processes beside this one, which goes on whatever happens to them."""
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(jobs, mp_context=get_context(method), initializer=end_with_parent)


@contextmanager
def of_this_process(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that begin as this one is, so that they have at once what it has loaded; none of them outlives it.

    Raises:
        InputError: one of them was ended from outside.
    """
    try:
        with ProcessPoolExecutor(jobs, initializer=end_with_parent) as pool:
            yield pool
    except BrokenExecutor as error:
        raise _ended() from error


def end_with_parent() -> None:
    """Let this process end as soon as the one that started it does, in whatever way.

    A worker that lives on holds standard output open, so that whoever reads it waits for ever.
    """
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _ended() -> InputError:
    return InputError.one(
        "a process of this run was ended from outside, as a system does that has no memory left",
        expected="fewer processes at once, or more memory",
        file="--jobs",
    )
