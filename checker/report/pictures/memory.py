"""A sum of memory as one bar, cut into its parts, with what the hardware has as a line across it."""

from __future__ import annotations

from markupsafe import Markup

from checker.memory.units import gib
from checker.report.pictures import filled
from checker.rulebook.outcome import Stack

_WIDTH, _BAR, _TOP = 720, 44, 26
_ROOM = 110
"""What the words at a mark take, to the left of it."""
SHADES = 6
"""Classes `part0` to `part5` of the page; further parts repeat them."""


def draw(title: str, stack: Stack) -> Markup:
    """The picture; the parts stand in a table beside it, since a narrow one has no room for its name."""
    needed = sum(size for _, size in stack.parts)
    full = max(needed, stack.limit, 1)

    def across(size: int) -> float:
        return round(_WIDTH * size / full, 1)

    parts, left = [], 0
    for number, (name, size) in enumerate(stack.parts):
        parts.append(
            filled(
                '<rect class="part{}" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
                number % SHADES,
                across(left),
                _TOP,
                across(size),
                _BAR,
                name,
                gib(size),
            )
        )
        left += size
    marks = [_mark(across(stack.limit), f"{gib(stack.limit)} there", "limit")]
    if stack.usable != stack.limit:
        marks.append(_mark(across(stack.usable), "", "usable"))
    words = f"{title}: {gib(needed)} of {gib(stack.limit)}, of which {gib(stack.usable)} may be used"
    return filled(
        '<svg class="picture" role="img" viewBox="-1 0 {} {}" width="{}" height="{}"><title>{}</title>'
        '<text class="needed" x="0" y="16">{}</text>{}{}</svg>',
        *(_WIDTH + 3, _TOP + _BAR + 26, _WIDTH + 3, _TOP + _BAR + 26, words),
        *(f"{gib(needed)} needed", Markup().join(parts), Markup().join(marks)),
    )


def _mark(across: float, words: str, kind: str) -> Markup:
    return filled(
        '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="mark" x="{}" y="{}">{}</text>',
        kind,
        across,
        across,
        _TOP - 6,
        _TOP + _BAR + 6,
        max(across, _ROOM),
        _TOP + _BAR + 20,
        words,
    )
