"""The blocks and the words in code of everything that people read about this project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dev
from tests.packaging.offline import ROOT

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>[^\n`]*?)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<body>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)
_SPAN = re.compile(r"`([^`]+)`")
INDENTED = frozenset({"docs/architecture.md"})
"""Pages whose blocks are indented and show no command: other tests read them."""


class Block(NamedTuple):
    """One fenced block."""

    page: Path
    line: int
    kind: str
    title: str
    body: str

    @property
    def where(self) -> str:
        """Page and line, as a test's id."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def pages() -> tuple[Path, ...]:
    """All pages, but the history of changes and what is made from the code, which a build may have left here."""
    found = [*ROOT.glob("*.md"), *(path for name in ("docs", "examples") for path in (ROOT / name).rglob("*.md"))]
    return tuple(sorted(path for path in found if path.name != "CHANGELOG.md" and not is_made(path)))


def is_made(page: Path) -> bool:
    """Whether `dev.py docs` makes this page from the code."""
    return any(page.is_relative_to(ROOT / "docs" / folder) for folder in dev.MADE_PAGES)


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        body = re.sub(rf"^{found['indent']}", "", found["body"], flags=re.MULTILINE)
        yield Block(page, text.count("\n", 0, found.start()) + 1, found["kind"], found["title"] or "", body)


def prose(page: Path) -> str:
    """The page without its blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def spans(page: Path) -> Iterator[str]:
    """The words that a page sets in code; one that goes over a line's end is one line here."""
    for found in _SPAN.finditer(prose(page)):
        yield re.sub(r"\s+", " ", found[1])


def indented(page: Path) -> tuple[str, ...]:
    """First lines of blocks that are set by indentation, which say not what they are."""
    return tuple(re.findall(r"(?<=\n\n)    (?! )(?:[^\n]*)(?=\n)", _without_lists(prose(page))))


def _without_lists(text: str) -> str:
    return re.sub(r"^(?:- |\d+\. ).*\n(?:(?:  .*)?\n)*", "", text, flags=re.MULTILINE)
