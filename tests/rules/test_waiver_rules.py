"""What the rules that judge waivers say of one that counts."""

from __future__ import annotations

from datetime import date

import pytest

from checker.document.place import NOWHERE
from checker.rulebook.outcome import NotApplicable, Passed
from checker.rulebook.waiver_case import Use, WaiverCase
from checker.rules import waiver_expired, waiver_unused

CASE = WaiverCase("W-1", NOWHERE, date(2026, 12, 31), 38, (), Use.MATCHED, 1, None, False)


@pytest.mark.parametrize(("matches", "said"), [(1, "covers 1 finding"), (2, "covers 2 findings")])
def test_a_waiver_that_is_used_says_how_much_it_covers(matches, said):
    assert waiver_unused.check(CASE._replace(matches=matches)) == Passed(margin=said)


def test_whether_a_waiver_is_used_is_not_said_where_not_all_was_judged():
    reason = "not all that the waiver may be about was judged in this run"
    assert waiver_unused.check(CASE._replace(use=Use.UNSEEN)) == NotApplicable(reason)


@pytest.mark.parametrize(("days", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days")])
def test_a_waiver_that_counts_says_how_long(days, said):
    left = f"{said} left, to 2026-12-31"
    assert waiver_expired.check(CASE._replace(days_left=days)) == Passed(margin=left)
