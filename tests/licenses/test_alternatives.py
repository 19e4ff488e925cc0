"""What a spelling may mean, what is chosen where there is a choice, and how far an expression is followed."""

from __future__ import annotations

from itertools import combinations

import pytest

from checker.licenses.alternatives import MOST, Choice, Spelled, all_of, freest, plain, spelled
from checker.licenses.registry import ids, load


def named(found: Spelled) -> list[list[list[str]]]:
    return [[[text.id for text in choice] for choice in reading] for reading in found.readings]


@pytest.mark.parametrize(("spelling", "readings", "problem"), [
    ("mit", [[["MIT"]]], ""),
    ("MIT OR isc", [[["MIT"], ["ISC"]]], ""),
    ("MIT AND isc", [[["MIT", "ISC"]]], ""),
    ("(MIT OR isc) AND Zlib", [[["MIT", "Zlib"], ["ISC", "Zlib"]]], ""),
    ("gpl", [[["GPL-2.0-only"]], [["GPL-3.0-only"]]],
     "`gpl` names no single licence: GPL-2.0-only, GPL-3.0-only differ in their terms"),
    ("gpl AND mit", [[["GPL-2.0-only", "MIT"]], [["GPL-3.0-only", "MIT"]]],
     "`gpl` names no single licence: GPL-2.0-only, GPL-3.0-only differ in their terms"),
    ("MIT OR acme", [[["MIT"]]], ""),
    ("MIT AND acme", [], "no licence of that name is known"),
    ("apahce-2.0", [], "no licence of that name is known; the nearest name is `Apache-2.0`"),
    # one text of this family was not read, so that no reading of it is known
    ("falcon-llm-license", [],
     "`falcon-llm-license` names no single licence: falcon-llm-1.0, falcon-2-11b, falcon-3 differ in their terms"),
])  # fmt: skip
def test_a_spelling_has_a_reading_for_each_text_it_may_mean(
    spelling: str, readings: list[list[list[str]]], problem: str
) -> None:
    found = spelled(spelling)
    assert (named(found), found.problem) == (readings, problem)


def test_the_name_beside_other_is_what_is_spelled() -> None:
    assert named(spelled("other", license_name="gemma")) == [[["gemma"]]]


def choice(*license_ids: str) -> Choice:
    return tuple(load(license_id) for license_id in license_ids)


@pytest.mark.parametrize(("freer", "stricter"), [
    (("GPL-3.0-only",), ("CC-BY-NC-4.0",)),  # what excludes commercial use is the strictest, whatever it asks besides
    (("MIT",), ("GPL-3.0-only",)),  # then what it asks of derivatives
    (("qwen",), ("gemma",)),
    (("MIT", "GPL-3.0-only"), ("CC-BY-NC-4.0", "MIT")),
    (("MIT",), ("MIT", "llama3.1")),
    (("CC0-1.0",), ("MIT",)),  # then how many duties there are
    (("MIT",), ("Apache-2.0",)),
])  # fmt: skip
def test_the_freest_choice_is_the_one_that_asks_least(freer: tuple[str, ...], stricter: tuple[str, ...]) -> None:
    assert freest((choice(*freer), choice(*stricter))) == choice(*freer)
    assert freest((choice(*stricter), choice(*freer))) == choice(*freer)


def test_conditions_and_a_use_policy_come_before_duties() -> None:
    free = load("MIT")
    with_policy = free._replace(id="policy", use_policy=load("llama3.1").use_policy, obligations=())
    with_condition = free._replace(id="condition", conditions=load("qwen").conditions, obligations=())
    with_both = with_policy._replace(id="both", conditions=with_condition.conditions)
    for freer, stricter in combinations([(free,), (with_policy,), (with_both,)], 2):
        assert freest((stricter, freer)) == freer
    assert freest(((with_both,), (with_condition,))) == (with_condition,)


def test_an_expression_is_followed_to_the_most_readings_and_no_further() -> None:
    pair = spelled("MIT OR isc")
    texts = [plain(load(license_id)) for license_id in sorted(ids())[:MOST]]
    choices = Spelled((tuple(one.readings[0][0] for one in texts),))
    assert len(choices.readings[0]) == MOST
    assert len(all_of([choices, plain(load("MIT"))]).readings[0]) == MOST
    assert all_of([choices, pair]) == Spelled((), "the expression has more alternatives than are followed")
    families = Spelled(tuple(one.readings[0] for one in texts))
    assert len(all_of([families, plain(load("MIT"))]).readings) == MOST
    assert all_of([families, spelled("gpl")]) == Spelled((), "the expression has more alternatives than are followed")


def test_what_is_wrong_with_several_parts_is_said_once_each() -> None:
    found = all_of([spelled("gpl"), spelled("bsd"), spelled("gpl")])
    assert found.problem == f"{spelled('gpl').problem}; {spelled('bsd').problem}"
