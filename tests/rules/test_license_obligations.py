"""Each duty that arises is looked for; what a use has to be known for is asked, what is kept in silence is a note."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

LLAMA, QWEN = "meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen2.5-7B-Instruct"
SHOWN = "    obligations: [{{duty: {}, where: {}, checked_on: 2026-11-02, by: legal}}]\n"


def evaluate(tmp_path, model, more="", use="", settings=""):
    manifest = f"weighbridge: 1\n{use}models:\n  - model: {model}\n    objective: chat\n{more}"
    rule = f"  license-obligations: {{enforcement: hard-mandatory{settings}}}\n"
    [evaluation] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\nrules:\n{rule}")
    return evaluation


def use(way):
    return f"use: {{distribution: {way}}}\n"


def test_a_duty_that_nobody_shows_is_a_finding_with_the_line_to_add(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA, use=use("service"))
    [finding] = evaluation.findings
    assert (finding.expected, finding.found, finding.remedy) == (
        'shown: llama3.1, section 1.b.i, asks to display "Built with Llama"',
        "no line under `obligations` says where it is shown",
        "add to obligations: {duty: built-with-llama, where: <file or address>, checked_on: <day>, by: <who looked>}",
    )


def test_a_duty_is_shown_in_a_file_wherever_it_lies(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "about.md").write_text("Our assistant is built with Llama.", encoding="utf-8")
    evaluation = evaluate(tmp_path, LLAMA, SHOWN.format("built-with-llama", "docs/about.md"), use("service"))
    assert evaluation.verdict is Verdict.PASS
    shown = 'llama3.1, section 1.b.i, asks to display "Built with Llama": shown in docs/about.md'
    assert evaluation.notes[0] == shown


def test_a_file_without_the_text_is_found_at_its_line(tmp_path):
    (tmp_path / "NOTICE").write_text("Acme", encoding="utf-8")
    evaluation = evaluate(tmp_path, LLAMA, SHOWN.format("built-with-llama", "NOTICE"), use("service"))
    [finding] = evaluation.findings
    assert (finding.at.line, finding.found) == (6, 'NOTICE does not say "Built with Llama"')


def test_a_policy_sets_how_old_a_look_may_be(tmp_path):
    more = SHOWN.format("built-with-llama", '"https://acme.example"')
    assert evaluate(tmp_path, LLAMA, more, use("service"), ", max_age_days: 21").verdict is Verdict.PASS
    [finding] = evaluate(tmp_path, LLAMA, more, use("service"), ", max_age_days: 20").findings
    assert finding.policy.setting == "max_age_days"


@pytest.mark.parametrize(("name", "verdict"), [("Llama-Acme-8B", Verdict.PASS), ("Acme-8B", Verdict.FAIL)])
def test_the_name_of_what_is_made_begins_as_asked(tmp_path, name, verdict):
    more = (
        SHOWN.format("built-with-llama", '"https://acme.example"')
        + f"    fine_tuning: {{method: lora, produces: {{name: {name}, license: llama3.1, shared: service}}}}\n"
    )
    evaluation = evaluate(tmp_path, LLAMA, more)
    assert evaluation.verdict is verdict
    assert [finding.remedy for finding in evaluation.findings] == (
        ['let the name begin with "Llama"'] if verdict is Verdict.FAIL else []
    )


def test_where_the_use_decides_it_is_asked_for(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA)
    [missing] = evaluation.missing
    assert (missing.name, missing.reason) == (
        "use.distribution",
        'llama3.1, section 1.b.i, asks to display "Built with Llama", where copies are passed on or others use it as a'
        " service",
    )


def test_what_nearly_every_licence_asks_is_a_note_where_nobody_states_the_use(tmp_path):
    evaluation = evaluate(tmp_path, QWEN)
    assert evaluation.verdict is Verdict.PASS
    copy = "Apache-2.0, section 4(a), asks to pass on a copy of the licence, where copies are passed on: not shown"
    assert copy in evaluation.notes


def test_what_is_kept_by_leaving_it_undone_is_a_note(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA, use=use("internal"))
    assert evaluation.verdict is Verdict.PASS
    assert evaluation.notes == (
        "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy: nothing shows it",
    )


def test_a_line_about_no_duty_is_a_note_with_the_nearest_name(tmp_path):
    more = SHOWN.format("build-with-llama", '"https://acme.example"')
    evaluation = evaluate(tmp_path, LLAMA, more, use("service"))
    assert "no duty `build-with-llama` arises here; did you mean `built-with-llama`?" in evaluation.notes
    idle = evaluate(tmp_path, QWEN, SHOWN.format("registration", '"https://acme.example"'), use("internal"))
    assert "no duty `registration` arises here" in idle.notes


KNOWN = "    known: {license: {value: chatglm3-6b, evidence: https://acme.example}}\n"


def test_a_registration_is_recorded(tmp_path):
    purpose, claimed = "use: {distribution: service, purpose: commercial}\n", ", min_certainty: claimed"
    [finding] = evaluate(tmp_path, "acme/own", KNOWN, purpose, claimed).findings
    assert "duty: registration" in finding.remedy
    more = KNOWN + SHOWN.format("registration", '"https://acme.example/registered"')
    assert evaluate(tmp_path, "acme/own", more, purpose, claimed).verdict is Verdict.PASS


def test_without_a_purpose_a_registration_for_commercial_use_asks_for_it(tmp_path):
    [missing] = evaluate(tmp_path, "acme/own", KNOWN, use("internal"), ", min_certainty: claimed").missing
    assert missing.name == "use.purpose"


@pytest.mark.parametrize(("model", "more", "verdict"), [
    ("microsoft/mpnet-base", "", Verdict.NOT_EVALUATED), ("ProsusAI/finbert", "", Verdict.NOT_EVALUATED),
    ("acme/assistant", "    access: api\n    provider: gateway\n", Verdict.NOT_APPLICABLE),
])  # fmt: skip
def test_without_a_licence_there_is_nothing_to_look_for(tmp_path, model, more, verdict):
    assert evaluate(tmp_path, model, more, use("weights")).verdict is verdict


EITHER = "    known: {{license: {{value: {}, evidence: https://acme.example}}}}\n"


def test_of_a_choice_the_licence_that_the_project_names_counts(tmp_path):
    either, claimed = EITHER.format("MIT OR llama3.1"), ", min_certainty: claimed"
    [missing] = evaluate(tmp_path, "acme/own", either, use("service"), claimed).missing
    assert (missing.name, missing.yaml) == ("license", "license: <MIT or llama3.1>")
    chosen = evaluate(tmp_path, "acme/own", f"{either}    license: llama 3.1\n", use("service"), claimed)
    assert ["Built with Llama" in finding.expected for finding in chosen.findings] == [True]
    assert (
        evaluate(tmp_path, "acme/own", f"{either}    license: mit\n", use("service"), claimed).verdict is Verdict.PASS
    )


def test_of_licences_that_all_apply_each_counts(tmp_path):
    both = EITHER.format("MIT AND llama3.1")
    evaluation = evaluate(tmp_path, "acme/own", both, use("weights"), ", min_certainty: claimed")
    expected = [finding.expected.split(",")[0] for finding in evaluation.findings]
    assert set(expected) == {"shown: MIT", "shown: llama3.1"}
