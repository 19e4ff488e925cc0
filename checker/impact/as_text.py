"""An impact for a terminal: the gravest changes first, then how many manifests there are of each kind."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.impact import words
from checker.impact.record import Record
from checker.impact.run import Impact


def render(impact: Impact) -> str:
    """The text."""
    return "".join(f"{visible(line)}\n" for line in _lines(impact))


def _lines(impact: Impact) -> Iterator[str]:
    yield from words.head(impact)
    if not impact.changes:
        yield words.NO_CHANGE
    yield from (f"  {part.name}: {part.words}" for part in impact.changes)
    for kind, records in impact.changed.items():
        if records:
            yield ""
            yield f"{kind} ({len(records)}):"
            for record in records:
                yield from _record(record)
    if impact.unusable:
        yield ""
        yield f"cannot be used under either policy ({len(impact.unusable)}):"
        yield from (f"  {record.file}: {problem}" for record in impact.unusable for problem in record.problems)
    yield ""
    yield from (f"later: {line}" for line in impact.upcoming)
    yield words.tally(impact)


def _record(record: Record) -> Iterator[str]:
    yield f"  {record.file} ({words.whose(record)}): {words.states(record)}"
    yield from (f"    {problem}" for problem in record.problems)
    for shift in record.shifts:
        yield f"    {shift.rule} of {shift.model}: {words.verdicts(shift)}"
        if told := words.said(shift):
            yield f"      {told}"
        yield from (f"      why: {line}" for line in words.causes(shift))
