"""Tries the mutants of one file, one after the other: each in a process of its own, until a test fails."""

from __future__ import annotations

import contextlib
import gc
import importlib
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from forked import OPTIONS, leaving
from reach import ROOT, Reach, tests_for

LIMIT_SECONDS, LIMIT_FACTOR = 10.0, 5.0
"""A mutant runs too long after this processor time and so many times what its tests took without it."""
ASLEEP_SECONDS = 300.0
"""Or after this time by the clock, where it waits for something."""


class Outcome(NamedTuple):
    verdict: str
    by: str = ""
    """The first test that failed."""


class Chosen:
    """Has pytest run the given tests in the given order, and keeps the first that fails."""

    def __init__(self, order: Sequence[str]):
        self.rank = {name: at for at, name in enumerate(order)}
        self.failed = ""

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted((item for item in items if item.nodeid in self.rank), key=lambda item: self.rank[item.nodeid])

    def pytest_runtest_logreport(self, report):
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report):
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (collecting)"


def unaffected(graph: Any, file: str, modules: Sequence[str]) -> list[str]:
    """What a process may import before the file is changed: other people's modules and those of ours apart from it."""
    name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    after = {name, *graph.find_downstream_modules(name)}
    packages = {name.rpartition(".")[0] for name in after}
    ours = [one for one in modules if one.startswith("checker.") and one not in after | packages]
    skipped = ("conftest", "coverage", "__", "xdist", "_", "dev", "pip", "hypothesis.vendor")
    # Tests import our tools and benchmarks too, and these what they measure.
    inside = {path.stem for path in ROOT.iterdir()}
    others = [one for one in modules if not one.startswith(skipped) and one.partition(".")[0] not in inside]
    return [*others, *ours]


def warm(names: Sequence[str], *files: str) -> None:
    """Import these before any of the files is changed; one that cannot be imported first is left to the tests."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    for module in (file.removesuffix(".py").replace("/", ".") for file in files):
        if module in sys.modules:
            raise SystemExit(f"{module} would be imported before it is changed")


def run_file(tree: Path, mutants: list[dict[str, Any]], reach: Reach, names: list[str], near: Sequence[str]) -> None:
    """All mutants of one file, one after the other; outcomes go to `outcomes.jsonl` in the copied tree."""
    file = tree / mutants[0]["file"]
    original = file.read_bytes()
    # A mutant of the same length within the same second would not be seen.
    Path(importlib.util.cache_from_source(str(file))).unlink(missing_ok=True)
    warm(names, mutants[0]["file"])
    gc.freeze()  # pytest collects garbage often, and all that is imported is none
    noticers: dict[str, None] = {}
    with (tree / "outcomes.jsonl").open("a", encoding="utf-8") as outcomes:
        for mutant in mutants:
            file.write_text(mutant["text"], encoding="utf-8")
            tests = tests_for(mutant, reach, near)
            began = time.monotonic()
            outcome = (
                noticed(tree, tests, sum(reach.seconds[test] for test in tests)) if tests else Outcome("unreached")
            )
            file.write_bytes(original)
            told = {"digest": mutant["digest"], "tests": len(tests), "seconds": round(time.monotonic() - began, 2)}
            outcomes.write(json.dumps(told | outcome._asdict()) + "\n")
            outcomes.flush()
            noticers |= dict.fromkeys(tests[:1])  # at least one, whatever came of it
            if outcome.by in reach.seconds:
                noticers[outcome.by] = None
    again = noticed(tree, list(noticers), sum(reach.seconds[test] for test in noticers))
    if again.verdict != "survived":
        log = (tree / "mutant.log").read_text(encoding="utf-8")[-3000:]
        raise SystemExit(f"without any mutant {again.by} fails too, so that nothing can be said of {file}:\n{log}")


def noticed(tree: Path, tests: list[str], expected: float) -> Outcome:
    """Run the tests on the changed tree in a process of its own."""
    by_file: dict[str, list[str]] = {}
    for test in tests:
        by_file.setdefault(test.partition("::")[0], []).append(test)
    told = tree / "noticed.txt"
    told.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        os.setsid()
        allowed = int(LIMIT_SECONDS + LIMIT_FACTOR * expected + time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, allowed))
        with leaving(tree / "mutant.log"):
            for name, order in by_file.items():
                if first := first_failure(name, order):
                    told.write_text(first, encoding="utf-8")
                    break
            else:
                told.write_text("", encoding="utf-8")
    deadline = time.monotonic() + ASLEEP_SECONDS
    pause = 0.01
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Outcome("timeout")
        time.sleep(pause := min(0.1, pause * 1.5))
    if os.WIFSIGNALED(ended[1]) and os.WTERMSIG(ended[1]) in (signal.SIGXCPU, signal.SIGKILL):
        return Outcome("timeout")
    if not told.is_file():
        if os.WIFSIGNALED(ended[1]):
            return Outcome("killed", f"(signal {os.WTERMSIG(ended[1])})")
        raise SystemExit(f"the tests did not run: {(tree / 'mutant.log').read_text(encoding='utf-8')[-3000:]}")
    first = told.read_text(encoding="utf-8")
    return Outcome("killed", first) if first else Outcome("survived")


def first_failure(name: str, order: list[str]) -> str:
    """The first of these tests of a file that fails; empty where all pass."""
    import pytest

    chosen = Chosen(order)
    code = pytest.main([*OPTIONS, "--assert=plain", name], plugins=[chosen])
    return "" if code == 0 else chosen.failed or f"{name} (pytest's code {int(code)})"
