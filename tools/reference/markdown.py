"""Pieces of Markdown that the pages of the reference share."""

from __future__ import annotations

import re
from collections.abc import Iterable


def cell(text: str) -> str:
    """Text inside a table: on one line, and no bar ends the cell."""
    return " ".join(text.split()).replace("|", "\\|")


def row(*cells: str) -> str:
    """One line of a table."""
    return f"| {' | '.join(map(cell, cells))} |\n"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table with its head."""
    return row(*head) + row(*("---" for _ in head)) + "".join(row(*one) for one in rows)


def code(text: str) -> str:
    """Text as it is typed; empty stays empty."""
    return f"`{text}`" if text else ""


def anchor(heading: str) -> str:
    """What a link to a heading ends with."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())
