"""Runs the targets in turns, each a stretch at a time, and writes what was seen into `fuzz/record.json`.

    python3 dev.py fuzz [TARGET …] [--runs N] [--seconds N] [--stretch N] [--blind] [--anew]

Corpora and findings are kept in `.fuzz/`, and a further run goes on where the last one ended.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from fuzz.target import ROOT, names

RECORD = ROOT / "fuzz" / "record.json"
KEPT = ROOT / ".fuzz"
_COVERAGE = re.compile(r"^#\d+\s+\w+\s+cov: (\d+) ft: (\d+)", re.MULTILINE)


def main(argv: Sequence[str]) -> int:
    """Fuzz until each target has had its runs; 1 where something was found or a process ended early."""
    parser = argparse.ArgumentParser(prog="dev.py fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(names())}; default: all")
    parser.add_argument("--runs", type=int, default=1_000_000, help="inputs of each target in all, those recorded too")
    parser.add_argument("--seconds", type=int, help="stop all of it after about that long")
    parser.add_argument("--stretch", type=int, default=120, help="seconds of a target before the next has its turn")
    parser.add_argument("--blind", action="store_true", help="change what is kept at random, and follow no branches")
    parser.add_argument("--anew", action="store_true", help="forget what was recorded of these targets")
    call = parser.parse_args(argv)
    if unknown := [name for name in call.targets if name not in names()]:
        parser.error(f"no target is called {', '.join(unknown)}; there are {', '.join(names())}")
    targets = tuple(call.targets or names())
    if call.anew:
        written({name: one for name, one in recorded().items() if name not in targets})
    from fuzz import page  # which reads the record by this module

    clean = True
    for name, runs in _turns(targets, call.runs, call.seconds):
        clean = _stretch(name, runs, call.stretch, "blind" if call.blind else "child") and clean
    page.write()
    return 0 if clean else 1


def recorded() -> dict[str, dict[str, Any]]:
    """What was recorded so far, by target."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.is_file() else {}


def written(record: dict[str, dict[str, Any]]) -> None:
    """Put the record in the place of the last one."""
    text = json.dumps(dict(sorted(record.items())), indent=1) + "\n"
    partial = RECORD.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, RECORD)


def _turns(targets: tuple[str, ...], runs: int, seconds: int | None) -> Iterator[tuple[str, int]]:
    """Which target is next and how many inputs it lacks, the one that had the least time first."""
    import time

    end = None if seconds is None else time.monotonic() + seconds
    had = dict.fromkeys(targets, 0.0)
    while had and (end is None or time.monotonic() < end):
        name = min(had, key=lambda one: had[one])
        left = runs - recorded().get(name, {}).get("inputs", 0)
        if left <= 0:
            del had[name]
            continue
        since = time.monotonic()
        yield name, left
        had[name] += time.monotonic() - since


def _stretch(name: str, runs: int, seconds: int, runner: str) -> bool:
    """Run a target for a while, by `fuzz.child` or `fuzz.blind`; whether it found nothing and ended as it should."""
    folder = KEPT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seen.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", f"fuzz.{runner}", name, str(runs), str(seconds), str(folder)]
    done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    (folder / "log.txt").write_text(done.stderr, encoding="utf-8")
    try:
        seen = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    except OSError:
        print(f"{name}: did not begin:\n{done.stderr[-2000:]}", file=sys.stderr)
        raise SystemExit(1) from None
    record = recorded()
    record[name] = _together(
        record.get(name, {}), seen | {"followed": runner == "child" and seen["inputs"]}, done.stderr
    )
    written(record)
    for line in re.findall("^FOUND .*", done.stderr, re.MULTILINE):
        print(f"{name}: {line}", flush=True)
    if done.returncode:
        print(f"{name}: ended with {done.returncode}; see {folder}/log.txt", flush=True)
    print(f"{name}: {record[name]['inputs']:,} inputs", flush=True)
    return not seen["found"] and not done.returncode


def _together(before: dict[str, Any], seen: dict[str, Any], log: str) -> dict[str, Any]:
    edges, features = next(reversed(_COVERAGE.findall(log)), ("0", "0"))
    return {
        "inputs": before.get("inputs", 0) + seen["inputs"],
        "followed": before.get("followed", 0) + seen["followed"],
        "processor_seconds": round(before.get("processor_seconds", 0) + seen["processor_seconds"]),
        "edges": max(before.get("edges", 0), int(edges)),
        "features": max(before.get("features", 0), int(features)),
        "slowest_seconds": max(before.get("slowest_seconds", 0), seen["slowest_seconds"]),
        "grown_mib": max(before.get("grown_mib", 0), seen["grown_mib"]),
        "found": sorted({*before.get("found", ()), *seen["found"]}),
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
