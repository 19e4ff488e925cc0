"""The output in docs/fit.md: `python -m tests.packaging.fit_page` writes it, and a test compares it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.packaging import pages
from tests.packaging.offline import ROOT

PAGE = ROOT / "docs" / "fit.md"
PLANS = [
    {"id": 1, "model": "Qwen/Qwen3-8B", "method": "qlora", "sequence_length": 2048, "hardware": {"gpu": "T4"}},
    {"id": 2, "model": "Qwen/Qwen3-8B", "optimiser": "adamw"},
]
"""What stands in the page's plans.jsonl."""
_KEPT = ("line", "id", "model", "kind", "fits", "needed_bytes", "allocated_bytes", "error")
"""Keys of an answer that the page shows."""


def written(page: str) -> str:
    """The page with what its commands print."""
    return pages.written(page, _output)


def _output(command: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(json.dumps(plan) + "\n" for plan in PLANS)
        Path(folder, "plans.jsonl").write_text(lines, encoding="utf-8")
        arguments = [sys.executable, "-m", "checker", *shlex.split(command)[1:]]
        finished = subprocess.run(
            arguments, cwd=folder, capture_output=True, encoding="utf-8", env={"PYTHONPATH": str(ROOT)}, check=False
        )
    return _shortened(finished.stdout) if "--batch" in command else finished.stderr + finished.stdout


def _shortened(lines: str) -> str:
    """Some keys of each answer, the others as an ellipsis."""
    told = []
    for line in lines.splitlines():
        answer = json.loads(line)
        kept = {key: answer[key] for key in _KEPT if key in answer}
        told.append(json.dumps(kept)[:-1] + (", …}\n" if len(kept) < len(answer) else "}\n"))
    return "".join(told)


if __name__ == "__main__":
    pages.write_here(PAGE, written)
