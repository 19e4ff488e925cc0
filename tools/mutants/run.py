"""Run the tests on drawn mutants of one package of checker/, and write down which of them no test noticed.

`python3 dev.py mutants PACKAGE [--sample N] [--seed S] [--rest] [--only TEXT]` starts it in `.venv`. The tree is
copied; in the copy one mutant after another takes the place of its file, and a forked process that has imported
whatever does not import that file runs the tests that reach the changed lines, file by file, until one fails. Which
tests reach a line is measured first, by one run of the folders in `TESTS`.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import hashlib
import importlib
import importlib.util
import json
import os
import resource
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

import page

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "tests" / "mutation"
EQUIVALENTS = RECORDS / "equivalents.toml"
TESTS = {
    "rules": ("rules/test_answers.py", "rules"),
    "policy": ("policy", "policies", "custom", "policy_tests", "fail_closed/test_cases.py", "rulebook", "waivers"),
    "licenses": (
        "licenses",
        "rules/test_license_allowed.py",
        "rules/test_license_obligations.py",
        "rules/test_opinions.py",
        "rules/test_several_licenses.py",
        "commands/test_license_check.py",
        "commands/test_license_identify.py",
        "commands/test_license_notices.py",
    ),
    "memory": ("memory", "rules/test_training_fits.py", "rules/test_serving_fits.py"),
}
"""Where the tests of a package are, those nearest to it first."""
REACHING_SECONDS = 6.0
"""How much processor time those tests may take that reach the line; nearest and shortest first."""
BESIDE_SECONDS = 1.0
"""The same for those that reach the file elsewhere: a cache may have kept them from the line."""
LIMIT_SECONDS, LIMIT_FACTOR = 10.0, 5.0
"""A mutant runs too long after this processor time and so many times what its tests took without it."""
ASLEEP_SECONDS = 300.0
"""Or after this time by the clock, where it waits for something."""
NOTICED = ("killed", "timeout")
ENDED = "(the tests' process ended)"
IMPORTED = "ignore::pytest.PytestAssertRewriteWarning"
"""Plugins are imported before the processes that run tests are forked."""
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--no-header", "--tb=no", "-rN", "-W", IMPORTED)
MARKED = "not (browser or node or tracer or mirror)"


class Reach(NamedTuple):
    """What the run without mutants showed."""

    seconds: dict[str, float]
    """Processor time of each test."""
    lines: dict[str, dict[int, list[str]]]
    """By file and line: the tests that run it; `file:NAME` for all tests of a file that loads it or sets up with it."""
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


def draw(python: str, package: str, sample: int, seed: str) -> dict[str, Any]:
    """What `draw.py` draws of these very sources with this seed."""
    digest = hashlib.sha256(f"{package} {sample} {seed}".encode())
    for path in (ROOT / "tools/mutants/draw.py", *sorted((ROOT / "checker" / package).rglob("*.py"))):
        digest.update(path.read_bytes())
    kept = ROOT / ".venv-mutants" / f"drawn-{digest.hexdigest()[:16]}.json"
    if not kept.is_file():
        command = [python, ROOT / "tools/mutants/draw.py", ROOT, package, str(sample), seed]
        kept.write_bytes(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    return json.loads(kept.read_text(encoding="utf-8"))


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
            elif outcome.by == ENDED:
                noticers.update(dict.fromkeys(tests))
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
        return Outcome("killed", ENDED)
    first = told.read_text(encoding="utf-8")
    return Outcome("killed", first) if first else Outcome("survived")


def first_failure(name: str, order: list[str]) -> str:
    """The first of these tests of a file that fails; empty where all pass."""
    import pytest

    chosen = Chosen(order)
    code = pytest.main([*OPTIONS, "--assert=plain", name], plugins=[chosen])
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
    package: str,
    seed: str,
    drawn: dict[str, Any],
    told: dict[str, dict[str, Any]],
    kept: dict[str, Any],
    run: dict[str, Any],
) -> dict[str, Any]:
    """What is kept: figures, the digests of what was noticed, and each mutant that was not."""
    reasons = equivalents()
    noticed = {digest: verdict for verdict in NOTICED for digest in kept.get("noticed", {}).get(verdict, ())}
    noticed |= {digest[:12]: one["verdict"] for digest, one in told.items() if one["verdict"] in NOTICED}
    files: dict[str, Counter] = defaultdict(Counter)
    kinds: dict[str, Counter] = defaultdict(Counter)
    digests: dict[str, list[str]] = {verdict: [] for verdict in NOTICED}
    unnoticed = []
    for mutant in drawn["mutants"]:
        digest = mutant["digest"]
        verdict = noticed.get(digest[:12]) or (told[digest]["verdict"] if digest in told else "pending")
        if verdict in NOTICED:
            digests[verdict].append(digest[:12])
        elif key(mutant) in reasons:
            verdict = "equivalent"
        elif verdict != "pending":
            shown = {name: mutant[name] for name in ("file", "scope", "line")}
            unnoticed.append(
                {"verdict": verdict, **shown, "before": flat(mutant["before"]), "after": flat(mutant["after"])}
            )
        files[mutant["file"]][verdict] += 1
        kinds[mutant["kind"]][verdict] += 1
    whole: Counter = sum(files.values(), Counter())
    judged = whole.total() - whole["equivalent"] - whole["pending"]
    return {
        "package": package,
        "seed": seed,
        "existing": drawn["existing"],
        "drawn": whole.total(),
        **{name: whole[name] for name in (*NOTICED, "survived", "unreached", "equivalent", "pending")},
        "noticed_percent": round(100 * sum(whole[verdict] for verdict in NOTICED) / max(judged, 1), 1),
        "python": sys.version.split()[0],
        "tests": [f"tests/{folder}" for folder in TESTS[package]],
        "runs": [*kept.get("runs", ()), run],
        "files": {name: dict(sorted(some.items())) for name, some in sorted(files.items())},
        "kinds": {name: dict(sorted(some.items())) for name, some in sorted(kinds.items())},
        "unnoticed": unnoticed,
        "noticed": {verdict: sorted(some) for verdict, some in digests.items()},
    }


def part_of(mutants: list[dict[str, Any]], part: float) -> list[dict[str, Any]]:
    """The first ones of each file, at least one."""
    sizes = Counter(mutant["file"] for mutant in mutants)
    taken: Counter = Counter()
    return [
        one for one in mutants if taken.update([one["file"]]) or taken[one["file"]] <= max(1, part * sizes[one["file"]])
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py mutants")
    parser.add_argument("package", choices=TESTS)
    parser.add_argument("--sample", type=int, default=500, help="how many mutants are drawn (500)")
    parser.add_argument("--seed", default="1", help="another seed draws others (1)")
    parser.add_argument("--rest", action="store_true", help="only those that the record does not hold as noticed")
    parser.add_argument("--part", type=float, default=1.0, help="only this part, 0 to 1, of those of each file (1)")
    parser.add_argument("--only", default="", help="only mutants of files whose name holds this text; writes no record")
    parser.add_argument(
        "--tests", nargs="+", metavar="PATH", help="tests in the place of the package's; writes no record"
    )
    parser.add_argument("--drawn-by", required=True, help=argparse.SUPPRESS)
    call = parser.parse_args()
    began = time.monotonic()
    drawn = draw(call.drawn_by, call.package, call.sample, call.seed)
    commit = git("rev-parse", "HEAD") + (" and changes" if git("status", "--porcelain") else "")
    target = RECORDS / f"{call.package}.json"
    kept = json.loads(target.read_text(encoding="utf-8")) if call.rest and target.is_file() else {}
    noticed = {digest for some in kept.get("noticed", {}).values() for digest in some}
    rest = [mutant for mutant in drawn["mutants"] if mutant["digest"][:12] not in noticed]
    some = [mutant for mutant in part_of(rest, call.part) if call.only in mutant["file"]]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tests = call.tests or [f"tests/{one}" for one in TESTS[call.package]]
        told = judged(Path(folder).resolve(), call.package, some, tests)
    for mutant in some:
        outcome = told[mutant["digest"]]
        if outcome["verdict"] not in NOTICED:
            print(f"{outcome['verdict']}: {mutant['file']}:{mutant['line']} {mutant['scope']}")
            print(f"  - {flat(mutant['before'])}\n  + {flat(mutant['after'])}")
    minutes = round((time.monotonic() - began) / 60, 1)
    print(dict(Counter(outcome["verdict"] for outcome in told.values())), f"{minutes} min")
    if not (call.only or call.tests):
        run = {"commit": commit, "mutants": len(some), "minutes": minutes}
        found = record(call.package, call.seed, drawn, told, kept, run)
        target.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        page.write()
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
    # Whatever the environment says: compiling all of the tree for each mutant would be most of the work.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    reach = measured(tree, package, near)
    print(f"{len(reach.seconds)} tests took {sum(reach.seconds.values()):.0f} s", flush=True)
    os.nice(15)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    graph = grimp.build_graph("checker", cache_dir=None)
    by_file: dict[str, list[dict[str, Any]]] = {}
    for mutant in mutants:
        by_file.setdefault(mutant["file"], []).append(mutant)
    before = {file: unaffected(graph, file, reach.modules) for file in by_file}
    warm([name for name in reach.modules if all(name in names for names in before.values())], *by_file)
    for at, (file, some) in enumerate(by_file.items(), 1):
        began = time.monotonic()
        names = before[file]
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
