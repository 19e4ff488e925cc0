"""Hands units of work to an executor and takes their results back in order, few at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from multiprocessing import get_all_start_methods, get_context
from typing import TypeVar

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
    finally:
        for future in waiting:
            future.cancel()


def local(jobs: int) -> Executor:
    """An executor of this machine: this process for one job, else processes that start from a clean server or anew.

    Processes are not forked from this one: what threads of libraries hold at that moment would stay locked in them.
    """
    if jobs == 1:
        return Here()
    from concurrent.futures import ProcessPoolExecutor

    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(jobs, mp_context=get_context(method))
