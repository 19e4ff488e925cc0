"""A baseline is of this model before its fine-tuning; floors hold for its task, metric and shots."""

from __future__ import annotations

import json

import pytest

from checker.verdict import Verdict
from tests.baseline import files
from tests.rules.judged import judged

PASS, FAIL, UNKNOWN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NOT_EVALUATED, Verdict.NOT_APPLICABLE
QWEN = f"model: {files.MODEL}, revision: {files.REVISION}, objective: chat, baseline: b.json"
BERT = "model: google-bert/bert-base-uncased, objective: multi-class-classification, baseline: b.json"
TUNED = "fine_tuning: {method: lora, sequence_length: 2048, started_on: 2026-11-01}"


def outcome(folder, rule, entry, content, settings=""):
    if content is not None:
        (folder / "b.json").write_text(json.dumps(content))
    manifest = f"weighbridge: 1\nowner: example\nmodels:\n  - {{{entry}}}\n"
    rules = f"rules:\n  {rule}: {{enforcement: hard-mandatory{settings and ', '}{settings}}}\n"
    [found] = judged(folder, manifest, f"policy: example\nversion: 1\n{rules}")
    said = [found.reason, found.margin, *found.notes, *(part.reason for part in found.missing)]
    said += [text for each in found.findings for text in (each.expected, each.found, *each.lines)]
    return found.verdict, " | ".join(filter(None, said))


def limited():
    content = files.newer({"arc": 0.5})
    content["config"]["limit"] = 1000
    return content


def adapted():
    content = files.newer({"arc": 0.5})
    content["config"]["model_args"] += ",peft=./adapter"
    return content


ARC = files.newer({"arc": 0.5})


@pytest.mark.parametrize(
    ("entry", "content", "settings", "verdict", "words"),
    [
        (f"{QWEN}, {TUNED}", ARC, "identified: true", PASS, "1 task: arc"),
        (f"{QWEN}, {TUNED}", files.older(), "identified: true", UNKNOWN, "does not say when it was made"),
        (f"{QWEN}, {TUNED}", files.older(), "", PASS, "does not say at which revision"),
        (f"{QWEN}, {TUNED}", files.newer({"arc": 0.5}, date=1_793_900_000), "", FAIL, "was made on 2026-11-05"),
        (f"{QWEN}, {TUNED}", files.newer({"arc": 0.5}, date=1_793_500_000), "", PASS, "which was first is not said"),
        (f"{QWEN}, {TUNED.replace(', started_on: 2026-11-01', '')}", ARC, "", PASS, "which nothing proves"),
        (f"{QWEN}, {TUNED}, baseline_run: {{on: 2026-10-03}}", ARC, "", PASS, ""),
        (f"{QWEN}, {TUNED}, baseline_run: {{on: 2026-09-01}}", ARC, "", FAIL, "a run on 2026-09-01"),
        (f"{QWEN}, {TUNED}, baseline_run: {{on: 2026-11-09}}", files.older(), "", FAIL, "`baseline_run.on` says"),
        (f"{QWEN}, {TUNED}, baseline_run: {{tasks: {{task: hs}}}}", ARC, "", FAIL, "results of the task hs"),
        (f"{QWEN}, {TUNED}, baseline_run: {{tasks: {{task: arc, shots: 0}}}}", ARC, "", FAIL, "has 5 shots"),
        (f"{QWEN}, {TUNED}, baseline_run: {{tasks: {{task: arc, metric: f1}}}}", ARC, "", FAIL, "f1 of arc"),
        (f"{QWEN}, {TUNED}, baseline_run: {{tasks: {{task: arc, version: 2}}}}", ARC, "", FAIL, "arc in version 2"),
        (f"{QWEN}, {TUNED}", adapted(), "", FAIL, "was made with the adapter ./adapter"),
        (f"{QWEN}, {TUNED}", files.newer({"arc": 0.5}, revision="0" * 40), "", FAIL, "holds results at 000"),
        (f"{QWEN}, {TUNED}", limited(), "", PASS, "not the whole task"),
        (f"{QWEN}, {TUNED}", limited(), "whole: true", FAIL, "all questions of each task"),
        (
            f"{QWEN}, fine_tuning: {{method: lora, sequence_length: 8, produces: {{name: Acme}}}}",
            files.newer({"arc": 0.5}, model="me/acme"),
            "",
            FAIL,
            "holds results of what it produces, Acme",
        ),
        (f"{QWEN}, {TUNED}", files.OWN, "", FAIL, "only a classifier may be held against a simple baseline"),
        (f"{BERT}, {TUNED}", files.OWN, "", PASS, "1 task of a tf-idf baseline: tickets"),
        (f"{BERT}, {TUNED}", files.MAJORITY, "", PASS, "heuristic: by its figures it is a majority-class baseline"),
        (f"{BERT}, {TUNED}", files.OWN | {"model": "other/bert"}, "", FAIL, "holds results of other/bert"),
        (f"{QWEN.replace(files.REVISION, 'main')}, {TUNED}", ARC, "", PASS, "no commit is pinned"),
    ],
)
def test_a_baseline_is_held_against_its_entry(tmp_path, entry, content, settings, verdict, words):
    found, said = outcome(tmp_path, "baseline-recorded", entry, content, settings)
    assert (found, words in said) == (verdict, True), said


def test_a_model_of_another_size_is_said_to_be_a_heuristic(tmp_path):
    content = files.newer({"arc": 0.5})
    content["config"]["model_num_parameters"] = 10**9
    found, said = outcome(tmp_path, "baseline-recorded", f"{QWEN}, {TUNED}", content)
    assert (found, "1,000,000,000 parameters (heuristic)" in said) == (FAIL, True)


PERPLEXITY = {**ARC, "results": {"arc": {"word_perplexity,none": 9.0}}}


@pytest.mark.parametrize(
    ("floor", "content", "verdict", "words"),
    [
        ("arc: {metric: acc, shots: 5, at_least: 0.4}", ARC, PASS, ""),
        ("arc: {at_least: 0.49}", ARC, PASS, "meets 0.49: within noise (95 %: 0.469 to 0.531)"),
        ("arc: {at_least: 0.51}", ARC, FAIL, "within noise (95 %"),
        ("arc: {at_least: 60}", ARC, FAIL, "the floor may mean 0.6"),
        ("arc: {at_least: 0.4}", limited(), PASS, "the run was limited"),
        ("arc: {shots: 0, at_least: 0.4}", ARC, UNKNOWN, "is for 0 shots, and the file has 5"),
        ("arc: {metric: f1, at_least: 0.4}", ARC, UNKNOWN, "has no single f1, but acc"),
        ("hs: {at_least: 0.4}", ARC, UNKNOWN, "has no results of hs"),
        ("arc: {metric: acc}", ARC, UNKNOWN, "neither `at_least` nor `at_most`"),
        ("arc: {at_most: 0.4}", ARC, UNKNOWN, "more is better: the floor needs `at_least`"),
        ("arc: {at_least: 0.4}", None, UNKNOWN, "there is no such file"),
        ("arc: {at_least: 0.4}", files.newer({"arc": 0.5}, versions={}), UNKNOWN, "contradicts itself"),
        ("arc: {at_most: 8}", PERPLEXITY, FAIL, "word_perplexity of arc with 5 shots of at most 8"),
        ("arc: {at_most: 10}", PERPLEXITY, PASS, "carries no standard error"),
        ("arc: {at_least: 8}", PERPLEXITY, UNKNOWN, "less is better: the floor needs `at_most`"),
        ("tickets: {at_least: 0.8}", files.OWN, PASS, "within noise"),
    ],
)
def test_a_floor_is_held_against_the_projects_own_results(tmp_path, floor, content, verdict, words):
    found, said = outcome(tmp_path, "benchmark-floor", QWEN, content, f"baseline: {{{floor}}}")
    assert (found, words in said) == (verdict, True), said


def test_a_floor_without_any_baseline_is_not_evaluated(tmp_path):
    entry = QWEN.replace(", baseline: b.json", "")
    found, said = outcome(tmp_path, "benchmark-floor", entry, None, "baseline: {arc: {at_least: 0.4}}")
    assert (found, "the entry names no `baseline`" in said) == (UNKNOWN, True)
