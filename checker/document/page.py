"""Pages whose text stays text, whatever somebody wrote into a manifest: one way for all templates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checker.document.errors import visible


@cache
def environment(folder: Path) -> Environment:
    """The templates of a folder: everything is escaped, and an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """A value with what turns text around, or is no character at all, spelled out; our own mark-up as it is."""
    return value if isinstance(value, Markup) else "\n".join(map(visible, str(value).split("\n")))
