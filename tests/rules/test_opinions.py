"""Opinions of an organisation on licences: they decide for as long as they stand, and ours is told beside them."""

from __future__ import annotations

from datetime import date

import pytest

from checker.document.errors import InputError
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.verdict import Verdict
from tests.rules.judged import judged

AYA = "CohereLabs/aya-23-8B"
LLAMA = "meta-llama/Llama-3.1-8B-Instruct"
OPINION = {
    "license": "llama3.1",
    "verdict": "ok",
    "reading": "below the cap",
    "by": "legal@example.com",
    "on": "2026-01-15",
    "expires": "2027-01-15",
}
SENTENCE = "the organisation reads llama3.1 as ok: below the cap (legal@example.com, 2026-01-15, until 2027-01-15)"


def opinion(**changes):
    return "  - {" + ", ".join(f"{key}: {value}" for key, value in {**OPINION, **changes}.items()) + "}\n"


def policy(*opinions, more=""):
    return f"policy: acme\nversion: 1\n{more}opinions:\n{''.join(opinions)}rules:\n  license-use: hard-mandatory\n"


def evaluate(tmp_path, *opinions, model=LLAMA, use="", today=date(2026, 11, 23)):
    head = f"use: {use}\n" if use else ""
    manifest = f"weighbridge: 1\nowner: team\n{head}models:\n  - {{model: {model}, objective: chat}}\n"
    [found] = judged(tmp_path, manifest, policy(*opinions), today)
    return found


def test_an_opinion_decides_where_answers_are_missing_and_both_readings_are_told(tmp_path):
    found = evaluate(tmp_path, opinion())
    assert found.verdict is Verdict.PASS
    assert found.notes == (
        SENTENCE,
        "our own reading: not evaluated: llama3.1, section 2, asks licensees above 700 million monthly active users at"
        " its release to request a licence from Meta",
    )


def test_an_opinion_decides_against_our_conflict_and_against_our_pass(tmp_path):
    nc = {"license": "cc-by-nc-4.0", "document": "https://example.com/opinion"}
    found = evaluate(tmp_path, opinion(**nc, verdict="conditional"), model=AYA, use="{purpose: commercial}")
    assert found.verdict is Verdict.PASS
    assert "as conditional: below the cap" in found.notes[0]
    assert found.notes[0].endswith("until 2027-01-15; https://example.com/opinion)")
    assert found.notes[1].startswith("our own reading: the terms kept: CC-BY-NC-4.0, section 2(a)(1), ")
    against = evaluate(tmp_path, opinion(license="apache-2.0", verdict="conflict"), model="Qwen/Qwen2.5-7B-Instruct")
    assert against.verdict is Verdict.FAIL
    [finding] = against.findings
    assert finding.found.startswith("the organisation reads Apache-2.0 as conflict: below the cap (")
    assert against.notes[0].startswith("our own reading: no conflict found in what was read of Apache-2.0 (full text")


@pytest.mark.parametrize(("today", "counts"), [
    (date(2026, 1, 14), False), (date(2026, 1, 15), True), (date(2027, 1, 15), True), (date(2027, 1, 16), False),
])  # fmt: skip
def test_an_opinion_counts_from_its_day_to_its_last_and_otherwise_is_said_not_to(tmp_path, today, counts):
    found = evaluate(tmp_path, opinion(), today=today)
    assert found.verdict is (Verdict.PASS if counts else Verdict.NOT_EVALUATED)
    if not counts:
        assert SENTENCE in found.notes[-1]
        assert "does not count" in found.notes[-1]


@pytest.mark.parametrize(("use", "counts"), [
    ("{distribution: service}", True),
    ("{distribution: [service, internal]}", True),
    ("{distribution: [service, weights]}", False),
    ("", False),
])  # fmt: skip
def test_an_opinion_on_a_use_counts_where_all_that_leaves_is_covered(tmp_path, use, counts):
    found = evaluate(tmp_path, opinion(use="[service, internal]"), use=use)
    assert found.verdict is (Verdict.PASS if counts else Verdict.NOT_EVALUATED)


@pytest.mark.parametrize(("use", "verdict"), [
    ("{distribution: weights}", Verdict.FAIL),
    ("{distribution: [service, weights]}", Verdict.FAIL),
    ("{distribution: service}", Verdict.PASS),
    ("", Verdict.NOT_EVALUATED),
])  # fmt: skip
def test_an_opinion_against_a_use_counts_where_any_that_leaves_is_covered(tmp_path, use, verdict):
    against = opinion(license="apache-2.0", verdict="conflict", use="weights")
    found = evaluate(tmp_path, against, model="Qwen/Qwen2.5-7B-Instruct", use=use)
    assert found.verdict is verdict
    assert [missing.name for missing in found.missing] == (["use.distribution"] if not use else [])
    general = opinion(license="apache-2.0")
    assert evaluate(tmp_path, against, general, model="Qwen/Qwen2.5-7B-Instruct", use=use).verdict is verdict


def test_our_conflict_stands_where_an_opinion_turns_on_a_use_that_is_not_stated(tmp_path):
    against = opinion(license="cc-by-nc-4.0", verdict="conflict", use="weights")
    assert evaluate(tmp_path, against, model=AYA, use="{purpose: commercial}").verdict is Verdict.FAIL


def test_of_several_opinions_the_strictest_decides(tmp_path):
    assert evaluate(tmp_path, opinion(), opinion(verdict="conflict")).verdict is Verdict.FAIL


def test_an_opinion_on_another_licence_says_nothing(tmp_path):
    assert evaluate(tmp_path, opinion(license="llama3.2")).notes == evaluate(tmp_path, opinion(license="mit")).notes


def test_an_opinion_does_not_turn_an_unread_text_into_one_that_was_read(tmp_path):
    known = "{license: {value: jamba-open-model, evidence: https://example.com}}"
    manifest = f"weighbridge: 1\nowner: t\nmodels:\n  - {{model: acme/j, objective: chat, known: {known}}}\n"
    text = policy(opinion(license="jamba-open-model")).replace(
        "license-use: hard-mandatory", "license-use: {enforcement: hard-mandatory, min_certainty: claimed}"
    )
    [found] = judged(tmp_path, manifest, text)
    assert found.verdict is Verdict.NOT_EVALUATED
    assert found.notes[0].startswith("an opinion does not turn a text that was not read into one that was: ")


def loaded(tmp_path, text, name="policy.yaml"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return load(Choice(str(tmp_path / name), ChosenBy.OPTION), None)


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"license": "llama"}, "an opinion on `llama`, which names no single licence"),
    ({"license": "apache-20"}, "an opinion on `apache-20`: no licence of that name is known"),
    ({"expires": "2026-01-15"}, "an opinion of 2026-01-15 that expires on 2026-01-15"),
])  # fmt: skip
def test_an_opinion_that_cannot_be_meant_is_refused(tmp_path, changes, sentence):
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, policy(opinion(**changes)))
    assert [problem.sentence for problem in refused.value.problems] == [sentence]


def test_opinions_add_up_over_files_and_count_in_the_fingerprint(tmp_path):
    loaded(tmp_path, policy(opinion()), "base.yaml")
    both = loaded(tmp_path, policy(opinion(license="gemma"), more="extends: ./base.yaml\n"))
    assert [one.license.value for one in both.opinions] == ["gemma", "llama3.1"]
    without = loaded(tmp_path, policy(opinion()).replace(f"opinions:\n{opinion()}", ""))
    assert without.opinions == ()
    prints = {both.sha256, without.sha256, loaded(tmp_path, policy(opinion())).sha256}
    assert len(prints) == 3


def test_a_project_holds_no_opinions(tmp_path):
    (tmp_path / "policy.yaml").write_text(policy(opinion()))
    (tmp_path / "weighbridge-policy.yaml").write_text(f"opinions:\n{opinion()}rules: {{}}\n")
    with pytest.raises(InputError, match="unknown key `opinions`"):
        load(Choice(str(tmp_path / "policy.yaml"), ChosenBy.OPTION), tmp_path / "weighbridge-policy.yaml")


def test_the_policy_shows_its_opinions(weighbridge, project):
    project({"policy.yaml": policy(opinion())})
    assert f"\nopinion: {SENTENCE}\n" in weighbridge("policy", "show", "--policy", "policy.yaml").out
