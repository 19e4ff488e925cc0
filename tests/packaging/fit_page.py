"""The output in the pages about `fit`: `python -m tests.packaging.fit_page` writes it, and a test compares it."""

from __future__ import annotations

import io
import json
import os
import shlex
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from checker.command_line import main
from checker.console import Console
from tests.packaging import pages
from tests.packaging.offline import ROOT

PAGES = (ROOT / "docs" / "fit.md", ROOT / "docs" / "context-cost.md")
PICTURE = ROOT / "docs" / "ladder.svg"
DRAWN = (
    "weighbridge fit meta-llama/Llama-3.1-8B-Instruct --serve --context-window 12000 --parallel-requests 3 --gpu L4"
    " --plot ladder.svg"
)
"""The command that draws the picture."""
PLANS = [
    {"id": 1, "model": "Qwen/Qwen3-8B", "method": "qlora", "sequence_length": 2048, "hardware": {"gpu": "T4"}},
    {"id": 2, "model": "Qwen/Qwen3-8B", "optimiser": "adamw"},
]
"""What stands in the page's plans.jsonl."""
PAIR = """\
weighbridge: 1
owner: support-platform
hardware: {gpu: L40S}
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    objective: chat
    deployment: {context_window: 16384, parallel_requests: 4}
  - model: BAAI/bge-m3
    objective: similarity
    deployment: {context_window: 8192}
"""
"""What stands in the page's pair.yaml."""
_KEPT = ("line", "id", "model", "kind", "fits", "needed_bytes", "allocated_bytes", "error")
"""Keys of an answer that the page shows."""


def written(page: str) -> str:
    """The page with what its commands print."""
    return pages.written(page, _output)


def drawn() -> str:
    """The picture."""
    return _run(DRAWN, lambda _, folder: (folder / PICTURE.name).read_text(encoding="utf-8"))


def _output(command: str) -> str:
    if "--batch" in command:
        return _run(command, lambda out, _: _shortened(out))
    if "--explain" in command:
        return _run(command, lambda out, _: _explanation(out))
    if "pair.yaml" in command:
        return _run(command, lambda out, _: _end(out))
    return _run(command, lambda out, _: out)


def _run(command: str, shown: Callable[[str, Path], str]) -> str:
    """What a command prints, in a folder that holds the files of the page."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = "".join(json.dumps(plan) + "\n" for plan in PLANS)
        (folder / "plans.jsonl").write_text(lines, encoding="utf-8")
        (folder / "pair.yaml").write_text(PAIR, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        os.chdir(folder)
        try:
            main(tuple(shlex.split(command)[1:]), Console(out, err, io.StringIO(), {}, date(2026, 11, 2)))
            return shown(err.getvalue() + out.getvalue(), folder)
        finally:
            os.chdir(before)


def _explanation(text: str) -> str:
    """The verdict, and the part of an answer that explains the cost of context."""
    paragraphs = text.split("\n\n")
    return f"{paragraphs[0]}\n…\n" + next(each for each in paragraphs if each.startswith("how memory grows")) + "\n"


def _end(text: str) -> str:
    """What is said of all models together."""
    return "…\n" + text[text.index("together on ") :]


def _shortened(lines: str) -> str:
    """Some keys of each answer, the others as an ellipsis."""
    told = []
    for line in lines.splitlines():
        answer = json.loads(line)
        kept = {key: answer[key] for key in _KEPT if key in answer}
        told.append(json.dumps(kept)[:-1] + (", …}\n" if len(kept) < len(answer) else "}\n"))
    return "".join(told)


if __name__ == "__main__":
    for path in PAGES:
        path.write_text(written(path.read_text("utf-8")), "utf-8", newline="\n")
    PICTURE.write_text(drawn(), "utf-8", newline="\n")
    sys.stdout.write("written\n")
