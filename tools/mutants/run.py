"""Run the tests on drawn mutants of one package of checker/, and write down which of them no test noticed.

`python3 dev.py mutants PACKAGE [--sample N] [--seed S] [--rest] [--only TEXT]` starts it in `.venv`. The tree is
copied; in the copy one mutant after another takes the place of its file, and a forked process that has imported
whatever does not import that file runs the tests that reach the changed lines, file by file, until one fails. Which
tests reach a line is measured first, by one run of the folders in `TESTS`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import page
from forked import leaving
from kept import NOTICED, RECORDS, flat, record
from reach import ROOT, measured
from trial import run_file, unaffected, warm

TESTS = {
    "rules": ("rules/test_answers.py", "rules"),
    "policy": ("policy/test_answers.py", "policy"),
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


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True, text=True).stdout.strip()


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
        found = record(call.package, call.seed, drawn, told, kept, run, tests)
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
