"""The picture in docs/architecture.md, drawn from the imports: `python3 dev.py generate` writes it, a test compares it.

Each room stands in one box, and boxes have an arrow where one needs another and no third already stands between them:
all other imports follow the arrows downwards.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap

from tests.packaging import imports
from tests.packaging.offline import ROOT

PICTURE = ROOT / "docs" / "architecture.svg"
BOXES = {
    "Entries": "commands command_line main published api __main__",
    "Trials of policies": "policy_tests impact",
    "Fleets": "fleet cluster cluster_quiet",
    "Choosing models": "selection questionnaire compared remedies",
    "Time": "since forecast adopt recorded runs",
    "Outputs": "report pages bom attested",
    "One run": "gate console surroundings",
    "Exceptions": "waivers applying",
    "Sizing": "sizing",
    "Judging": "engine gather vocabulary",
    "Verdicts": "verdict remedy request",
    "Layers from elsewhere": "vendor pins",
    "Policy and rules": "policy rules custom rulebook",
    "What code uses": "scan",
    "The Hub": "hub",
    "What is declared": "manifest hardware",
    "Knowledge": "licenses memory guidance controls",
    "Facts": "facts baseline",
    "Files": "document git workers value exit_code",
}
"""What stands together, with its rooms."""
_COLUMNS = {
    **dict.fromkeys(("Trials of policies", "Time", "What code uses"), 0),
    **dict.fromkeys(("Sizing", "Layers from elsewhere", "The Hub"), 2),
}
"""The column of a box; the middle one for all others."""

_WIDTH, _HEIGHT, _GAP, _BETWEEN = 222, 54, 32, 26
_LEFT, _RIGHT = 10, 40
_WHOLE = _LEFT + 3 * _WIDTH + 2 * _BETWEEN + _RIGHT


def needs() -> imports.Graph:
    """Which box needs which: the imports between them.

    Raises:
        LookupError: a room stands in no box.
    """
    box_of = {room: box for box, rooms in BOXES.items() for room in rooms.split()}
    return imports.between({module: box_of[room] for module, room in imports.rooms().items()})


def arrows() -> set[tuple[str, str]]:
    """The needs that do not follow from others."""
    edges = needs()
    reached = {box: below(edges, box) for box in edges}
    return {
        (box, other)
        for box, others in edges.items()
        for other in others
        if not any(other in reached[one] for one in others)
    }


def below(edges: imports.Graph, box: str) -> set[str]:
    """All boxes that arrows lead to from one, over others too."""
    return set().union(*({other} | below(edges, other) for other in edges[box]))


def drawn() -> str:
    """The picture: who needs others stands above them, and nothing points upwards."""
    edges = needs()
    depths = {box: _depth(edges, box) for box in BOXES}
    top = max(depths.values())
    places = {box: _place(box, top - row) for box, row in depths.items()}
    height = (top + 1) * (_HEIGHT + _GAP) + 2
    parts = [_box(box, *places[box]) for box in BOXES]
    beside = 0
    for one, other in sorted(arrows(), key=lambda edge: (places[edge[1]], places[edge[0]])):
        if depths[one] == top and _COLUMNS.get(other) == 2 and other != "Sizing":
            beside += 1
            parts.append(_around(places[other], 12 * beside))
        else:
            parts.append(_arrow(places[one], places[other], wide=depths[one] == top))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WHOLE} {height}" role="img" aria-label="Rooms and their'
        ' imports" font-family="system-ui, sans-serif">\n'
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#4a5568"/></marker></defs>\n'
        f'<rect width="{_WHOLE}" height="{height}" fill="#fff"/>\n' + "".join(parts) + "</svg>\n"
    )


def rows() -> int:
    """How many rows the picture has."""
    return 1 + max(_depth(needs(), box) for box in BOXES)


def _depth(edges: imports.Graph, box: str) -> int:
    return max((1 + _depth(edges, other) for other in edges[box]), default=0)


def _place(box: str, row: int) -> tuple[int, int, int]:
    """Top, left and width."""
    top = 6 + row * (_HEIGHT + _GAP)
    if row == 0:
        return top, _LEFT, _WHOLE - 2 * _LEFT
    return top, _LEFT + _COLUMNS.get(box, 1) * (_WIDTH + _BETWEEN), _WIDTH


def _box(box: str, top: int, left: int, width: int) -> str:
    middle = left + width // 2
    lines = wrap(BOXES[box].replace("__main__", ""), 34 if width == _WIDTH else 100)
    text = "".join(
        f'<text x="{middle}" y="{top + 33 + 14 * index}" font-size="11.5" fill="#4a5568">{escape(line)}</text>\n'
        for index, line in enumerate(lines)
    )
    return (
        f'<g text-anchor="middle"><rect x="{left}" y="{top}" width="{width}" height="{_HEIGHT}" rx="5" fill="#edf2f7"'
        f' stroke="#718096"/>\n<text x="{middle}" y="{top + 17}" font-size="13" font-weight="600"'
        f' fill="#1a202c">{escape(box)}</text>\n{text}</g>\n'
    )


def _arrow(source: tuple[int, int, int], target: tuple[int, int, int], *, wide: bool) -> str:
    """Down from one box, across between two rows, down into the other, on the side from which it comes."""
    x_to = target[1] + target[2] // 2
    if wide or source[1] == target[1]:
        return _line(f"M{x_to} {source[0] + _HEIGHT}V{target[0] - 1}")
    x_from = source[1] + source[2] // 2
    x_to += 50 if x_from > x_to else -50
    outwards = target[1] == _LEFT  # past the middle column, whose boxes it must not cross
    across = source[0] + _HEIGHT + 9 if outwards else target[0] - 13
    return _line(f"M{x_from} {source[0] + _HEIGHT}V{across}H{x_to}V{target[0] - 1}")


def _around(target: tuple[int, int, int], beside: int) -> str:
    """Down the right side, into the box from there."""
    right = target[1] + target[2]
    return _line(f"M{right + beside} {6 + _HEIGHT}V{target[0] + _HEIGHT // 2}H{right + 1}")


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="#4a5568" stroke-width="1.3" marker-end="url(#a)"/>\n'
