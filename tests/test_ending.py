"""The guard itself: it stops what does not end, also inside of an expression, and is gone afterwards."""

from __future__ import annotations

import re
import signal

import pytest

from tests.ending import that_ends

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGPROF"), reason="Windows has no such clock")


def _loops() -> None:
    while True:
        pass


def _goes_back() -> None:
    re.fullmatch("(a+)+b", "a" * 60)


@pytest.mark.parametrize("work", [_loops, _goes_back])
def test_what_does_not_end_is_stopped(work):
    with pytest.raises(AssertionError, match=r"did not end within 0\.05 s of processor time"), that_ends(0.05):
        work()


def test_what_ends_is_left_alone():
    before = signal.getsignal(signal.SIGPROF)
    with that_ends():
        sum(range(1000))
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGPROF) is before
