"""An impact for the pull request of the policy's own repository: within a comment's bounds, the gravest changes first.

The first line is a comment that nobody sees; whoever posts the text looks for it and updates that comment in place.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.markdown import code, prose, row
from checker.exit_code import ExitCode
from checker.impact import words
from checker.impact.record import Kind, Record, Shift
from checker.impact.run import Impact

MARKER = "<!-- weighbridge-impact -->"
"""The hidden first line by which a comment is found again."""
MAX_CHARACTERS = 65_536
"""Characters that GitHub takes in a comment."""
_FOR_THE_NOTE = 600
"""Characters that are kept free for what was cut, and for the ends of sections."""
_MOST_CHANGES = 50
"""Settings of the policy that are listed one by one."""
_SHORT = 300
"""Characters of one cell at most: a list of licences may be long."""
_TITLES = {
    ExitCode.OK: "nothing gets worse",
    ExitCode.BLOCKED: "projects would newly be blocked",
    ExitCode.UNKNOWN: "projects could no longer be evaluated",
    ExitCode.BAD_INPUT: "a manifest cannot be used",
}


def render(impact: Impact) -> str:
    """The text; rows that have no room are counted, and the other outputs hold them."""
    head = "".join(f"{line}\n" for line in _head(impact))
    room = MAX_CHARACTERS - len(head) - _FOR_THE_NOTE
    parts, cut = [head], 0
    for heading, rows, ending in _sections(impact):
        kept, room = _fitting(heading, rows, ending, room)
        cut += len(rows) - len(kept)
        if kept:
            parts.append("\n".join((heading, *kept, ending)))
    if cut:
        parts.append(f"\n**Not shown for want of room: {cut} rows.** `--output json` holds them all.\n")
    return "".join(parts)


def _fitting(heading: str, rows: tuple[str, ...], ending: str, room: int) -> tuple[tuple[str, ...], int]:
    left = room - len(heading) - len(ending) - 2
    kept = []
    for one in rows:
        if len(one) + 1 > left:
            break
        left -= len(one) + 1
        kept.append(one)
    return tuple(kept), left if kept else room


def _head(impact: Impact) -> Iterator[str]:
    yield MARKER
    yield f"## Weighbridge: {_TITLES[impact.exit_code]}"
    yield ""
    yield prose(words.tally(impact))
    yield ""
    yield from (f"{prose(line)}<br>" for line in words.head(impact))
    if not impact.changes:
        yield prose(words.NO_CHANGE)
        return
    yield ""
    yield from (f"- {code(part.name)}: {_cell(part.words)}" for part in impact.changes[:_MOST_CHANGES])
    if len(impact.changes) > _MOST_CHANGES:
        yield f"- and {len(impact.changes) - _MOST_CHANGES} settings more"
    yield from (f"- later: {_cell(line)}" for line in impact.upcoming[:_MOST_CHANGES])


def _sections(impact: Impact) -> Iterator[tuple[str, tuple[str, ...], str]]:
    titles = ("project", "manifest", "rule", "model", "before → after", "found", "why")
    table = f"{row(titles)}\n{row(('---',) * len(titles))}"
    for kind, records in impact.changed.items():
        rows = tuple(line for record in records for line in _rows(record))
        title = f"{str(kind).capitalize()} ({len(records)})"
        if kind in (Kind.BLOCKS, Kind.UNKNOWN):
            yield f"\n### {title}\n\n{table}", rows, ""
        elif rows:
            yield f"\n<details><summary>{title}</summary>\n\n{table}", rows, "\n</details>\n"
    problems = tuple(
        row((code(record.file), _cell(problem))) for record in impact.unusable for problem in record.problems
    )
    yield f"\n### Cannot be used under either policy\n\n{row(('manifest', 'why'))}\n{row(('---', '---'))}", problems, ""


def _rows(record: Record) -> Iterator[str]:
    place = (_cell(words.whose(record)), code(record.file[:_SHORT]))
    for problem in record.problems:
        yield row((*place, "", "", prose(words.states(record)), _cell(problem), ""))
    for shift in record.shifts:
        yield row((*place, *_shift(shift)))
    if not record.shifts and not record.problems:
        yield row((*place, "", "", prose(words.states(record)), "", ""))


def _shift(shift: Shift) -> tuple[str, ...]:
    why = "<br>".join(_cell(line) for line in words.causes(shift))
    model = code(shift.model[:_SHORT])
    return f"`{shift.rule}`", model, prose(words.verdicts(shift)), _cell(words.said(shift)), why


def _cell(text: str) -> str:
    return prose(text if len(text) <= _SHORT else f"{text[:_SHORT]}…")
