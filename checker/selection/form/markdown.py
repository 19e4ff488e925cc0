"""For pull requests and notes: a table for each group, all text escaped."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.markdown import code, prose, row
from checker.selection.chosen import Chosen
from checker.selection.form.text import NOTHING_TESTED, TITLES, head, memory, quality, tally, why
from checker.selection.rank import Ranked


def render(chosen: Chosen) -> str:
    """The choice as Markdown."""
    return "\n".join(_lines(chosen)) + "\n"


def _lines(chosen: Chosen) -> Iterator[str]:
    yield from ("## Models for this use", "", *(f"{prose(line)}  " for line in head(chosen)))
    for group, title in TITLES.items():
        if not chosen.of(group):
            continue
        yield from ("", f"### {chosen.count(group)} {title}", "")
        yield from (row(("model", "score", "quality", "memory", "why")), row(("---",) * 5))
        yield from (_row(one, chosen) for one in chosen.shown(group))
        left = chosen.count(group) - len(chosen.shown(group))
        yield from ("", f"… and {left} more") if left else ()
    yield from ("", f"{prose(tally(chosen))}. ★ is on the front of quality against memory.", "", NOTHING_TESTED)


def _row(one: Ranked, chosen: Chosen) -> str:
    name = code(one.judged.id) + (" ★" if one.front else "")
    said = prose("; ".join(why(one)))
    return row((name, f"{one.score:.3f}", prose(quality(one, chosen.wishes.benchmark)), prose(memory(one)), said))
