"""The shipped packs decide their own cases as these say; the cases try every rule and setting and notice each loosening."""

from __future__ import annotations

from datetime import date

import pytest

from checker.policy.extends import pack_names
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.policy_tests import find
from checker.policy_tests.run import Wishes, run
from checker.rulebook.discover import rule_ids
from tools.packs import ON_REQUEST

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

WISHES = Wishes(date(2026, 11, 23), mutate=True)


@pytest.fixture(scope="module", params=pack_names())
def result(request):
    [pack] = find.tested(request.param)
    return run(pack, WISHES)


def test_every_case_of_a_pack_holds(result):
    assert [case for case in result.cases if not case.holds] == []


def test_the_cases_of_a_pack_try_every_rule_and_setting_by_one_that_passes_and_one_that_fails(result):
    assert result.coverage.missing == ()


def test_no_loosening_of_a_pack_goes_unnoticed(result):
    assert result.mutation is not None
    assert result.mutation.survivors == ()
    assert result.mutation.tried >= len(result.coverage.items)


@pytest.mark.parametrize("pack", pack_names())
def test_a_pack_takes_a_stand_on_every_rule_that_needs_no_request(pack):
    assert set(load(Choice(pack, ChosenBy.OPTION), None).rules) == set(rule_ids()) - ON_REQUEST, (
        "run `python3 dev.py generate`"
    )
