"""Draws memory against score as SVG: the front as a line, what is stopped in grey; readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence

from checker.document.errors import visible
from checker.memory.units import GIB, gib
from checker.selection.chosen import Chosen, reasons
from checker.selection.judge import Group
from checker.selection.rank import Ranked
from checker.value import NamedTuple

_WIDTH, _HEIGHT = 920, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 84, 60
_LABELLED = 12
"""How many points are named in the picture; every point has its name as its title."""
_SHOWN = 4.0
"""How many times the usable memory the axis reaches at most: what needs more stands at its end."""
_STYLE = """\
    text { font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; fill: #1f2328 }
    .title { font-size: 16px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12px }
    .grid { stroke: #d1d9e0; stroke-width: 1 }
    .mark { stroke: #cf222e; stroke-width: 2 }
    .front { stroke: #0072b2; stroke-width: 2; fill: none }
    .ground { fill: #ffffff }
    .name { paint-order: stroke; stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
    .passes { fill: #0072b2 }
    .changed { fill: #e69f00 }
    .stopped { fill: #afb8c1 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .mark { stroke: #ff7b72 }
      .ground { fill: #0d1117 } .name { stroke: #0d1117 }
      .front { stroke: #56b4e9 } .passes { fill: #56b4e9 } .stopped { fill: #6e7681 }
    }"""
_CLASSES = {Group.PASSES: "passes", Group.CHANGE: "changed"}
_LEGEND = (("passes", "passes"), ("changed", "passes with a change"), ("stopped", "does not pass (title: why)"))


class _Scale(NamedTuple):
    """Where amounts stand in the picture."""

    most: float
    """Bytes at the right end."""
    low: float
    high: float
    """The scores at the lower and the upper end."""

    def x(self, memory: float) -> float:
        return _LEFT + min(memory, self.most) / self.most * (_WIDTH - _LEFT - _RIGHT)

    def y(self, score: float) -> float:
        return _HEIGHT - _BOTTOM - (score - self.low) / (self.high - self.low) * (_HEIGHT - _TOP - _BOTTOM)


def svg(chosen: Chosen) -> str:
    """The picture of every candidate that has both a score and an estimate of memory."""
    points = [one for one in chosen.all if one.quality is not None and one.memory is not None]
    limit = next((one.limit for one in points if one.limit), None)
    scale = _scale(points, limit)
    benchmark = chosen.wishes.benchmark or "score"
    title = f"{chosen.question.entry.objective.value}: memory against {benchmark}"
    left_out = len(chosen.all) - len(points)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{_escaped(title)}">',
        f"  <style>\n{_STYLE}\n  </style>",
        f'  <rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'  <text class="title" x="20" y="28">{_escaped(title)}</text>',
        f'  <text class="quiet" x="20" y="{_HEIGHT - 10}">{left_out} without {_escaped(benchmark)} or estimate are not'
        " drawn; what needs more than the axis shows stands at its end</text>",
        *_relaxed(chosen),
        *_legend(),
        *_axes(scale, limit),
    ]
    for group in reversed(Group):
        lines += [_point(one, scale) for one in points if one.judged.group is group]
    lines += _front([one for one in points if one.front], scale)
    return "\n".join((*lines, "</svg>")) + "\n"


def _scale(points: Sequence[Ranked], limit: int | None) -> _Scale:
    needed = max((one.memory or 0 for one in points), default=GIB)
    most = min(needed * 1.05, limit * _SHOWN) if limit else needed * 1.05
    scores = [one.quality.value.score for one in points if one.quality is not None] or [0.0, 100.0]
    low, high = min(scores), max(scores)
    room = max(1.0, (high - low) * 0.06)
    return _Scale(max(most, 1.0), low - room, high + room)


def _axes(scale: _Scale, limit: int | None) -> list[str]:
    bottom, lines = _HEIGHT - _BOTTOM, []
    step = GIB
    while scale.most / step > 9:
        step *= 2
    for amount in range(0, int(scale.most) + 1, step):
        x = scale.x(amount)
        lines.append(f'  <line class="grid" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        lines.append(
            f'  <text class="quiet" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{amount / GIB:g}</text>'
        )
    lines.append(f'  <text class="quiet" x="{_WIDTH - 20}" y="{bottom + 34}" text-anchor="end">GiB of one GPU</text>')
    for score in range(int(scale.low // 10) * 10, int(scale.high) + 11, 10):
        if scale.low <= score <= scale.high:
            y = scale.y(score)
            lines.append(f'  <line class="grid" x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}"/>')
            lines.append(f'  <text class="quiet" x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{score}</text>')
    if limit is not None:
        x = scale.x(limit)
        lines.append(f'  <line class="mark" x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}"/>')
        lines.append(f'  <text class="quiet" x="{x + 4:.1f}" y="{_TOP - 8}">usable: {gib(limit)}</text>')
    return lines


def _point(one: Ranked, scale: _Scale) -> str:
    assert one.quality is not None
    assert one.memory is not None
    kind = _CLASSES.get(one.judged.group, "stopped")
    score = one.quality.value
    who = "publisher" if score.first_party else "third party"
    said = f"{one.judged.id}: {score.name} {score.score:g} ({who}), {gib(one.memory)}"
    why = "; ".join(change.said for change in one.judged.changes) or "; ".join(reasons(one.judged))
    title = f"{said}; {why}" if why else said
    at = f'cx="{scale.x(one.memory):.1f}" cy="{scale.y(score.score):.1f}"'
    return f'  <circle class="{kind}" {at} r="{5 if one.front else 4}"><title>{_escaped(title)}</title></circle>'


def _front(leading: Sequence[Ranked], scale: _Scale) -> list[str]:
    """A line for each kind of reporter, since their scores are not compared with each other, and the names."""
    lines: list[str] = []
    named: list[tuple[float, float]] = []
    for first_party in (False, True):
        on = [one for one in leading if one.quality is not None and one.quality.value.first_party is first_party]
        spots = sorted(
            (scale.x(one.memory or 0), scale.y(one.quality.value.score), one.judged.id)
            for one in on
            if one.quality is not None
        )
        if len(spots) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in spots)
            dashes = ' stroke-dasharray="6 4"' if first_party else ""
            lines.append(f'  <polyline class="front" points="{path}"{dashes}/>')
        for x, y, name in spots:
            if len(named) < _LABELLED and all(abs(x - left) > 150 or abs(y - top) > 15 for left, top in named):
                named.append((x, y))
                anchor = "end" if x > _WIDTH - 220 else "start"
                shift = -8 if anchor == "end" else 8
                lines.append(
                    f'  <text class="name" x="{x + shift:.1f}" y="{y - 7:.1f}" text-anchor="{anchor}">'
                    f"{_escaped(name.rpartition('/')[2][:36])}</text>"
                )
    return lines


def _relaxed(chosen: Chosen) -> list[str]:
    """What loosens the run, below the title."""
    said = _escaped("; ".join(chosen.basis.relaxations))
    return [f'  <text class="quiet" x="20" y="42">relaxed: {said}</text>'] if said else []


def _legend() -> list[str]:
    lines, x = [], 20
    for kind, said in _LEGEND:
        lines.append(f'  <circle class="{kind}" cx="{x + 5}" cy="50" r="5"/>')
        lines.append(f'  <text class="quiet" x="{x + 16}" y="54">{said}</text>')
        x += 34 + 7 * len(said)
    lines.append(f'  <text class="quiet" x="{x}" y="54">line: the front by third parties; dashed: by publishers</text>')
    return lines


def _escaped(text: str) -> str:
    """Text for a file that a browser reads: no markup, and no character that XML does not have."""
    shown = visible(text) if not text.isprintable() else text
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
