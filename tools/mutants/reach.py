"""Which tests reach which lines, by one run without mutants, and which of them can notice a mutant."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from forked import MARKED, OPTIONS, leaving

ROOT = Path(__file__).resolve().parents[2]
REACHING_SECONDS = 6.0
"""How much processor time those tests may take that reach the line; nearest and shortest first."""
BESIDE_SECONDS = 1.0
"""The same for those that reach the file elsewhere: a cache may have kept them from the line."""


class Reach(NamedTuple):
    """What the run without mutants showed."""

    seconds: dict[str, float]
    """Processor time of each test."""
    lines: dict[str, dict[int, list[str]]]
    """By file and line: the tests that run it; `file:NAME` for all tests of a file that loads it or sets up with it."""
    modules: list[str]
    """What was imported at the end."""


class Watching:
    """Notes how long each test takes, and tells coverage which one runs."""

    def __init__(self, coverage):
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.began = 0.0

    @staticmethod
    def of_file(nodeid: str) -> str:
        return f"file:{nodeid.partition('::')[0]}"

    def pytest_collectstart(self, collector):
        self.coverage.switch_context(self.of_file(collector.nodeid))

    def pytest_runtest_logstart(self, nodeid):
        self.began = time.process_time()
        self.coverage.switch_context(self.of_file(nodeid))

    def pytest_runtest_call(self, item):
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_teardown(self, item):
        self.coverage.switch_context(self.of_file(item.nodeid))

    def pytest_runtest_logfinish(self, nodeid):
        self.seconds[nodeid] = time.process_time() - self.began

    def pytest_runtest_logreport(self, report):
        if report.outcome != "passed":
            self.failed.add(report.nodeid)


def measured(tree: Path, package: str, folders: Sequence[str]) -> Reach:
    """Run the tests of a package once, in a process of its own; or take what is known of these very files."""
    answer = kept_at(tree, package, folders)
    child = os.fork()
    if not child:
        with leaving(tree / "reach.log"):
            if answer.is_file():
                import pytest

                pytest.main([*OPTIONS, "--assert=plain", "--collect-only", *folders])  # so that the tests are compiled
            else:
                measure(tree, package, folders, answer)
    os.waitpid(child, 0)
    if not answer.is_file():
        sys.exit(f"the tests did not run: {(tree / 'reach.log').read_text(encoding='utf-8')[-3000:]}")
    raw = json.loads(answer.read_text(encoding="utf-8"))
    for test in raw["failed"]:
        print(f"fails without a mutant, and judges none: {test}")
    seconds = {test: took for test, took in raw["seconds"].items() if test not in raw["failed"]}
    lines = {name: {int(line): tests for line, tests in some.items()} for name, some in raw["lines"].items()}
    return Reach(seconds, lines, raw["modules"])


def kept_at(tree: Path, package: str, folders: Sequence[str]) -> Path:
    """Where the measurement of these very files is kept: mutants are run again and again while their tests grow."""
    digest = hashlib.sha256("\n".join((package, *folders)).encode())
    for path in sorted((*tree.glob("checker/**/*"), *tree.glob("tests/**/*"))):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(tree).as_posix().encode() + path.read_bytes())
    return ROOT / ".venv-mutants" / f"reach-{digest.hexdigest()[:16]}.json"


def measure(tree: Path, package: str, folders: Sequence[str], answer: Path) -> None:
    import coverage
    import pytest

    covered = coverage.Coverage(data_file=None, include=[f"{tree}/checker/{package}/*"], config_file=False)
    watching = Watching(covered)
    covered.start()
    pytest.main([*OPTIONS[2:], "-m", MARKED, *folders], plugins=[watching])
    covered.stop()
    data = covered.get_data()
    lines = {
        Path(name).relative_to(tree).as_posix(): {
            line: [one for one in contexts if one] for line, contexts in data.contexts_by_lineno(name).items()
        }
        for name in data.measured_files()
    }
    found = {"seconds": watching.seconds, "failed": sorted(watching.failed), "lines": lines}
    answer.write_text(json.dumps(found | {"modules": sorted(sys.modules)}), encoding="utf-8")


@cache
def statements(path: Path) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The lines, first and last, of each statement and of the bodies of each function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    simple, bodies = [], []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            bodies.append((node.body[0].lineno, node.end_lineno))
        elif isinstance(node, ast.stmt) and not isinstance(node, ast.ClassDef):
            inner = getattr(node, "body", None) or getattr(node, "cases", None)
            last = node.end_lineno
            if inner and isinstance(node, ast.stmt):
                first = inner[0]
                last = max(
                    node.lineno, (first.pattern.lineno if isinstance(first, ast.match_case) else first.lineno) - 1
                )
            simple.append((node.lineno, last))
    return simple, bodies


def tests_for(mutant: dict[str, Any], reach: Reach, near: Sequence[str]) -> list[str]:
    """The tests that can notice a mutant: nearest files first, the shortest first in each."""
    lines = reach.lines.get(mutant["file"], {})
    simple, bodies = statements(ROOT / mutant["file"])
    span = range(mutant["line"], mutant["end_line"] + 1)
    around = [(first, last) for first, last in simple if first <= mutant["line"] <= last]
    if around:
        first, last = min(around, key=lambda lines: lines[1] - lines[0])
        span = range(first, max(last, mutant["end_line"]) + 1)
    inside = [(first, last) for first, last in bodies if first <= mutant["line"] <= last]
    mirror = f"/test_{Path(mutant['file']).stem}.py::"
    everything = expanded((one for tests in lines.values() for one in tests), reach)
    everything |= {test for test in reach.seconds if mirror in test}  # they may look at constants and run no line
    reaching = expanded((one for line in span for one in lines.get(line, ())), reach) if inside else everything
    if inside and not reaching:
        return []

    def distance(test: str) -> int:
        """The tests of the very module first, then those of the folders as they are listed."""
        return (
            -1 if mirror in test else next((at for at, folder in enumerate(near) if test.startswith(folder)), len(near))
        )

    def limited(tests: Sequence[str], seconds: float) -> Iterator[str]:
        for test in sorted(tests, key=lambda test: (distance(test), reach.seconds[test], test)):
            seconds -= reach.seconds[test]
            if seconds < 0:
                return
            yield test

    # What is set while a file is loaded is looked at by tests that run none of its lines.
    nearest = set() if inside else {test for test in reach.seconds if distance(test) == 0}
    return [*limited(reaching, REACHING_SECONDS), *limited((everything | nearest) - reaching, BESIDE_SECONDS)]


def expanded(names: Iterator[str], reach: Reach) -> set[str]:
    """Tests, with the ones of a file in the place of the file."""
    found: set[str] = set()
    for name in names:
        if name.startswith("file:"):
            found.update(in_file(name.removeprefix("file:"), reach))
        elif name in reach.seconds:
            found.add(name)
    return found


def in_file(name: str, reach: Reach, _known: dict[str, list[str]] = {}) -> list[str]:  # noqa: B006
    if not _known:
        for test in reach.seconds:
            _known.setdefault(test.partition("::")[0], []).append(test)
    return _known.get(name, [])
