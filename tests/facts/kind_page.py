"""The tables in docs/classify.md: `python3 dev.py generate` writes them, and a test compares them."""

from __future__ import annotations

import re
from pathlib import Path

from checker.facts.kind.rows import SIGNS, table

PAGE = Path(__file__).parents[2] / "docs" / "classify.md"
_PART = re.compile(r"<!-- (table|signs)(?: (\w+))? -->\n.*?<!-- end -->", re.DOTALL)


def written(page: str) -> str:
    """The page with the signs and the tables as the code has them."""
    return _PART.sub(
        lambda found: f"<!-- {found[1]}{f' {found[2]}' if found[2] else ''} -->\n{_made(found[2])}<!-- end -->", page
    )


def _made(name: str | None) -> str:
    if name is None:
        lines = [("sign", "what is compared"), ("---", "---"), *((f"`{sign}`", what) for sign, what in SIGNS.items())]
    else:
        rows = ((row.because, _code(row.written), row.gives or "none", row.certainty) for row in table(name))
        lines = [("because", "when", "gives", "certainty"), ("---",) * 4, *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _code(text: str) -> str:
    """A condition a line; a bar would end the cell, and a word that long would not be broken."""
    conditions = text.replace("|", " \\| ").split(" & ")
    return "<br>".join(f"`{condition}`" for condition in conditions)
