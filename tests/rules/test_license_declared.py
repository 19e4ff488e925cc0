"""The manifest's licence and the model's are compared by what they name, not by how they are spelled."""

from __future__ import annotations

import pytest

from checker.verdict import Verdict
from tests.rules.judged import judged

POLICY = "policy: acme\nversion: 1\nrules:\n  license-declared: soft-mandatory\n"
QWEN, KIMI, FINBERT = "Qwen/Qwen2.5-7B-Instruct", "moonshotai/Kimi-K2-Instruct", "ProsusAI/finbert"


def evaluate(tmp_path, model, license_line, more=""):
    manifest = f"weighbridge: 1\nowner: team\nmodels:\n  - model: {model}\n    objective: chat\n{license_line}{more}"
    [evaluation] = judged(tmp_path, manifest, POLICY)
    return evaluation


@pytest.mark.parametrize(("model", "written"), [
    (QWEN, "apache-2.0"), (QWEN, '"Apache License, Version 2.0"'), ("Qwen/Qwen2.5-72B-Instruct", "Qwen License"),
    (KIMI, "modified-mit"),
])  # fmt: skip
def test_equal_licences_pass_however_they_are_spelled(tmp_path, model, written):
    assert evaluate(tmp_path, model, f"    license: {written}\n").verdict is Verdict.PASS


@pytest.mark.parametrize(("model", "written", "expected", "found", "remedy"), [
    (QWEN, "MIT License", "Apache-2.0, which is what Qwen/Qwen2.5-7B-Instruct declares", "MIT", "set license to Apache-2.0"),
    (QWEN, "LicenseRef-acme", "Apache-2.0, which is what Qwen/Qwen2.5-7B-Instruct declares", "LicenseRef-acme",
     "set license to Apache-2.0"),
    (FINBERT, "MIT", "no licence, which is what ProsusAI/finbert declares", "MIT", "remove license"),
])  # fmt: skip
def test_different_licences_fail_naming_both(tmp_path, model, written, expected, found, remedy):
    evaluation = evaluate(tmp_path, model, f"    license: {written}\n")
    [finding] = evaluation.findings
    assert (evaluation.verdict, str(finding.at).rpartition("/")[2]) == (Verdict.FAIL, "model.yaml:6:14")
    assert (finding.expected, finding.found, finding.remedy) == (expected, found, remedy)


@pytest.mark.parametrize(("model", "reason"), [
    ("microsoft/mpnet-base", "no source states it"),
    (KIMI, "`modified-mit` names no single licence: mistral-modified-mit, kimi-k2, minimax-m2, minimax-m2.1 differ in"
           " their terms"),
])  # fmt: skip
def test_a_model_whose_licence_is_not_known_cannot_be_compared(tmp_path, model, reason):
    evaluation = evaluate(tmp_path, model, "    license: kimi-k2\n")
    assert evaluation.verdict is Verdict.NOT_EVALUATED
    assert [missing.reason for missing in evaluation.missing] == [reason]


@pytest.mark.parametrize(("more", "reason"), [
    ("", "the manifest declares no licence"),
    ("    access: api\n    provider: gateway\n", "used through an API: its provider's terms apply"),
])  # fmt: skip
def test_without_a_declaration_there_is_nothing_to_compare(tmp_path, more, reason):
    evaluation = evaluate(tmp_path, QWEN, "", more)
    assert (evaluation.verdict, evaluation.reason) == (Verdict.NOT_APPLICABLE, reason)
