"""What each rule answers, word for word: to the examples of its docstring, and to the cases that they leave out."""

from __future__ import annotations

import pytest

from checker.rulebook.discover import load_rule, rule_ids
from checker.rulebook.documentation import documentation
from tests.rules.answering import FOLDER, blocks, cases, written


def test_each_rule_has_its_answers():
    assert sorted(path.stem for path in FOLDER.iterdir()) == list(rule_ids())


@pytest.mark.parametrize(
    ("rule_id", "block"), [pytest.param(*each, id=f"{each[0]}-{number}") for number, each in enumerate(blocks())]
)
def test_a_rule_answers_as_written(rule_id, block):
    [case] = cases(block)
    assert written(rule_id, case) == block


@pytest.mark.parametrize("rule_id", rule_ids())
def test_the_answers_hold_each_example_of_the_documentation(rule_id):
    page = documentation(rule_id)
    entries = {case.entry for case in cases((FOLDER / f"{rule_id}.txt").read_text(encoding="utf-8"))}
    assert {*page.passes, *page.fails} - entries == set()


def test_the_artefact_that_is_loaded_is_judged_by_what_depends_on_it():
    judging = {rule_id for rule_id in rule_ids() if load_rule(rule_id).judges_weights}
    assert judging == {
        *("architecture-objective", "gated-access", "license-allowed", "license-known", "license-lineage"),
        *("license-obligations", "license-use", "lock-fresh", "model-approved", "model-denied", "publisher-allowed"),
        *("remote-code", "revision-pinned", "weights-format"),
    }


def test_what_is_a_matter_of_security_is_rated():
    rated = {rule_id: load_rule(rule_id).security_severity for rule_id in rule_ids()}
    assert {rule_id: rating for rule_id, rating in rated.items() if rating} == {
        "remote-code": 8.8,
        "revision-pinned": 5.3,
        "weights-format": 8.8,
    }
