"""Work that must end: where it takes the square of its input, or worse, it is stopped and the test fails.

This is no test of speed. What is guarded takes well under a second of processor time, also beside other work; what
the guard is there to notice would take minutes for inputs of these sizes.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PROCESSOR_SECONDS = 30.0


@contextmanager
def that_ends(seconds: float = PROCESSOR_SECONDS) -> Iterator[None]:
    """Raises `AssertionError` inside the work once this process has spent `seconds` of processor time on it."""
    if not hasattr(signal, "SIGPROF"):  # Windows has no such clock: the work is done without a guard there
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it did not end within {seconds:g} s of processor time")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
