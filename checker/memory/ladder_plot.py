"""Draws the ladders of a deployment: a field for each context and number of requests, filled where it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.memory.fit import Fit
from checker.memory.ladder import CacheLadder, Ladder
from checker.memory.plot import STYLE, cut, escaped
from checker.memory.units import GIB

_WIDTH, _LEFT, _RIGHT, _TOP = 920, 130, 20, 84
_ROW, _GAP, _HEAD = 28, 34, 46
# Blue and orange are told apart by people who see no red or no green too (Okabe and Ito,
# https://jfly.uni-koeln.de/color/), and differ in brightness; what does not fit is not filled at all.
_FIELDS = """\
    .fits { fill: #0072b2 } .tight { fill: #e69f00 } .no, .unknown { fill: none; stroke: #d1d9e0 }
    .on-fits { fill: #ffffff } .on-tight { fill: #1f2328 } .on-no, .on-unknown { fill: #59636e }
    .asked { fill: none; stroke: #1f2328; stroke-width: 3 }
    @media (prefers-color-scheme: dark) {
      .no, .unknown { stroke: #3d444d } .on-fits { fill: #ffffff } .on-tight { fill: #1f2328 }
      .on-no, .on-unknown { fill: #9198a1 } .asked { stroke: #e6edf3 }
    }"""
_KINDS = {Fit.YES: "fits", Fit.UNSURE: "tight", Fit.NO: "no", None: "unknown"}
_LEGEND = (("fits", "fits"), ("tight", "tight: inside the error band"), ("no", "does not fit"))


def svg(title: str, subtitle: str, ladders: Sequence[CacheLadder]) -> str:
    """The picture: a table for each number format of the KV cache, in GiB of one GPU.

    Args:
        title: stands above.
        subtitle: what the fields are held against.
        ladders: the tables, from above.
    """
    body: list[str] = []
    y = _TOP
    for each in ladders:
        name = f"KV cache in {each.kv_cache}" if len(ladders) > 1 else "all formats of the cache"
        body += _table(name, each.ladder, y)
        y += _HEAD + _ROW * len(each.ladder.rows) + _GAP
    body += _legend(y)
    height = y + 34
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}"'
        f' role="img" aria-label="{escaped(title)}">',
        f"  <style>\n{STYLE}\n{_FIELDS}\n  </style>",
        f'  <rect class="ground" width="{_WIDTH}" height="{height}"/>',
        f'  <text class="title" x="20" y="28">{escaped(cut(title, 88))}</text>',
        f'  <text class="quiet" x="20" y="50">{escaped(cut(subtitle, 130))}</text>',
    )
    return "\n".join((*head, *body, "</svg>")) + "\n"


def _table(name: str, ladder: Ladder, top: int) -> Iterator[str]:
    wide = (_WIDTH - _LEFT - _RIGHT) / len(ladder.columns)
    yield f'  <text x="20" y="{top + 12}" font-weight="600">{escaped(name)}</text>'
    yield f'  <text class="quiet" x="{_WIDTH - _RIGHT}" y="{top + 12}" text-anchor="end">parallel requests</text>'
    yield f'  <text class="quiet" x="{_LEFT - 12}" y="{top + 36}" text-anchor="end">tokens of context</text>'
    for index, column in enumerate(ladder.columns):
        x = _LEFT + (index + 0.5) * wide
        yield f'  <text class="quiet" x="{x:.1f}" y="{top + 36}" text-anchor="middle">{column}</text>'
    for index, (row, cells) in enumerate(zip(ladder.rows, ladder.cells, strict=True)):
        y = top + _HEAD + index * _ROW
        yield f'  <text x="{_LEFT - 12}" y="{y + 18}" text-anchor="end">{row}</text>'
        for place, cell in enumerate(cells):
            x, kind = _LEFT + place * wide, _KINDS[cell.fit]
            amount = "?" if cell.needed is None else f"{cell.needed / GIB:.1f}"
            says = f"{row} tokens, {ladder.columns[place]} requests: {amount} GiB{f', {cell.fit}' if cell.fit else ''}"
            yield f"  <g><title>{escaped(says)}</title>"
            size = f'width="{wide - 2:.1f}" height="{_ROW - 2}" rx="3"'
            yield f'    <rect class="{kind}" x="{x + 1:.1f}" y="{y + 1}" {size}/>'
            yield (
                f'    <text class="on-{kind}" x="{x + wide / 2:.1f}" y="{y + 18}" text-anchor="middle">{amount}</text>'
            )
            yield "  </g>"
    i, j = ladder.asked
    yield (
        f'  <rect class="asked" x="{_LEFT + j * wide + 1:.1f}" y="{top + _HEAD + i * _ROW + 1}"'
        f' width="{wide - 2:.1f}" height="{_ROW - 2}" rx="3"/>'
    )


def _legend(top: int) -> Iterator[str]:
    x = 20
    for kind, words in (*_LEGEND, ("asked", "the plan's context and requests")):
        yield f'  <rect class="{kind}" x="{x}" y="{top}" width="16" height="13" rx="2"/>'
        yield f'  <text x="{x + 23}" y="{top + 11}">{words}</text>'
        x += 48 + 8 * len(words)
    yield f'  <text class="quiet" x="{_WIDTH - _RIGHT}" y="{top + 11}" text-anchor="end">GiB of one GPU</text>'
