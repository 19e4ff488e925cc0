"""The licence lineage of one model: itself on the left, what it descends from to the right, a line a relation."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from checker.report.pictures import filled
from checker.value import NamedTuple

_BOX_WIDTH, _BOX_HEIGHT = 250, 54
_GAP_ACROSS, _GAP_DOWN = 110, 18
_LETTERS = 34
"""Letters of the box's font that fit into it."""


class Member(NamedTuple):
    """One model of a family."""

    id: str
    license: str
    """Its licence as it is shown: the id, or what is written where that names no single text, or that it is unknown."""


class Descent(NamedTuple):
    """One step of it."""

    child: str
    parent: str
    relation: str


class _Placed(NamedTuple):
    member: Member
    left: int
    top: int


def draw(title: str, members: Sequence[Member], descents: Sequence[Descent]) -> Markup:
    """The picture; the first member is the model itself, and every other is reached from it by `descents`."""
    placed = _places(members, descents)
    width = max(one.left for one in placed.values()) + _BOX_WIDTH + 2
    height = max(one.top for one in placed.values()) + _BOX_HEIGHT + 2
    told = ". ".join(f"{one.child} descends from {one.parent} ({one.relation})" for one in descents)
    lines = [_line(placed[one.child], placed[one.parent], one.relation) for one in descents]
    boxes = [_box(one, is_self=number == 0) for number, one in enumerate(placed.values())]
    return filled(
        '<svg class="picture" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title><desc>{}</desc>{}{}</svg>",
        width,
        height,
        width,
        height,
        title,
        told,
        Markup().join(lines),
        Markup().join(boxes),
    )


def _places(members: Sequence[Member], descents: Sequence[Descent]) -> dict[str, _Placed]:
    """A column for each generation; a model that is reached by several ways stands in the furthest column."""
    generation = {members[0].id: 0}
    for _ in members:
        for step in descents:
            if step.child in generation:
                least = generation[step.child] + 1
                generation[step.parent] = min(max(generation.get(step.parent, 0), least), len(members))
    rows: dict[int, int] = {}
    placed = {}
    for member in members:
        column = generation.get(member.id, 0)
        row = rows.get(column, 0)
        rows[column] = row + 1
        placed[member.id] = _Placed(
            member, 1 + column * (_BOX_WIDTH + _GAP_ACROSS), 1 + row * (_BOX_HEIGHT + _GAP_DOWN)
        )
    return placed


def _line(child: _Placed, parent: _Placed, relation: str) -> Markup:
    start, end = child.left + _BOX_WIDTH, parent.left
    above, below = child.top + _BOX_HEIGHT // 2, parent.top + _BOX_HEIGHT // 2
    middle = (start + end) // 2
    return filled(
        '<path class="step" d="M{} {} C{} {} {} {} {} {}"/><text class="relation" x="{}" y="{}">{}</text>',
        start,
        above,
        middle,
        above,
        middle,
        below,
        end,
        below,
        end - 6,
        below - 5,
        relation,
    )


def _box(placed: _Placed, *, is_self: bool) -> Markup:
    name, terms = placed.member
    return filled(
        '<g><title>{}: {}</title><rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="6"/>'
        '<text class="name" x="{}" y="{}">{}</text><text class="terms" x="{}" y="{}">{}</text></g>',
        *(name, terms, "self" if is_self else "kin", placed.left, placed.top, _BOX_WIDTH, _BOX_HEIGHT),
        *(placed.left + 10, placed.top + 22, _short(name), placed.left + 10, placed.top + 42, _short(terms)),
    )


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
