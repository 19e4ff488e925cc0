"""Every rule's documentation is complete, and its examples get the outcomes that they claim."""

from __future__ import annotations

import json

import pytest

from checker.rulebook.discover import judges_scans, judges_waivers, load_rule, rule_ids
from checker.rulebook.documentation import as_files, documentation
from checker.verdict import Verdict
from tests.rules.judged import judged, judged_scan, judged_waiver

BASELINE = {
    "results": {"mmlu": {"acc": 0.7}},
    "versions": {"mmlu": 0},
    "config": {"model_args": "pretrained=Qwen/Qwen2.5-7B-Instruct,revision=a09a35458c702b33eeacc393d103063234e8bc28"},
}
EXAMPLES = [
    pytest.param(rule_id, example, verdict, id=f"{rule_id}-{verdict}")
    for rule_id in rule_ids()
    for examples, verdict in (
        (documentation(rule_id).passes, Verdict.PASS),
        (documentation(rule_id).fails, Verdict.FAIL),
    )
    for example in examples
]


@pytest.mark.parametrize("rule_id", rule_ids())
def test_a_rule_is_documented_with_a_case_that_passes_and_one_that_it_refuses(rule_id):
    page = documentation(rule_id)
    assert page.summary.endswith(".")
    assert page.what
    assert page.why
    assert page.fix
    assert page.passes
    assert page.fails
    assert all(setting.meaning for setting in page.settings)


@pytest.mark.parametrize(("rule_id", "example", "verdict"), EXAMPLES)
def test_a_docstring_example_gets_the_outcome_that_it_claims(tmp_path, rule_id, example, verdict):
    (tmp_path / "baseline.json").write_text(json.dumps(BASELINE))
    if judges_scans(rule_id):
        evaluation = judged_scan(tmp_path, rule_id, example)
        assert (evaluation.rule, evaluation.verdict) == (rule_id, verdict)
        return
    if judges_waivers(rule_id):
        evaluation = judged_waiver(tmp_path, rule_id, example)
        assert (evaluation.rule, evaluation.verdict) == (rule_id, verdict)
        return
    files = as_files(rule_id, example)
    if files.lock is not None:
        (tmp_path / "model.lock").write_text(files.lock, encoding="utf-8")
    [evaluation] = judged(tmp_path, files.manifest, files.policy)
    assert (evaluation.rule, evaluation.verdict) == (rule_id, verdict), files.manifest + files.policy


@pytest.mark.parametrize("rule_id", rule_ids())
def test_a_rule_takes_only_what_the_engine_supplies(rule_id):
    supplied = {
        "entry", "manifest", "facts", "settings", "organisation", "providers", "lineage", "neighbours", "baseline",
        "contradictions", "today", "loaded", "lock", "waiver", "scan", "generators", "opinions", "shown",
        "proposals", "calibration", "bounds",
    }  # fmt: skip
    assert set(load_rule(rule_id).needs) <= supplied
