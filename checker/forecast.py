"""Says what turns red by itself, and on which day: expiring waivers, dated levels, facts that grow old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from checker import gate
from checker.document.place import Place
from checker.request import Request
from checker.verdict import Report, Turn, Verdict


def forecast(request: Request, today: Report, days: int) -> tuple[Turn, ...]:
    """Everything that will stop the gate within some days if nobody changes anything.

    The days on which a waiver ends or a level begins are known; what else depends on the day is searched for between
    them by halving, so that a thing which stops the gate and lets it go again between two of these days is not found.

    Args:
        request: what the run was asked to do.
        today: what it found.
        days: how far to look.
    """
    begin = request.today
    end = begin + timedelta(min(days, (date.max - begin).days))
    seen = {begin: today}

    def on(day: date) -> Report:
        if day not in seen:
            seen[day] = gate.judge(request._replace(today=day))
        return seen[day]

    def search(low: date, high: date) -> Iterator[date]:
        """The days after `low`, up to `high`, on which something begins to stop the gate."""
        if not _stopping(on(high)).keys() - _stopping(on(low)).keys():
            return
        if (high - low).days == 1:
            yield high
            return
        middle = low + (high - low) // 2
        yield from search(low, middle)
        yield from search(middle, high)

    known = sorted(day for day in _known(today) if begin < day <= end)
    # The day before each is a border too: between two borders nothing is expected to happen.
    borders = sorted({begin, end, *known, *(day - timedelta(1) for day in known)})
    found = [day for low, high in pairwise(borders) for day in search(low, high)]
    return tuple(turn for day in found for turn in _turns(day, on(day), on(day - timedelta(1)), begin))


Key = tuple[str, str, str, int, int]


def _known(report: Report) -> Iterator[date]:
    """The days on which something is bound to change."""
    for judged in report.waivers:
        yield from (one.waiver.expires + timedelta(1) for one in judged.waivers if one.waiver.expires < date.max)
    for evaluation in report.evaluations:
        yield from (change.begins for change in evaluation.upcoming)


def _turns(day: date, after: Report, before: Report, begin: date) -> Iterator[Turn]:
    old = _stopping(before)
    for key, (rule, model, verdict, at, why) in _stopping(after).items():
        if key not in old:
            yield Turn(day, (day - begin).days, rule, model, verdict, at, why)


def _stopping(report: Report) -> dict[Key, tuple[str, str, Verdict, Place, str]]:
    """What stops the gate, by rule, model and place: a text such as an age in days would differ every day."""
    found: dict[Key, tuple[str, str, Verdict, Place, str]] = {}
    for evaluation in report.stopping:
        reasons = [(one.at, one.found) for one in evaluation.findings if one.waiver is None and not one.was_before]
        reasons += [(one.at, f"`{one.name}` is missing") for one in evaluation.missing if one.waiver is None]
        for at, why in reasons:
            key = (at.file.name, evaluation.rule, evaluation.model, at.line, at.column)
            found[key] = (evaluation.rule, evaluation.model, evaluation.verdict, at, why)
    return found
