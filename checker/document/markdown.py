"""Untrusted text inside Markdown that GitHub or GitLab renders: it stays text, whatever is in it."""

from __future__ import annotations

import re

from checker.document.errors import visible

_ENTITIES = {ord(mark): f"&#{ord(mark)};" for mark in "&<>|`*_[]#!~@:\\$^{}"}
"""The marks that mean something within a line; what means something at its beginning never stands there."""
_WWW = re.compile(r"(www)\.", re.IGNORECASE)
_REFERENCES = re.compile(r"(?<=[@#!$%&~^])(?=[\w/.-])|(?<=\bGH-)(?=\d)|(?<=\bgh-)(?=\d)")
_BREAK = "\u200b"
"""A zero-width space."""


def prose(untrusted: str) -> str:
    """A sentence: each mark that Markdown could read as structure, link or HTML is an entity, which it reads as text.

    Code hosts look for `@name`, `#12`, `!12` and their like after they have decoded entities, so that a zero-width
    space stands behind such a mark.
    """
    broken = _REFERENCES.sub(_BREAK, visible(untrusted))
    return _escaped(broken)


def code(untrusted: str) -> str:
    """A name or a place, to be copied as it is: code hosts look for no mention and no reference inside `<code>`."""
    return f"<code>{_escaped(visible(untrusted))}</code>"


def _escaped(text: str) -> str:
    return _WWW.sub(r"\1&#46;", text.translate(_ENTITIES))


def fenced(untrusted: str, language: str) -> str:
    """Lines to be copied, in a fence that is longer than any in them."""
    lines = [visible(line) for line in untrusted.splitlines()]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *lines, fence))


def row(cells: tuple[str, ...]) -> str:
    """One row of a table; the cells are escaped already, and so hold neither a bar nor a line end."""
    return f"| {' | '.join(cells)} |"
