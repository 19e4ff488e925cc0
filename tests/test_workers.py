"""Units of work come back in order, a few at a time, whoever does them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from checker.workers import WINDOW, Here, local, ordered


def slow_first(number: int) -> int:
    """The earlier, the slower."""
    time.sleep(0.02 if number == 0 else 0)
    return number * number


def refusing(number: int) -> int:
    """One of them fails."""
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_their_units(jobs):
    with local(jobs) as executor:
        assert list(ordered(executor, slow_first, range(20), jobs)) == [number * number for number in range(20)]


def test_units_are_taken_no_faster_than_results_are(monkeypatch):
    taken = []

    def units():
        for number in range(100):
            taken.append(number)
            yield number

    results = ordered(Here(), refusing, units(), 2)
    next(results)
    assert len(taken) == 2 * WINDOW


def test_what_a_unit_raises_is_raised_in_its_turn():
    results = ordered(Here(), refusing, range(9), 1)
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)


def test_whoever_stops_early_leaves_nothing_waiting():
    begun = threading.Event()
    seen = []

    def work(number: int) -> int:
        seen.append(number)
        begun.wait(1)
        return number

    with ThreadPoolExecutor(1) as executor:
        results = ordered(executor, work, range(50), 1)
        threading.Timer(0.02, begun.set).start()
        next(results)
        results.close()
    assert len(seen) < 50


def test_an_interruption_is_no_result():
    def interrupted(number: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(ordered(Here(), interrupted, [1], 1))
