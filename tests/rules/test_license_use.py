"""The declared use is held against the terms of the model's licence; what nobody states is asked for by its key."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN, LLAMA, AYA = "Qwen/Qwen2.5-7B-Instruct", "meta-llama/Llama-3.1-8B-Instruct", "CohereLabs/aya-23-8B"
CAP = (
    "llama3.1, section 2, asks licensees above 700 million monthly active users at its release"
    " to request a licence from Meta"
)
NONCOMMERCIAL = "CC-BY-NC-4.0, section 2(a)(1), grants non-commercial use alone"


def evaluate(tmp_path, model, *, use="", organisation="", settings="", more=""):
    head = f"use: {use}\n" if use else ""
    said = f"organisation: {organisation}\n" if organisation else ""
    manifest = f"weighbridge: 1\nowner: team\n{head}models:\n  - model: {model}\n    objective: chat\n{more}"
    rule = f"  license-use: {{enforcement: hard-mandatory{settings}}}\n"
    [evaluation] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\n{said}rules:\n{rule}")
    return evaluation


def test_an_apache_model_asks_nothing(tmp_path):
    evaluation = evaluate(tmp_path, QWEN)
    assert evaluation.verdict is Verdict.PASS
    assert evaluation.notes == (
        "no conflict found in what was read of Apache-2.0 (full text, 2004-01)",
        "Apache-2.0 asks, where copies are passed on, to pass on a copy of the licence (4(a)); to keep its notices in"
        " place (4(c)); to pass on its NOTICE file, if there is one (4(d))",
    )


def test_a_use_inside_the_organisation_owes_no_notices(tmp_path):
    evaluation = evaluate(tmp_path, QWEN, use="{purpose: commercial, distribution: internal}")
    assert evaluation.notes == ("no conflict found in what was read of Apache-2.0 (full text, 2004-01)",)


def test_a_llama_model_asks_the_organisation_for_the_month_before_its_release(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA)
    [missing] = evaluation.missing
    assert evaluation.verdict is Verdict.NOT_EVALUATED
    assert (missing.name, missing.reason, missing.yaml, missing.where) == (
        "organisation.users",
        CAP,
        "organisation:\n  users: [{month: 2024-06, value: <monthly active users of the group>}]",
        "the policy",
    )


def test_users_above_the_limit_fail_with_both_numbers(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA, organisation="{users: [{month: 2024-06, value: 900000000}]}")
    [finding] = evaluation.findings
    assert (evaluation.verdict, str(finding.at).rpartition("/")[2]) == (Verdict.FAIL, "model.yaml:4:12")
    assert (finding.expected, finding.found, finding.remedy) == (
        f"the terms kept: {CAP}",
        "organisation.users states 900 million for 2024-06",
        "obtain what the clause asks for from the licensor, or choose another model",
    )


def test_users_below_the_limit_pass_without_an_assumption(tmp_path):
    stated = "{users: [{month: 2024-06, value: 700000000}]}"
    evaluation = evaluate(tmp_path, LLAMA, organisation=stated, settings=", assume_users_below: 100")
    assert evaluation.verdict is Verdict.PASS
    assert not any("assumes" in note for note in evaluation.notes)


def test_an_assumption_that_meets_the_limit_is_printed(tmp_path):
    evaluation = evaluate(tmp_path, LLAMA, settings=", assume_users_below: 100000000")
    assert evaluation.verdict is Verdict.PASS
    assert evaluation.notes == (
        "no conflict found in what was read of llama3.1 (full text, 2024-07-23)",
        f"{CAP}; the policy assumes fewer than 100 million users",
        'llama3.1, section 1.b.i, asks to display "Built with Llama", where copies are passed on or others use it as a'
        " service",
        "llama3.1, section 1.b.iv, asks to keep to its acceptable-use policy",
        "llama3.1 asks, where copies are passed on, to pass on a copy of the licence (1.b.i); to add a notice file that"
        " names the Llama 3.1 Community License (1.b.iii)",
    )


def test_commercial_use_of_a_non_commercial_model_fails_at_the_line_of_the_purpose(tmp_path):
    evaluation = evaluate(tmp_path, AYA, use="{purpose: commercial}")
    [finding] = evaluation.findings
    assert str(finding.at).rpartition("/")[2] == "model.yaml:3:16"
    assert (finding.expected, finding.found) == (f"the terms kept: {NONCOMMERCIAL}", "use.purpose is commercial")


def test_an_assumed_purpose_fails_at_the_setting_and_is_printed(tmp_path):
    evaluation = evaluate(tmp_path, AYA, settings=", assume_purpose: commercial")
    [finding] = evaluation.findings
    assert (finding.policy.setting, finding.found) == (
        "assume_purpose",
        "use.purpose is commercial, as the policy assumes",
    )
    assert evaluation.notes == ("the policy assumes that the purpose is commercial",)


def test_a_declared_purpose_outweighs_the_assumed_one(tmp_path):
    evaluation = evaluate(tmp_path, AYA, use="{purpose: research}", settings=", assume_purpose: commercial")
    assert evaluation.verdict is Verdict.PASS
    assert not any("assumes" in note for note in evaluation.notes)


def test_an_assumed_purpose_that_no_term_asks_for_is_not_printed(tmp_path):
    evaluation = evaluate(tmp_path, QWEN, settings=", assume_purpose: commercial")
    assert not any("assumes" in note for note in evaluation.notes)


def test_a_purpose_that_nobody_states_is_asked_for(tmp_path):
    [missing] = evaluate(tmp_path, AYA).missing
    assert (missing.name, missing.reason, missing.yaml, missing.where.rpartition("/")[2]) == (
        "use.purpose",
        NONCOMMERCIAL,
        "use:\n  purpose: <commercial, research or personal>",
        "model.yaml",
    )


GLM = "zai-org/glm-4-9b-chat-hf"


def test_a_registration_is_shown_among_the_obligations(tmp_path):
    missing = evaluate(tmp_path, GLM, use="{purpose: commercial}").missing
    assert [one.name for one in missing] == ["obligations"]
    receipt = "duty: registration, where: https://example.com/receipt"
    shown = f"    obligations: {{{receipt}, checked_on: 2026-11-02, by: legal}}\n"
    assert evaluate(tmp_path, GLM, use="{purpose: commercial}", more=shown).verdict is Verdict.PASS
    for lacking in (receipt, f"{receipt}, by: legal", f"{receipt}, checked_on: 2026-11-02"):
        found = evaluate(tmp_path, GLM, use="{purpose: commercial}", more=f"    obligations: {{{lacking}}}\n")
        assert [one.name for one in found.missing] == ["obligations"]
    assert evaluate(tmp_path, GLM, settings=", assume_purpose: research").verdict is Verdict.PASS


def test_a_vision_model_asks_for_the_seat_and_a_text_model_does_not(tmp_path):
    users = ", assume_users_below: 100000000"
    vision = evaluate(
        tmp_path, "meta-llama/Llama-3.2-11B-Vision-Instruct", settings=users + ", min_certainty: inferred"
    )
    assert [missing.name for missing in vision.missing] == ["organisation.seat"]
    assert evaluate(tmp_path, "meta-llama/Llama-3.2-3B-Instruct", settings=users).verdict is Verdict.PASS


def test_a_vision_model_grants_nothing_to_a_seat_in_the_eu(tmp_path):
    settings = ", assume_users_below: 100000000, min_certainty: inferred"
    model = "meta-llama/Llama-3.2-11B-Vision-Instruct"
    [finding] = evaluate(tmp_path, model, organisation="{seat: DE}", settings=settings).findings
    assert finding.found == "organisation.seat is DE"


@pytest.mark.parametrize(("model", "name", "reason"), [
    ("microsoft/mpnet-base", "license", "no source states it"),
    ("ProsusAI/finbert", "license text", "the card declares no licence"),
])  # fmt: skip
def test_terms_of_a_licence_that_is_not_known_cannot_be_judged(tmp_path, model, name, reason):
    evaluation = evaluate(tmp_path, model)
    assert [(missing.name, missing.reason) for missing in evaluation.missing] == [(name, reason)]


def test_what_a_text_leaves_open_is_not_evaluated(tmp_path):
    more = "    known: {license: {value: chatglm2-6b, evidence: https://example.com}}\n"
    settings = ", min_certainty: claimed"
    [missing] = evaluate(tmp_path, "acme/glm", use="{purpose: commercial}", settings=settings, more=more).missing
    assert (missing.name, missing.reason) == ("license terms", "chatglm2-6b says nothing of commercial use")


def test_a_model_service_business_is_assumed_by_the_policy_alone(tmp_path):
    more = "    known: {license: {value: kimi-k3, evidence: https://example.com}}\n"
    stated = {"use": "{purpose: commercial, distribution: service}", "more": more}
    settings = ", min_certainty: claimed"
    [missing] = evaluate(tmp_path, "acme/kimi", settings=settings, **stated).missing
    assert (missing.name, missing.where) == ("rules.license-use.assume_model_as_a_service", "the policy")
    assert missing.yaml == "rules:\n  license-use:\n    assume_model_as_a_service: <true or false>"
    assumed = evaluate(tmp_path, "acme/kimi", settings=settings + ", assume_model_as_a_service: false", **stated)
    assert assumed.verdict is Verdict.PASS
    assert assumed.notes[1].endswith("; the policy assumes that the organisation is not")


def test_a_service_has_its_providers_terms(tmp_path):
    evaluation = evaluate(tmp_path, "acme/assistant", more="    access: api\n    provider: gateway\n")
    assert evaluation.reason == "used through an API: its provider's terms apply"


@pytest.mark.parametrize(("spelling", "verdict", "words"), [
    ("CC-BY-NC-4.0 OR MIT", Verdict.PASS, "`CC-BY-NC-4.0 OR MIT` leaves a choice: judged by MIT"),
    ("CC-BY-NC-4.0 OR qwen", Verdict.NOT_EVALUATED, "`CC-BY-NC-4.0 OR qwen` leaves a choice: judged by qwen"),
    ("CC-BY-NC-4.0 AND MIT", Verdict.FAIL, "no conflict found in what was read of MIT (standard text)"),
    ("qwen AND MIT", Verdict.NOT_EVALUATED, "no conflict found in what was read of MIT (standard text)"),
    ("ISC AND MIT", Verdict.PASS, "no conflict found in what was read of ISC (standard text)"),
    ("MIT AND acme-terms", Verdict.NOT_EVALUATED, ""),
])  # fmt: skip
def test_a_choice_serves_the_chooser_and_a_sum_binds_to_all(tmp_path, spelling, verdict, words):
    more = f'    known: {{license: {{value: "{spelling}", evidence: https://example.com}}}}\n'
    found = evaluate(tmp_path, "acme/m", use="{purpose: commercial}", settings=", min_certainty: claimed", more=more)
    assert found.verdict is verdict
    assert next(iter(found.notes), "") == words
