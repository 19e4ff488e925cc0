"""Draws what plans need beside what a GPU has: stacked bars as SVG, readable on light and on dark ground."""

from __future__ import annotations

from collections.abc import Sequence

from checker.document.errors import visible
from checker.memory.estimate import Estimate
from checker.memory.units import GIB, gib
from checker.value import NamedTuple


class Bar(NamedTuple):
    """One plan."""

    label: str
    estimate: Estimate
    note: str = ""
    """What stands behind the amount: `fits`."""


class Mark(NamedTuple):
    """One amount of memory that all bars are held against."""

    label: str
    bytes: int


_WIDTH, _LEFT, _RIGHT, _TOP = 920, 250, 170, 64
_ROW, _THICK = 38, 22
_LINE = 22
_LABEL = 36
"""Characters of a label that are shown; the whole stands in the bar's title."""
# Told apart by people who see no red or no green too (Okabe and Ito, https://jfly.uni-koeln.de/color/).
_COLOURS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#B8A900",
    "#7F7F7F",
    "#8C6BB1",
    "#A6761D",
)
STYLE = """\
    text { font: 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; fill: #1f2328 }
    .title { font-size: 16px; font-weight: 600 }
    .quiet { fill: #59636e; font-size: 12px }
    .grid { stroke: #d1d9e0; stroke-width: 1 }
    .mark { stroke: #cf222e; stroke-width: 2 }
    .less { stroke-dasharray: 5 4 }
    .ground { fill: #ffffff }
    .part { stroke: #ffffff; stroke-width: 1 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 } .quiet { fill: #9198a1 } .grid { stroke: #3d444d } .mark { stroke: #ff7b72 }
      .ground { fill: #0d1117 } .part { stroke: #0d1117 }
    }"""


def svg(title: str, bars: Sequence[Bar], marks: Sequence[Mark]) -> str:
    """The picture: a bar for each plan, its parts in the colours of the legend, and a line for each mark.

    Args:
        title: stands above.
        bars: the plans, from above.
        marks: at most two, the larger first.
    """
    names = list(dict.fromkeys(term.name for bar in bars for term in bar.estimate.terms))
    colours = {name: _COLOURS[index % len(_COLOURS)] for index, name in enumerate(names)}
    most = max((*(bar.estimate.peak_bytes for bar in bars), *(mark.bytes for mark in marks)), default=GIB)
    step = _step(most)
    scale = (_WIDTH - _LEFT - _RIGHT) / (most * 1.02)
    bottom = _TOP + _ROW * len(bars)
    legend, height = _legend(colours, bottom + 44)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        f' role="img" aria-label="{escaped(title)}">',
        f"  <style>\n{STYLE}\n  </style>",
        f'  <rect class="ground" width="{_WIDTH}" height="{height}"/>',
        f'  <text class="title" x="20" y="28">{escaped(cut(title, 100))}</text>',
        *_axis(step, most, scale, bottom),
    ]
    for index, bar in enumerate(bars):
        lines += _bar(bar, _TOP + index * _ROW, scale, colours)
    lines += _marks(marks, scale, bottom)
    return "\n".join((*lines, *legend, "</svg>")) + "\n"


def _step(most: int) -> int:
    """The distance of two lines of the grid in bytes, so that there are at most eight."""
    step = GIB // 4
    while most / step > 8:
        step *= 2
    return step


def _axis(step: int, most: int, scale: float, bottom: int) -> list[str]:
    lines = []
    for amount in range(0, most + 1, step):
        x = _LEFT + amount * scale
        lines.append(f'  <line class="grid" x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{bottom}"/>')
        lines.append(
            f'  <text class="quiet" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{amount / GIB:g}</text>'
        )
    lines.append(f'  <text class="quiet" x="{_WIDTH - 20}" y="{bottom + 18}" text-anchor="end">GiB of one GPU</text>')
    return lines


def _bar(bar: Bar, top: int, scale: float, colours: dict[str, str]) -> list[str]:
    middle, x = top + _THICK - 6, float(_LEFT)
    lines = [
        f"  <g><title>{escaped(bar.label)}: {gib(bar.estimate.peak_bytes)}</title>",
        f'    <text x="{_LEFT - 10}" y="{middle}" text-anchor="end">{escaped(cut(bar.label, _LABEL))}</text>',
    ]
    for term in sorted(bar.estimate.terms, key=lambda term: list(colours).index(term.name)):
        width = term.bytes * scale
        lines.append(
            f'    <rect class="part" x="{x:.1f}" y="{top}" width="{width:.1f}" height="{_THICK}"'
            f' fill="{colours[term.name]}"><title>{escaped(term.name)}: {gib(term.bytes)}</title></rect>'
        )
        x += width
    note = f" {bar.note}" if bar.note else ""
    lines.append(
        f'    <text x="{_WIDTH - _RIGHT + 14}" y="{middle}">{gib(bar.estimate.peak_bytes)}{escaped(note)}</text>'
    )
    return [*lines, "  </g>"]


def _marks(marks: Sequence[Mark], scale: float, bottom: int) -> list[str]:
    """The lines, with their labels above."""
    lines = []
    for index, mark in enumerate(marks):
        x = _LEFT + mark.bytes * scale
        kind = "mark less" if index else "mark"
        lines.append(f'  <line class="{kind}" x1="{x:.1f}" y1="{_TOP - 10}" x2="{x:.1f}" y2="{bottom}"/>')
        # The second amount is the smaller one and is told to the left of its line, so that the two never meet.
        anchor = "end" if index else "start"
        lines.append(
            f'  <text class="quiet" x="{x:.1f}" y="{_TOP - 14}" text-anchor="{anchor}">{escaped(mark.label)}</text>'
        )
    return lines


def _legend(colours: dict[str, str], top: int) -> tuple[list[str], int]:
    lines, x, y = [], 20, top
    for name, colour in colours.items():
        width = 34 + 8 * len(name)
        if x + width > _WIDTH - 20:
            x, y = 20, y + _LINE
        lines.append(f'  <rect x="{x}" y="{y - 11}" width="13" height="13" rx="2" fill="{colour}"/>')
        lines.append(f'  <text x="{x + 19}" y="{y}">{escaped(name)}</text>')
        x += width
    return lines, y + 20


def cut(text: str, most: int) -> str:
    """Text of at most `most` characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def escaped(text: str) -> str:
    """Text for a file that a browser reads: no markup, and no character that XML does not have."""
    shown = visible(text) if not text.isprintable() else text
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
