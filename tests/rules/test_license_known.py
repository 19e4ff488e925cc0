"""A licence is known where a source declares one that names one text, and that text was read."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

POLICY = "policy: acme\nversion: 1\nrules:\n  license-known: hard-mandatory\n"


def evaluate(tmp_path, model, more=""):
    manifest = f"weighbridge: 1\nowner: team\nmodels:\n  - model: {model}\n    objective: chat\n{more}"
    [evaluation] = judged(tmp_path, manifest, POLICY)
    return evaluation


@pytest.mark.parametrize(("model", "read"), [
    ("Qwen/Qwen2.5-7B-Instruct", "read of Apache-2.0: full text, 2004-01"),
    ("Qwen/Qwen2.5-72B-Instruct", "read of qwen: full text, 2024-09-19"),
    ("meta-llama/Llama-3.1-8B-Instruct", "read of llama3.1: full text, 2024-07-23"),
])  # fmt: skip
def test_a_pass_says_how_much_of_which_text_was_read(tmp_path, model, read):
    evaluation = evaluate(tmp_path, model)
    assert (evaluation.verdict, evaluation.lines) == (Verdict.PASS, (read,))


@pytest.mark.parametrize(("model", "found"), [
    ("ProsusAI/finbert", "the card declares no licence"),
    ("facebook/opt-1.3b", "`other` names no text, and no `license_name` says which it is"),
    ("moonshotai/Kimi-K2-Instruct", "`modified-mit` names no single licence: mistral-modified-mit, kimi-k2, minimax-m2,"
                                    " minimax-m2.1 differ in their terms"),
    ("tiiuae/falcon-mamba-7b", "`falcon-mamba-7b-license`: the text of the Falcon Mamba 7B TII License 1.0 has not been"
                               " read"),
])  # fmt: skip
def test_a_declaration_that_names_no_text_fails_with_what_it_could_be(tmp_path, model, found):
    evaluation = evaluate(tmp_path, model)
    [finding] = evaluation.findings
    assert (evaluation.verdict, str(finding.at).rpartition("/")[2]) == (Verdict.FAIL, "model.yaml:4:12")
    assert (finding.expected, finding.found, finding.remedy) == (
        "a licence that names one text that was read",
        found,
        "ask the publisher which licence holds, or choose another model",
    )


@pytest.mark.parametrize("model", ["microsoft/mpnet-base", "acme/unheard-of"])
def test_a_licence_that_no_source_states_is_not_evaluated(tmp_path, model):
    evaluation = evaluate(tmp_path, model)
    assert evaluation.verdict is Verdict.NOT_EVALUATED
    assert [(missing.name, missing.reason) for missing in evaluation.missing] == [("license", "no source states it")]


def test_the_projects_own_word_is_not_sure_enough(tmp_path):
    more = "    known: {license: {value: mit, evidence: https://example.com}}\n"
    [missing] = evaluate(tmp_path, "acme/unheard-of", more).missing
    assert missing.reason == "it is only claimed (manifest: https://example.com); the rule asks for declared"


def test_a_service_has_its_providers_terms(tmp_path):
    evaluation = evaluate(tmp_path, "acme/assistant", "    access: api\n    provider: gateway\n")
    assert (evaluation.verdict, evaluation.reason) == (
        Verdict.NOT_APPLICABLE,
        "used through an API: its provider's terms apply",
    )
