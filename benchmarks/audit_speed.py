"""Bills of materials of 50 models in each format, and the auditor's page of 500 findings, beside a plain check.

Run it with `python benchmarks/audit_speed.py`. Each command runs five times, in turns with the others, in a process of
its own; the median of the wall time counts, and its ratio to `check` of the same manifest says what the document adds.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, run

ROOT = Path(__file__).parent.parent
MODELS = 50
FINDINGS = 500
TURNS = 5
FORMATS = ("cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3", "spdx-3.0")


def manifest(count: int) -> str:
    """A manifest of so many models of the catalogue, none of them pinned."""
    folder = ROOT / "checker" / "facts" / "catalogue"
    ids = sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.json"))
    models = [f"  - {{name: m{number}, model: {ids[number % len(ids)]}, objective: chat}}\n" for number in range(count)]
    return f"weighbridge: 1\nproject: bench\nowner: bench\nmodels:\n{''.join(models)}"


def seconds(folder: Path, *arguments: str) -> float:
    """Wall time of one command."""
    start = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "WEIGHBRIDGE_POLICY"}
    run(
        [sys.executable, "-m", "checker", *arguments],
        cwd=folder,
        env=environment,
        stdout=DEVNULL,
        stderr=DEVNULL,
        check=False,
    )
    return time.perf_counter() - start


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
    """Print the median of each command, and its ratio to the plain check."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(TURNS):
        for name, arguments in commands.items():
            taken[name].append(seconds(folder, *arguments))
    base = median(taken["check"])
    for name, times in taken.items():
        print(f"  {name:<16} {median(times):6.2f} s   {median(times) / base:5.2f} x check")


def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.yaml").write_text(manifest(MODELS), encoding="utf-8")
        print(f"bill of materials of {MODELS} models")
        commands = {form: ("bom", "--format", form, "-o", "bom.json") for form in FORMATS}
        compare(folder, {"check": ("check",), **commands})
        print(f"page of {FINDINGS} findings ({enough_models(folder)} models)")
        compare(folder, {"check": ("check",), "check, html": ("check", "--output", "html=page.html")})


if __name__ == "__main__":
    main()
