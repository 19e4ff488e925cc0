"""Candidates are judged by the engine: groups, changes, and that the fast path says what the whole engine says."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.selection.gathered import Surroundings, of_ids
from checker.selection.judge import Group, Judge
from checker.verdict import Verdict
from tests.selection.asking import CATALOGUE, CHAT, TUNED, asked, judged, standing

QWEN_7B = "Qwen/Qwen2.5-7B-Instruct"


@pytest.mark.parametrize(
    ("model", "group", "rule"),
    [
        (QWEN_7B, Group.PASSES, None),
        ("Qwen/Qwen2.5-14B-Instruct", Group.CHANGE, "serving-fits"),
        ("deepseek-ai/DeepSeek-R1", Group.NEAR, "serving-fits"),
        ("google/gemma-2-9b-it", Group.STOPPED, "license-allowed"),
        ("BAAI/bge-m3", Group.STOPPED, "architecture-objective"),
        ("meta-llama/Llama-3.2-90B-Vision-Instruct", Group.UNKNOWN, "license-use"),
    ],
)
def test_each_model_is_in_the_group_that_its_verdicts_give_it(model, group, rule):
    found = judged(asked(**CHAT), [model])[model]
    assert found.group is group
    assert rule is None or rule in {one.rule for one in found.stops}


def test_a_near_miss_is_stopped_by_one_rule_beside_those_that_a_change_satisfies():
    near = judged(asked(**CHAT), ["google/gemma-3-4b-it", "Qwen/Qwen3-235B-A22B"])
    assert {one.group for one in near.values()} == {Group.NEAR}
    assert [[stop.rule for stop in one.stops] for one in near.values()] == [["license-allowed"], ["serving-fits"]]


def test_a_change_is_named_and_the_entry_with_it_passes():
    found = judged(asked(**CHAT), ["microsoft/phi-4"])["microsoft/phi-4"]
    assert [change.said for change in found.changes] == [
        "16384 instead of 32768 tokens of context",
        "int4 (awq-int4) instead of the published weights",
    ]
    assert {one.rule for one in found.stops} == {"context-window", "serving-fits"}
    assert not any(one.blocks for one in found.changed)


def test_qlora_is_proposed_where_lora_does_not_fit():
    model = "Qwen/Qwen2.5-7B-Instruct"
    question = asked(**{**TUNED, "sequence_length": "1024", "gpu": "RTX 4060 Ti 16GB"})
    found = judged(question, [model])[model]
    assert found.group is Group.CHANGE
    assert found.changes[0].said == "QLoRA instead of LoRA"
    assert found.changes[0].path == ("fine_tuning", "method")


def test_a_model_without_a_recorded_commit_has_to_be_pinned_first():
    model = "ibm-granite/granite-3.0-8b-instruct"
    assert CATALOGUE.find(model).revision is None
    found = judged(asked(objective="chat"), [model])[model]
    assert found.group is Group.CHANGE
    assert [change.said for change in found.changes] == ["pinned at a commit, which `weighbridge lock` finds"]


def test_nothing_that_speaks_for_a_model_is_no_pass(tmp_path):
    policy = tmp_path / "own.yaml"
    policy.write_text("policy: own\nversion: 1\nrules: {serving-fits: soft-mandatory}\n", encoding="utf-8")
    found = judged(asked(objective="chat"), [QWEN_7B], pack=str(policy))[QWEN_7B]
    assert [one.verdict for one in found.evaluations] == [Verdict.NOT_APPLICABLE]
    assert found.group is Group.UNKNOWN


@pytest.mark.parametrize("given", [CHAT, {**TUNED, "gpu": "RTX 3060 12GB"}])
def test_proposals_change_what_is_told_and_never_whether_a_rule_holds(given):
    question, models = asked(**given), ["microsoft/phi-4", QWEN_7B, "deepseek-ai/DeepSeek-R1"]
    around = Surroundings(Path(), Path(), CATALOGUE)
    without, told = (
        [
            Judge(question, (), standing(), fast=False, proposals=proposals).judged(one)
            for one in of_ids(question, models, around)
        ]
        for proposals in (False, True)
    )
    for plain, full in zip(without, told, strict=True):
        assert [(one.rule, one.verdict, one.blocks) for one in plain.evaluations] == [
            (one.rule, one.verdict, one.blocks) for one in full.evaluations
        ]
    assert any(one.evaluations != other.evaluations for one, other in zip(without, told, strict=True))
