"""Tables and lines of `baseline` as text for a terminal, or as Markdown."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from checker.document.errors import visible

_FORMS = ("text", "json", "markdown")


def add_output(parser: ArgumentParser) -> None:
    """The option that chooses the format."""
    parser.add_argument(
        "--output", choices=_FORMS, default="text", metavar="FORMAT", help=f"one of {', '.join(_FORMS)}; default: text"
    )
    parser.add_argument("--json", action="store_const", const="json", dest="output", help="--output json")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], markdown: bool) -> str:
    """A table whose cells come from files of others: they are made safe for the medium."""
    if markdown:
        from checker.document.markdown import prose, row

        lines = [tuple(head), ("---",) * len(head), *(tuple(map(prose, cells)) for cells in rows)]
        return "".join(f"{row(cells)}\n" for cells in lines)
    shown = [[visible(cell) for cell in cells] for cells in (head, *rows)]
    widths = [max(len(cells[column]) for cells in shown) for column in range(len(head))]
    return "".join(
        f"  {'  '.join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()}\n"
        for cells in shown
    )


def line(text: str, markdown: bool, mark: str = "- ") -> str:
    """One statement."""
    if not markdown:
        return f"{visible(text)}\n"
    from checker.document.markdown import prose

    return f"{mark}{prose(text)}\n"


def number(value: float | None) -> str:
    """A score or an error in four digits."""
    return "-" if value is None else f"{value:.4g}"
