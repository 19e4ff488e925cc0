"""A card that names several licences: of a choice one is enough, of what is joined each has to permit the use."""

from __future__ import annotations

import pytest

from checker.rulebook.outcome import Failed, NotEvaluated, Passed
from checker.rulebook.several import all_of, any_of
from checker.verdict import Verdict
from tests.rules.judged import judged

COMMERCIAL = "{purpose: commercial, distribution: internal}"


def evaluate(tmp_path, rule, declared, use=COMMERCIAL):
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "README.md").write_text(f"---\nlicense: {declared}\n---\n", encoding="utf-8")
    (tmp_path / "weights" / "config.json").write_text("{}", encoding="utf-8")
    manifest = f"weighbridge: 1\nowner: team\nuse: {use}\nmodels:\n  - {{model: ./weights, objective: chat}}\n"
    [evaluation] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\nrules:\n  {rule}: hard-mandatory\n")
    return evaluation


@pytest.mark.parametrize(("declared", "verdict"), [
    ("MIT OR CC-BY-NC-4.0", Verdict.PASS),
    ("CC-BY-NC-4.0 OR MIT", Verdict.PASS),
    ("MIT AND CC-BY-NC-4.0", Verdict.FAIL),
    ("[mit, cc-by-nc-4.0]", Verdict.FAIL),
    ("[mit, apache-2.0]", Verdict.PASS),
    ("(MIT OR CC-BY-NC-4.0) AND (Apache-2.0 OR CC-BY-NC-SA-4.0)", Verdict.PASS),
    ("CC-BY-NC-4.0 OR CC-BY-NC-SA-4.0", Verdict.FAIL),
    ("MIT OR acme", Verdict.PASS),
    ("MIT AND acme", Verdict.NOT_EVALUATED),
    ("gpl OR acme", Verdict.NOT_EVALUATED),
    ("GPL-2.0-or-later", Verdict.PASS),
    ("Apache-2.0 WITH LLVM-exception", Verdict.PASS),
])  # fmt: skip
def test_the_use_is_held_against_each_licence_that_applies(tmp_path, declared, verdict):
    assert evaluate(tmp_path, "license-use", declared).verdict is verdict


def test_the_choice_that_was_judged_by_is_told(tmp_path):
    evaluation = evaluate(tmp_path, "license-use", "CC-BY-NC-4.0 OR MIT")
    assert evaluation.notes[0] == "`CC-BY-NC-4.0 OR MIT` leaves a choice: judged by MIT"


def test_what_each_licence_forbids_is_told(tmp_path):
    evaluation = evaluate(tmp_path, "license-use", "[cc-by-nc-4.0, qwen-research]")
    assert [finding.expected.split(",")[0] for finding in evaluation.findings] == [
        "the terms kept: CC-BY-NC-4.0",
        "the terms kept: qwen-research",
    ]


@pytest.mark.parametrize(("declared", "verdict"), [
    ("MIT OR acme", Verdict.PASS),
    ("MIT AND acme", Verdict.FAIL),
    ("[llama3.3, gemma]", Verdict.PASS),
    ("gpl", Verdict.FAIL),
])  # fmt: skip
def test_a_licence_is_known_where_a_way_leads_through_texts_that_were_read(tmp_path, declared, verdict):
    assert evaluate(tmp_path, "license-known", declared).verdict is verdict


def test_all_texts_that_apply_are_told_with_what_was_read_of_them(tmp_path):
    evaluation = evaluate(tmp_path, "license-known", "[llama3.3, gemma]")
    assert evaluation.lines == (
        "read of llama3.3: full text, 2024-12-06",
        "read of gemma: full text, 2025-03-24",
    )


def test_of_outcomes_together_the_worst_stands_with_the_notes_of_all():
    passed, open_, failed = Passed(notes=("a",)), NotEvaluated((), ("b",)), Failed((), ("c",))
    assert all_of([passed, passed]) == passed
    assert all_of([passed, open_]) == NotEvaluated((), ("a", "b"))
    assert all_of([open_, failed, passed]) == Failed((), ("b", "c", "a"))


@pytest.mark.parametrize(("outcomes", "place"), [
    ([Failed(()), NotEvaluated(()), Passed()], 2),
    ([Failed(()), NotEvaluated(())], 1),
    ([Failed(()), Failed(())], 0),
])  # fmt: skip
def test_of_outcomes_to_choose_from_the_best_is_taken(outcomes, place):
    assert any_of(outcomes) == place


@pytest.mark.parametrize("together", [all_of, any_of])
def test_no_outcome_is_none(together):
    with pytest.raises(ValueError, match="no outcome"):
        together([])
