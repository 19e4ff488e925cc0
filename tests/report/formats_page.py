"""The list of formats in docs/outputs.md: `python3 dev.py generate` writes it, and a test compares it."""

from __future__ import annotations

import re
from importlib import import_module

from checker.report import formats

_LIST = re.compile(r"(<!-- formats: [^\n]* -->\n).*?(<!-- end -->\n)", re.DOTALL)


def written(page: str) -> str:
    """The page with a line a format, which is the first sentence of its module."""
    lines = "".join(f"- `{name}`: {_first_line(name)}\n" for name in formats())
    return _LIST.sub(lambda found: f"{found[1]}\n{lines}\n{found[2]}", page)


def _first_line(name: str) -> str:
    text = import_module(f"checker.report.{name}").__doc__ or ""
    return " ".join(text.partition("\n\n")[0].split())
