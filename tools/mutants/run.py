"""Run the tests on drawn mutants of one package of checker/, and write down which of them no test noticed.

`python3 dev.py mutants PACKAGE [--sample N] [--seed S] [--survivors] [--only TEXT]` starts it in `.venv`. The tree is
copied; in the copy one mutant after another takes the place of its file, and a forked process that has imported
whatever does not import that file runs the tests that reach the changed lines, file by file, until one fails. Which
tests reach a line is measured first, by one run of the folders in `TESTS`.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "tests" / "mutation"
EQUIVALENTS = RECORDS / "equivalents.toml"
TESTS = {
    "rules": ("rules", "policies", "waivers", "scan/test_command.py", "since/test_since.py"),
    "policy": ("policy", "policies", "custom", "policy_tests", "fail_closed/test_cases.py", "rulebook", "waivers"),
    "licenses": ("licenses", "rules", "commands"),
    "memory": ("memory", "rules/test_training_fits.py", "rules/test_serving_fits.py", "commands/test_fit.py"),
}
"""Where the tests of a package are, those nearest to it first."""
REACHING_SECONDS = 30.0
"""How long, as measured, those tests may take that reach the line; nearest and shortest first."""
BESIDE_SECONDS = 5.0
"""The same for those that reach the file elsewhere: a cache may have kept them from the line."""
LIMIT_SECONDS, LIMIT_FACTOR = 30.0, 8.0
"""A mutant runs too long after this time and so many times what its tests took without it."""
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", "--tb=no", "-rN")
MARKED = "not (browser or node or tracer or mirror)"


class Reach(NamedTuple):
    """What the run without mutants showed."""

    seconds: dict[str, float]
    """Of each test that passed."""
    lines: dict[str, dict[int, list[str]]]
    """By file and line: the tests that execute it, and `file:NAME` for all tests of a file, which loads or sets it up."""
    modules: list[str]
    """What was imported at the end."""


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


class Watching:
    """Notes how long each test takes, and tells coverage which one runs."""

    def __init__(self, coverage):
        self.coverage = coverage
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()

    @staticmethod
    def of_file(nodeid: str) -> str:
        return f"file:{nodeid.partition('::')[0]}"

    def pytest_collectstart(self, collector):
        self.coverage.switch_context(self.of_file(collector.nodeid))

    def pytest_runtest_logstart(self, nodeid):
        self.coverage.switch_context(self.of_file(nodeid))

    def pytest_runtest_call(self, item):
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_teardown(self, item):
        self.coverage.switch_context(self.of_file(item.nodeid))

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration
        if report.outcome != "passed":
            self.failed.add(report.nodeid)


def copied(to: Path) -> None:
    """The files of this tree, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


def measured(tree: Path, package: str, folders: Sequence[str]) -> Reach:
    """Run the tests of a package once, in a process of its own."""
    answer = tree / "reach.json"
    child = os.fork()
    if not child:
        with leaving(tree / "reach.log"):
            measure(tree, package, folders, answer)
    os.waitpid(child, 0)
    if not answer.is_file():
        sys.exit(f"the tests did not run: {(tree / 'reach.log').read_text(encoding='utf-8')[-3000:]}")
    raw = json.loads(answer.read_text(encoding="utf-8"))
    if raw["failed"]:
        sys.exit(f"these fail without a mutant: {', '.join(raw['failed'])}")
    lines = {name: {int(line): tests for line, tests in some.items()} for name, some in raw["lines"].items()}
    return Reach(raw["seconds"], lines, raw["modules"])


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


class leaving(contextlib.AbstractContextManager):
    """A forked process: its output goes to a file, and it ends here whatever happens."""

    def __init__(self, log: Path):
        sys.stdout.flush()
        sys.stderr.flush()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)

    def __exit__(self, kind, error, trace):
        if error is not None:
            sys.excepthook(kind, error, trace)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0 if error is None else 70)


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
    everything = expanded((one for tests in lines.values() for one in tests), reach)
    reaching = expanded((one for line in span for one in lines.get(line, ())), reach) if inside else everything
    if inside and not reaching:
        return []

    def distance(test: str) -> int:
        return next((at for at, folder in enumerate(near) if test.startswith(folder)), len(near))

    def limited(tests: Sequence[str], seconds: float) -> Iterator[str]:
        for test in sorted(tests, key=lambda test: (distance(test), reach.seconds[test], test)):
            seconds -= reach.seconds[test]
            if seconds < 0:
                return
            yield test

    return [*limited(reaching, REACHING_SECONDS), *limited(everything - reaching, BESIDE_SECONDS)]


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


def unaffected(graph: Any, file: str, modules: Sequence[str]) -> list[str]:
    """What a process may import before the file is changed: other people's modules and those of ours apart from it."""
    name = file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    after = {name, *graph.find_downstream_modules(name)}
    packages = {name.rpartition(".")[0] for name in after}
    ours = [one for one in modules if one.startswith("checker.") and one not in after | packages]
    skipped = ("checker", "tests", "conftest", "coverage", "__", "xdist", "_", "dev", "pip", "hypothesis.vendor")
    others = [one for one in modules if not one.startswith(skipped)]
    return [*others, *ours]


def warm(names: Sequence[str], file: str) -> None:
    """Import these, once for all mutants of a file; one that cannot be imported first is left to the tests."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    module = file.removesuffix(".py").replace("/", ".")
    if module in sys.modules:
        raise SystemExit(f"{module} would be imported before it is changed")


def run_file(tree: Path, mutants: list[dict[str, Any]], reach: Reach, names: list[str], near: Sequence[str]) -> None:
    """All mutants of one file, one after the other; outcomes go to `outcomes.jsonl` in the copied tree."""
    file = tree / mutants[0]["file"]
    original = file.read_bytes()
    warm(names, mutants[0]["file"])
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
        with leaving(tree / "mutant.log"):
            for name, order in by_file.items():
                if first := first_failure(name, order):
                    told.write_text(first, encoding="utf-8")
                    break
            else:
                told.write_text("", encoding="utf-8")
    deadline = time.monotonic() + LIMIT_SECONDS + LIMIT_FACTOR * expected
    pause = 0.01
    while not os.waitpid(child, os.WNOHANG)[0]:
        if time.monotonic() > deadline:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return Outcome("timeout")
        time.sleep(pause := min(0.1, pause * 1.5))
    if not told.is_file():
        return Outcome("killed", "(the tests' process ended)")
    first = told.read_text(encoding="utf-8")
    return Outcome("killed", first) if first else Outcome("survived")


def first_failure(name: str, order: list[str]) -> str:
    """The first of these tests of a file that fails; empty where all pass."""
    import pytest

    chosen = Chosen(order)
    code = pytest.main([*OPTIONS, name], plugins=[chosen])
    return "" if code == 0 else chosen.failed or f"{name} (pytest's code {int(code)})"


def equivalents() -> dict[tuple[str, ...], str]:
    """The reasons for which a mutant is the same program, by file, scope and both texts."""
    listed = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")) if EQUIVALENTS.is_file() else {}
    return {
        (one["file"], one["scope"], flat(one["before"]), flat(one["after"])): one["reason"]
        for one in listed.get("equivalent", [])
    }


def flat(text: str) -> str:
    return " ".join(text.split())


def key(mutant: dict[str, Any]) -> tuple[str, ...]:
    return (mutant["file"], mutant["scope"], flat(mutant["before"]), flat(mutant["after"]))


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()


def record(
    package: str, seed: str, drawn: dict[str, Any], told: dict[str, dict[str, Any]], began: float
) -> dict[str, Any]:
    """What is kept of a run: figures, and each mutant that nothing noticed."""
    reasons = equivalents()
    verdicts: dict[str, Counter] = defaultdict(Counter)
    kinds: dict[str, Counter] = defaultdict(Counter)
    unnoticed = []
    for mutant in drawn["mutants"]:
        verdict = told[mutant["digest"]]["verdict"]
        if verdict in ("survived", "unreached") and key(mutant) in reasons:
            verdict = "equivalent"
        elif key(mutant) in reasons:
            print(f"listed as equivalent, and noticed by {told[mutant['digest']]['by']}: {' | '.join(key(mutant))}")
        verdicts[mutant["file"]][verdict] += 1
        kinds[mutant["kind"]][verdict] += 1
        if verdict in ("survived", "unreached"):
            shown = {name: mutant[name] for name in ("file", "scope", "line")}
            unnoticed.append(
                {"verdict": verdict, **shown, "before": flat(mutant["before"]), "after": flat(mutant["after"])}
            )
    whole: Counter = sum(verdicts.values(), Counter())
    judged = whole.total() - whole["equivalent"]
    return {
        "package": package,
        "commit": git("rev-parse", "HEAD") + (" and changes" if git("status", "--porcelain") else ""),
        "seed": seed,
        "existing": drawn["existing"],
        "drawn": whole.total(),
        **{name: whole[name] for name in ("killed", "timeout", "survived", "unreached", "equivalent")},
        "noticed_percent": round(100 * (whole["killed"] + whole["timeout"]) / max(judged, 1), 1),
        "minutes": round((time.monotonic() - began) / 60, 1),
        "python": sys.version.split()[0],
        "tests": [f"tests/{folder}" for folder in TESTS[package]],
        "files": {name: dict(sorted(some.items())) for name, some in sorted(verdicts.items())},
        "kinds": {name: dict(sorted(some.items())) for name, some in sorted(kinds.items())},
        "unnoticed": unnoticed,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants")
    parser.add_argument("package", choices=TESTS)
    parser.add_argument("--sample", type=int, default=500, help="how many mutants are drawn (500)")
    parser.add_argument("--seed", default="1", help="another seed draws others (1)")
    parser.add_argument(
        "--survivors", action="store_true", help="only those of the record that nothing noticed; writes no record"
    )
    parser.add_argument("--only", default="", help="only mutants of files whose name holds this text; writes no record")
    parser.add_argument(
        "--tests", nargs="+", metavar="PATH", help="tests in the place of the package's; writes no record"
    )
    parser.add_argument("--drawn-by", required=True, help=argparse.SUPPRESS)
    call = parser.parse_args()
    began = time.monotonic()
    os.nice(15)
    done = subprocess.run(
        [call.drawn_by, ROOT / "tools/mutants/draw.py", ROOT, call.package, str(call.sample), call.seed],
        stdout=subprocess.PIPE,
        check=True,
    )
    drawn = json.loads(done.stdout)
    target = RECORDS / f"{call.package}.json"
    some = [mutant for mutant in drawn["mutants"] if call.only in mutant["file"]]
    if call.survivors:
        before = {key(one) for one in json.loads(target.read_text(encoding="utf-8"))["unnoticed"]}
        some = [mutant for mutant in some if key(mutant) in before]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        told = judged(
            Path(folder).resolve(), call.package, some, call.tests or [f"tests/{one}" for one in TESTS[call.package]]
        )
    for mutant in some:
        outcome = told[mutant["digest"]]
        if outcome["verdict"] in ("survived", "unreached"):
            print(f"{outcome['verdict']}: {mutant['file']}:{mutant['line']} {mutant['scope']}")
            print(f"  - {flat(mutant['before'])}\n  + {flat(mutant['after'])}")
    print(dict(Counter(outcome["verdict"] for outcome in told.values())), f"{(time.monotonic() - began) / 60:.1f} min")
    if not (call.only or call.survivors or call.tests):
        found = record(call.package, call.seed, drawn, told, began)
        target.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{target.relative_to(ROOT)}: {found['noticed_percent']} % noticed")
    return 0


def judged(tree: Path, package: str, mutants: list[dict[str, Any]], near: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The outcome of each mutant by its digest."""
    import grimp
    import pytest  # noqa: F401 - the forked processes find it imported

    copied(tree)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    reach = measured(tree, package, near)
    print(f"{len(reach.seconds)} tests took {sum(reach.seconds.values()):.0f} s", flush=True)
    for cached in (tree / "checker" / package).rglob("*.pyc"):
        cached.unlink()  # a mutant of the same length within the same second would not be seen
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    graph = grimp.build_graph("checker", cache_dir=None)
    by_file: dict[str, list[dict[str, Any]]] = {}
    for mutant in mutants:
        by_file.setdefault(mutant["file"], []).append(mutant)
    for at, (file, some) in enumerate(by_file.items(), 1):
        began = time.monotonic()
        names = unaffected(graph, file, reach.modules)
        child = os.fork()
        if not child:
            with leaving(tree / "file.log"):
                run_file(tree, some, reach, names, near)
        if os.waitpid(child, 0)[1]:
            sys.exit((tree / "file.log").read_text(encoding="utf-8"))
        print(f"{at}/{len(by_file)} {file}: {len(some)} in {time.monotonic() - began:.0f} s", flush=True)
    lines = (tree / "outcomes.jsonl").read_text(encoding="utf-8").splitlines() if mutants else []
    return {one["digest"]: one for one in map(json.loads, lines)}


if __name__ == "__main__":
    sys.exit(main())
