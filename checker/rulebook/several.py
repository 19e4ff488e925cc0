"""Outcomes on several licences as one: where all apply each has to pass, where one may be chosen the best decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from checker.rulebook.outcome import Failed, NotEvaluated, Passed

_T = TypeVar("_T")
Judged: TypeAlias = Passed | Failed | NotEvaluated


def all_of(outcomes: Sequence[Judged]) -> Judged:
    """What holds where every licence applies: the worst outcome, with all that is said of that kind.

    Raises:
        ValueError: there is no outcome.
    """
    failed = [one for one in outcomes if isinstance(one, Failed)]
    if failed:
        return Failed(_distinct(*(one.findings for one in failed)), _distinct(*(one.notes for one in outcomes)))
    open_ = [one for one in outcomes if isinstance(one, NotEvaluated)]
    if open_:
        return NotEvaluated(_distinct(*(one.missing for one in open_)), _distinct(*(one.notes for one in outcomes)))
    passed = [one for one in outcomes if isinstance(one, Passed)]
    if not passed:
        raise ValueError("no outcome to put together")
    return Passed(
        evidence=_distinct(*(one.evidence for one in passed)),
        notes=_distinct(*(one.notes for one in passed)),
        detail=_distinct(*(one.detail for one in passed)),
    )


def any_of(outcomes: Sequence[Judged]) -> int:
    """Which of several ways to choose: the first that passes, else the first that is open, else the first.

    Raises:
        ValueError: there is no outcome.
    """
    for kind in (Passed, NotEvaluated, Failed):
        for place, outcome in enumerate(outcomes):
            if isinstance(outcome, kind):
                return place
    raise ValueError("no outcome to choose from")


def _distinct(*groups: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))
