"""Levels that begin on a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.rulebook.schedule import Enforcement, Schedule, Step

ADVISORY, SOFT, HARD, OFF = (
    Enforcement.ADVISORY,
    Enforcement.SOFT_MANDATORY,
    Enforcement.HARD_MANDATORY,
    Enforcement.OFF,
)
FEBRUARY = date(2027, 2, 1)
DATED = Schedule((Step(date.min, ADVISORY), Step(FEBRUARY, SOFT)))


@pytest.mark.parametrize(
    ("day", "level"),
    [(date(2027, 1, 31), ADVISORY), (FEBRUARY, SOFT), (date(2027, 2, 2), SOFT)],
)
def test_a_level_holds_from_its_first_day_on(day, level):
    assert DATED.on(day) is level


def test_only_changes_to_come_are_announced():
    assert DATED.after(date(2027, 1, 31)) == (Step(FEBRUARY, SOFT),)
    assert DATED.after(FEBRUARY) == ()


@pytest.mark.parametrize(
    ("below", "day"),
    [
        (Schedule.always(SOFT), None),
        (Schedule.always(HARD), None),
        (Schedule.always(ADVISORY), FEBRUARY),
        (Schedule.always(OFF), date.min),
        (Schedule((Step(date.min, ADVISORY), Step(date(2027, 3, 1), SOFT))), FEBRUARY),
    ],
)
def test_a_weaker_schedule_is_found_with_its_first_day(below, day):
    assert DATED.weakened_by(below) == day


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
schedules = st.builds(
    lambda first, rest: Schedule((Step(date.min, first), *(Step(day, level) for day, level in sorted(rest.items())))),
    st.sampled_from(Enforcement),
    st.dictionaries(days, st.sampled_from(Enforcement), max_size=3),
)


@given(schedules, schedules, days)
def test_the_tighter_of_two_schedules_weakens_neither_on_any_day(first, second, day):
    joined = first.join(second)
    assert first.weakened_by(joined) is None
    assert second.weakened_by(joined) is None
    assert joined.on(day) in (first.on(day), second.on(day))
