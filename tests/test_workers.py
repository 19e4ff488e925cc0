"""Units of work come back in order, a few at a time, whoever does them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.workers import WINDOW, Here, local, of_this_process, ordered

ROOT = Path(__file__).parents[1]


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


_STARTS = """
import os, time
from checker.workers import local, of_this_process

def sleeps(number):
    os.write(1, b".")
    time.sleep(60)

if __name__ == "__main__":
    with {pool} as pool:
        list(pool.map(sleeps, range(2)))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("pool", ["of_this_process(2)", "local(2)"])
@pytest.mark.parametrize("end", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_no_process_outlives_the_one_that_started_it(tmp_path, pool, end):
    (tmp_path / "starts.py").write_text(_STARTS.format(pool=pool))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "starts.py"], cwd=tmp_path, stdout=subprocess.PIPE, env=environment) as run:
        assert run.stdout.read(2) == b".."  # both have begun
        run.send_signal(getattr(signal, end))
        assert run.stdout.read() == b""  # the end of standard output: nobody holds it open any more


def ends(number: int) -> int:
    """As the system ends a process that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_process_that_the_system_ended_is_told_as_such():
    with pytest.raises(InputError, match="was ended from outside"), of_this_process(1) as pool:
        list(pool.map(ends, range(2)))
    with local(2) as executor, pytest.raises(InputError, match="was ended from outside"):
        list(ordered(executor, ends, range(2), 2))
