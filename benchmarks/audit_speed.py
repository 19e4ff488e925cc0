"""Bills of materials of 50 models in each format, and the auditor's page of 500 findings, beside a plain check.

Run it with `python benchmarks/audit_speed.py`. Each command runs five times, in turns with the others, in a process of
its own; the median of the wall time counts, and of the processor time, which a busy machine changes less. What a
document adds to `check` of the same manifest stands beside it. For the bills of materials a lock names weight files.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from hashlib import sha1, sha256
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, run

from checker.facts.locked.entry import LockedFile, LockEntry
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of

ROOT = Path(__file__).parent.parent
HUB = "https://huggingface.co"
MODELS = 50
FINDINGS = 500
TURNS = 5
WEIGHT_FILES = 8
"""Of each model; those of the largest have thirty and more."""
FORMATS = ("cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3", "spdx-3.0")


def manifest(count: int) -> str:
    """A manifest of so many models of the catalogue, none of them pinned."""
    folder = ROOT / "checker" / "facts" / "catalogue"
    ids = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.json"))
    models = [f"  - {{name: m{number}, model: {ids[number % len(ids)]}, objective: chat}}\n" for number in range(count)]
    return f"weighbridge: 1\nproject: bench\nowner: bench\nmodels:\n{''.join(models)}"


def lock(text: str) -> str:
    """A lock of all models of a manifest, with files that have digests."""
    ids = dict.fromkeys(re.findall(r"model: ([^,]+),", text))
    names = (f"model-{number:05}-of-{WEIGHT_FILES:05}.safetensors" for number in range(1, WEIGHT_FILES + 1))
    files = tuple(LockedFile(name, 5_000_000_000, sha256=sha256(name.encode()).hexdigest()) for name in names)
    entries = [
        LockEntry(model, None, sha1(model.encode()).hexdigest(), "2026-11-20T09:00:00Z", HUB, files=files)
        for model in ids
    ]
    return as_text(lock_of(entries))


def seconds(folder: Path, *arguments: str) -> tuple[float, float]:
    """Wall time and processor time of one command."""
    start, before = time.perf_counter(), os.times()
    environment = {name: value for name, value in os.environ.items() if name != "WEIGHBRIDGE_POLICY"}
    run(
        [sys.executable, "-m", "checker", *arguments],
        cwd=folder,
        env=environment,
        stdout=DEVNULL,
        stderr=DEVNULL,
        check=False,
    )
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, used


def enough_models(folder: Path) -> int:
    """The number of models with which a check has at least `FINDINGS` findings."""
    count = FINDINGS // 5
    while True:
        (folder / "model.yaml").write_text(manifest(count), encoding="utf-8")
        command = [sys.executable, "-m", "checker", "check", "--json"]
        report = json.loads(run(command, cwd=folder, capture_output=True, check=False).stdout)
        found = report["tally"]["fail"]
        if found >= FINDINGS:
            return count
        count = count * FINDINGS // max(found, 1) + 1


def compare(folder: Path, commands: dict[str, tuple[str, ...]]) -> None:
    """Print the medians of each command, and what it takes beyond the plain check."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(TURNS):
        for name, arguments in commands.items():
            taken[name].append(seconds(folder, *arguments))
    base = median(used for _, used in taken["check"])
    for name, times in taken.items():
        wall, used = (median(column) for column in zip(*times, strict=True))
        print(f"  {name:<16} {wall:6.2f} s   processor {used:5.2f} s, {used - base:+5.2f} s")


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.yaml").write_text(manifest(MODELS), encoding="utf-8")
        (folder / "model.lock").write_text(lock(manifest(MODELS)), encoding="utf-8")
        print(f"bill of materials of {MODELS} models with {WEIGHT_FILES} weight files each")
        commands = {form: ("bom", "--format", form, "-o", "bom.json") for form in FORMATS}
        compare(folder, {"check": ("check",), **commands})
        (folder / "model.lock").unlink()
        print(f"page of {FINDINGS} findings ({enough_models(folder)} models)")
        compare(folder, {"check": ("check",), "check, html": ("check", "--output", "html=page.html")})


if __name__ == "__main__":
    main()
