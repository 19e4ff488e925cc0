"""Runs many commands in one process, and writes what each says to a file of its own in the folder that is named first."""

from __future__ import annotations

import io
import os
import sys
from datetime import date
from pathlib import Path

from checker import report
from checker.command_line import main
from checker.console import Console

DAY = "2026-11-28"
SOURCE_DATE = "1764547200"


def commands(project: Path, out: Path) -> dict[str, list[str]]:
    """The command lines, by the name of the file that gets the answer."""
    model, day = str(project / "model.yaml"), ["--today", DAY]
    outputs = [f"--output={name}={out / 'check'}.{name}" for name in report.formats()]
    inventory = [f"--output={name}={out / 'audit'}.{name}" for name in ("json", "csv", "text", "html")]
    boms = {
        name: ["bom", "--format", name, "--created", "2026-11-28T00:00:00Z", *day, model]
        for name in ("cyclonedx-1.6", "spdx-2.3", "spdx-3.0")
    }
    return {
        "check": ["check", model, *outputs, *day],
        "remedies": ["check", model, "--remedies", "--json", *day],
        "audit": ["audit", str(project), *inventory, *day],
        **boms,
        "scan": ["scan", str(project), "--json", *day],
        "select": ["select", "--objective", "chat", "--gpu", "L4", "--context-window", "8192", "--json", *day],
        "fit": ["fit", "Qwen/Qwen2.5-7B-Instruct", "--serve", "--gpu", "L4", "--context-window", "8192", "--json"],
        "policy": ["policy", "show", "--json"],
        "notices": ["license", "notices", model],
        "explain": ["explain", "license-lineage"],
        "schema": ["schema", "report"],
    }


def run(project: Path, out: Path) -> None:
    """Run them all; each answer's file begins with the code."""
    for name, arguments in commands(project, out).items():
        answer, said = io.StringIO(), io.StringIO()
        code = main(arguments, Console(answer, said, io.StringIO(), os.environ, date.fromisoformat(DAY)))
        text = f"{code}\n{answer.getvalue()}"
        (out / name).write_text(text, encoding="utf-8", newline="")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
