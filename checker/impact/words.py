"""The sentences about an impact that its forms share."""

from __future__ import annotations

from collections.abc import Iterator

from checker.impact.record import Record, Shift, Side, State
from checker.impact.run import Impact, Tried

NO_CHANGE = "The two policies ask for the same: nothing can change."


def head(impact: Impact) -> Iterator[str]:
    """Which two policies, on which day, and what loosens the run."""
    yield f"from {_policy(impact.old)}"
    yield f"to {_policy(impact.new)}"
    yield f"judged as of {impact.today}"
    yield from (f"relaxed: {one}" for one in impact.relaxations)


def _policy(tried: Tried) -> str:
    return f"{tried.reference}: {tried.name} {tried.version}, sha256 {tried.sha256}"


def tally(impact: Impact) -> str:
    """How many manifests, and what becomes of them."""
    counted = [f"{count} {words}" for words, count in impact.tally.items() if count or words == "unchanged"]
    counted += [f"{len(impact.unusable)} cannot be used under either"] if impact.unusable else []
    several = "" if len(impact.records) == 1 else "s"
    return f"{len(impact.records)} manifest{several}: {', '.join(counted)}"


def states(record: Record) -> str:
    """What a check of the manifest would come to, before and after."""
    if record.before is record.after:
        return f"{record.before} before and after"
    return f"{record.before} → {record.after}"


def whose(record: Record) -> str:
    """The project, and who answers for it."""
    owner = f", {record.owner}" if record.owner else ""
    return f"{record.project}{owner}"


def verdicts(shift: Shift) -> str:
    """The verdict before and after, with the level that it has."""
    return f"{_side(shift.before)} → {_side(shift.after)}"


def _side(side: Side | None) -> str:
    return f"{side.verdict} ({side.level})" if side else "off"


def said(shift: Shift) -> str:
    """What is found: under the newer policy, or under the older one where the newer finds nothing."""
    told = [side.said for side in (shift.after, shift.before) if side is not None and side.said]
    return told[0] if told else ""


def causes(shift: Shift) -> Iterator[str]:
    """The settings that bring the verdict about, each of which suffices, or together."""
    for cause in shift.causes:
        named = [f"{name} ({words})" for name, words in zip(cause.settings, cause.words, strict=True)]
        yield named[0] if len(named) == 1 else f"only together: {' and '.join(named)}"


def is_newly_unusable(record: Record) -> bool:
    """Whether the project's own layer cannot stand on the newer policy."""
    return record.after is State.UNUSABLE and record.before is not State.UNUSABLE
