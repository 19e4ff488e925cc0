"""The output in docs/tutorial.md: `python -m tests.hooks.tutorial` goes through it, and a test compares it."""

from __future__ import annotations

import re
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

from tests.hooks.source import HookSource, hook_source
from tests.packaging import pages
from tests.packaging.offline import ROOT
from tests.packaging.terminal import Terminal, put
from tests.repository import TODAY

PAGE = ROOT / "docs" / "tutorial.md"


def gone_through(page: str, source: HookSource, folder: Path) -> str:
    """The page with what its commands print, gone through step by step in a folder: real git, real pre-commit."""
    terminal = Terminal(source.environment)

    def output(command: str) -> str:
        printed = terminal(command)
        return printed if " | " in command else _abridged(_steady(printed))

    with chdir(folder):
        return pages.written(page, output, put)


def _steady(text: str) -> str:
    """What a process of today prints, as it would on the day `TODAY` with an environment that is there already."""
    text = re.sub(r"^\[(?:INFO|WARNING)\] .*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^- duration: .*$", "- duration: 0.4s", text, flags=re.MULTILINE)
    text = re.sub(r"judged as of \d{4}-\d{2}-\d{2}", f"judged as of {TODAY}", text)
    return re.sub(r"\(\d+ days? old\)", "(5 days old)", text)


def _abridged(text: str) -> str:
    """The beginning, what blocks, and the end of a report; `[…]` stands for what is left out."""
    paragraphs = (text.strip("\n") + "\n").split("\n\n") if text else [""]
    kept = [
        number
        for number, paragraph in enumerate(paragraphs)
        if number in (0, len(paragraphs) - 1) or ": blocks (" in paragraph or ": project " in paragraph
    ]
    shown: list[str] = []
    for before, number in zip([-1, *kept], kept, strict=False):
        shown += ["[…]"] if number > before + 1 else []
        shown.append(paragraphs[number])
    return "\n\n".join(shown)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        made = hook_source(Path(place))
        (Path(place) / "reader").mkdir()
        text = gone_through(PAGE.read_text("utf-8"), made, Path(place) / "reader")
    PAGE.write_text(text, "utf-8", newline="\n")
    sys.stdout.write("written\n")
