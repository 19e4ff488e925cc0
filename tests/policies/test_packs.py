"""The shipped packs: for every rule of every pack a manifest that passes and one that it reports."""

from __future__ import annotations

import json

import pytest

from checker.policy.extends import pack_names
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.rulebook.discover import judges_waivers, rule_ids
from checker.rulebook.documentation import as_files, documentation
from checker.rulebook.scan_case import judges_scans
from checker.rulebook.schedule import Enforcement
from checker.verdict import Verdict
from tests.rules.judged import TODAY, judged, judged_by
from tests.rules.test_examples import BASELINE

PACKS = {name: load(Choice(name, ChosenBy.OPTION), None) for name in pack_names()}
LEVELS = {
    "weighbridge:enterprise": {
        "hard-mandatory": {"license-known", "license-allowed", "license-use", "license-lineage", "model-denied"},
        "soft-mandatory": {
            "license-declared", "architecture-objective", "base-or-instruct", "classification-head", "training-fits",
            "serving-fits", "context-window", "revision-pinned", "weights-format", "remote-code", "publisher-allowed",
            "model-approved", "api-allowed", "lock-fresh", "models-declared", "waiver-invalid",
            "waiver-expired",
        },
    },
}  # fmt: skip
CASES = [
    pytest.param(pack, rule_id, example, verdict, id=f"{pack.partition(':')[2]}-{rule_id}-{verdict}-{number}")
    for pack, policy in PACKS.items()
    for rule_id in policy.rules
    if not judges_waivers(rule_id) and not judges_scans(rule_id)
    for examples, verdict in (
        (documentation(rule_id).passes, Verdict.PASS),
        (documentation(rule_id).fails, Verdict.FAIL),
    )
    for number, example in enumerate(examples)
]


@pytest.mark.parametrize(("pack", "rule_id", "example", "verdict"), CASES)
def test_each_rule_of_a_pack_passes_one_manifest_and_reports_another(tmp_path, pack, rule_id, example, verdict):
    (tmp_path / "baseline.json").write_text(json.dumps(BASELINE))
    files = as_files(rule_id, example)
    if files.lock is not None:
        (tmp_path / "model.lock").write_text(files.lock, encoding="utf-8")
    policy = files.policy.replace("rules:\n", f"extends: {pack}\nrules:\n").replace("enforcement: hard-mandatory, ", "")
    if "{enforcement: hard-mandatory}" in policy:  # no settings: the pack's own are the ones that are tried
        policy = policy.partition("rules:\n")[0]
    [evaluation] = [found for found in judged(tmp_path, files.manifest, policy) if found.rule == rule_id]
    level = PACKS[pack].rules[rule_id].level(TODAY)
    assert (evaluation.verdict, evaluation.enforcement) == (verdict, level)
    assert evaluation.blocks is (verdict is Verdict.FAIL and level.blocks)


@pytest.mark.parametrize("pack", PACKS)
def test_a_pack_takes_a_stand_on_every_rule_that_needs_no_request(pack):
    assert set(PACKS[pack].rules) == set(rule_ids()) - {"required-blocks"}


def test_enterprise_has_the_levels_that_are_promised():
    levels = {rule.id: rule.level(TODAY) for rule in PACKS["weighbridge:enterprise"].rules.values()}
    for level, rules in LEVELS["weighbridge:enterprise"].items():
        assert {rule for rule, found in levels.items() if found == level} == rules


def test_starter_blocks_nothing():
    assert {rule.level(TODAY) for rule in PACKS["weighbridge:starter"].rules.values()} == {Enforcement.ADVISORY}


def outcome_of(tmp_path, pack, rule_id, entry, head=""):
    manifest = f"weighbridge: 1\nowner: example\n{head}models:\n  - {entry}\n"
    [found] = [e for e in judged_by(tmp_path, manifest, PACKS[pack]) if e.rule == rule_id]
    return found.verdict


@pytest.mark.parametrize(
    ("pack", "model", "verdict"),
    [
        ("weighbridge:enterprise", "Qwen/Qwen2.5-7B-Instruct", Verdict.PASS),
        ("weighbridge:enterprise", "meta-llama/Llama-3.1-8B-Instruct", Verdict.PASS),
        ("weighbridge:enterprise", "google/gemma-2-9b-it", Verdict.FAIL),
        ("weighbridge:enterprise", "CohereLabs/aya-23-8B", Verdict.FAIL),
        ("weighbridge:permissive-only", "Qwen/Qwen2.5-7B-Instruct", Verdict.PASS),
        ("weighbridge:permissive-only", "meta-llama/Llama-3.1-8B-Instruct", Verdict.FAIL),
        ("weighbridge:starter", "google/gemma-2-9b-it", Verdict.FAIL),
        ("weighbridge:research", "CohereLabs/aya-23-8B", Verdict.NOT_APPLICABLE),
    ],
)
def test_the_packs_accept_the_licences_that_they_name(tmp_path, pack, model, verdict):
    assert outcome_of(tmp_path, pack, "license-allowed", f"{{model: {model}, objective: chat}}") is verdict


@pytest.mark.parametrize(
    ("pack", "verdict"),
    [("weighbridge:enterprise", Verdict.FAIL), ("weighbridge:research", Verdict.PASS)],
)
def test_a_project_that_says_no_purpose_gets_the_packs_own(tmp_path, pack, verdict):
    entry = "{model: CohereLabs/aya-23-8B, objective: chat}"
    assert outcome_of(tmp_path, pack, "license-use", entry) is verdict


def test_research_is_no_way_round_a_commercial_use(tmp_path):
    entry = "{model: CohereLabs/aya-23-8B, objective: chat}"
    head = "use: {purpose: commercial}\n"
    assert outcome_of(tmp_path, "weighbridge:research", "license-use", entry, head) is Verdict.FAIL
