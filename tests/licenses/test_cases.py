"""The judged cases: how often the code comes to the same verdict, and that it misses no conflict."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.licenses.cases import Case, cases, verdict

CASES = list(cases())
DIFFERS = {
    "LC213": "the text lists prohibited uses (4.5), which leaves a duty; the case counts test use as free of any",
}
"""Cases whose expected verdict the code does not reach, and why."""


def test_all_113_cases_are_judged() -> None:
    assert len(CASES) == 113
    assert all(verdict(case) in ("ok", "conditional", "conflict", "unknown") for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_no_conflict_is_missed_and_none_is_made_up(case: Case) -> None:
    assert (verdict(case) == "conflict") is (case.expected == "conflict")


def test_the_verdicts_agree_but_for_those_that_are_explained() -> None:
    differing = {case.id for case in CASES if verdict(case) != case.expected}
    assert differing == set(DIFFERS)


def test_the_confusion_is_known() -> None:
    confusion = Counter((case.expected, verdict(case)) for case in CASES)
    assert confusion == {
        ("conflict", "conflict"): 62,
        ("conditional", "conditional"): 27,
        ("ok", "ok"): 23,
        ("ok", "conditional"): 1,
    }
