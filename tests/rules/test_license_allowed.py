"""The lists of a policy: what is denied is denied first, and licences are spelled in any way."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError
from checker.verdict import Verdict
from tests.rules.judged import judged

QWEN, AYA, KIMI = "Qwen/Qwen2.5-7B-Instruct", "CohereLabs/aya-23-8B", "moonshotai/Kimi-K2-Instruct"
REMEDY = "choose a model under an accepted licence, or ask for this licence to be reviewed"


def evaluate(tmp_path, model, settings, more=""):
    manifest = f"weighbridge: 1\nowner: team\nmodels:\n  - model: {model}\n    objective: chat\n{more}"
    rule = f"  license-allowed: {{enforcement: hard-mandatory{settings}}}\n"
    [evaluation] = judged(tmp_path, manifest, f"policy: acme\nversion: 1\nrules:\n{rule}")
    return evaluation


@pytest.mark.parametrize("settings", [
    ", allow: [Apache-2.0]", ', allow: "Apache License, Version 2.0"', ", allow: [mit, apache 2.0]", ", deny: [MIT]",
    ", deny_categories: [copyleft, noncommercial]",
])  # fmt: skip
def test_an_accepted_licence_passes_however_it_is_spelled(tmp_path, settings):
    assert evaluate(tmp_path, QWEN, settings).verdict is Verdict.PASS


@pytest.mark.parametrize(("model", "settings", "expected", "found", "setting"), [
    (QWEN, ", allow: [mit, llama 3.1]", "one of MIT, llama3.1", "Apache-2.0", "allow"),
    (QWEN, ", allow: []", "one of ", "Apache-2.0", "allow"),
    (QWEN, ", allow: [Apache-2.0], deny: [apache 2.0]", "a licence that the policy does not deny", "Apache-2.0", "deny"),
    (AYA, ", deny_categories: [research, noncommercial]", "a licence of none of these kinds: research, noncommercial",
     "CC-BY-NC-4.0, which is noncommercial", "deny_categories"),
    (AYA, ", allow: [cc-by-nc-4.0], deny_categories: noncommercial", "a licence of none of these kinds: noncommercial",
     "CC-BY-NC-4.0, which is noncommercial", "deny_categories"),
])  # fmt: skip
def test_a_licence_that_is_not_accepted_fails_at_the_setting_that_says_so(
    tmp_path, model, settings, expected, found, setting
):
    evaluation = evaluate(tmp_path, model, settings)
    [finding] = evaluation.findings
    assert (evaluation.verdict, finding.policy.setting) == (Verdict.FAIL, setting)
    assert (finding.expected, finding.found, finding.remedy) == (expected, found, REMEDY)


@pytest.mark.parametrize(("model", "reason"), [
    ("microsoft/mpnet-base", "no source states it"),
    ("ProsusAI/finbert", "the card declares no licence"),
    (KIMI, "`modified-mit` names no single licence: mistral-modified-mit, kimi-k2, minimax-m2, minimax-m2.1 differ in"
           " their terms"),
])  # fmt: skip
def test_a_licence_that_is_not_known_is_not_evaluated(tmp_path, model, reason):
    evaluation = evaluate(tmp_path, model, ", allow: [MIT]")
    assert evaluation.verdict is Verdict.NOT_EVALUATED
    assert [missing.reason for missing in evaluation.missing] == [reason]


def test_a_licence_that_nobody_read_can_be_listed_by_name(tmp_path):
    settings = ", min_certainty: claimed, {}: [LicenseRef-acme-1.0, jamba-open-model-license]"
    more = "    known: {license: {value: licenseref-ACME-1.0, evidence: https://example.com}}\n"
    assert evaluate(tmp_path, "acme/own", settings.format("allow"), more).verdict is Verdict.PASS
    assert evaluate(tmp_path, "acme/own", settings.format("deny"), more).verdict is Verdict.FAIL


def test_without_a_list_nothing_is_judged(tmp_path):
    evaluation = evaluate(tmp_path, QWEN, "")
    assert (evaluation.verdict, evaluation.reason) == (Verdict.NOT_APPLICABLE, "the policy lists no licences")


def test_a_service_has_its_providers_terms(tmp_path):
    more = "    access: api\n    provider: gateway\n"
    evaluation = evaluate(tmp_path, "acme/assistant", ", allow: [MIT]", more)
    assert evaluation.reason == "used through an API: its provider's terms apply"


@pytest.mark.parametrize(("settings", "expected", "hint"), [
    (", allow: [apahce-2.0]", "a licence: an SPDX id, a Hub id or a name; `LicenseRef-…` for one of your own",
     "did you mean `Apache-2.0`?"),
    (", deny: [llama-3]", "one of llama3, llama3.1, llama3.2, llama3.3", ""),
])  # fmt: skip
def test_a_misspelt_licence_in_a_policy_is_an_error(tmp_path, settings, expected, hint):
    with pytest.raises(InputError) as error:
        evaluate(tmp_path, QWEN, settings)
    [problem] = error.value.problems
    assert (problem.expected, problem.hint) == (expected, hint)
    assert problem.at is not None
    assert problem.at.line == 4
