"""What fine-tuning gained and lost is told from noise, and what was measured otherwise is not compared."""

from __future__ import annotations

import json
from math import sqrt

import pytest

from checker.baseline.comparison import Change, compare
from checker.baseline.read import of_source
from checker.document.place import SourceFile
from tests.baseline import files


def read(content):
    return of_source(SourceFile("r.json", json.dumps(content)), "r.json")


def compared(before, after):
    return compare(read(before), read(after))


@pytest.mark.parametrize(
    ("after", "change"),
    [(0.6, Change.GAINED), (0.4, Change.LOST), (0.52, Change.WITHIN_NOISE), (0.5, Change.WITHIN_NOISE)],
)
def test_a_difference_is_held_against_both_standard_errors(after, change):
    [found] = compared(files.newer({"arc": 0.5}), files.newer({"arc": after}, model="./tuned")).compared
    assert found.change is change
    assert found.stderr == pytest.approx(sqrt(files.error(0.5, 1000) ** 2 + files.error(after, 1000) ** 2))


def test_the_bound_is_that_of_a_two_sided_test_at_5_percent():
    def own(value):
        score = {"metric": "acc", "value": value, "stderr": 0.01}
        return files.OWN | {"tasks": [{"task": "t", "version": "1", "scores": [score]}]}

    reach = 1.96 * sqrt(2) * 0.01
    [inside] = compared(own(0.5), own(round(0.5 + reach - 0.0001, 6))).compared
    [outside] = compared(own(0.5), own(round(0.5 + reach + 0.0001, 6))).compared
    assert (inside.change, outside.change) == (Change.WITHIN_NOISE, Change.GAINED)


def test_less_is_better_where_the_metric_says_so():
    before, after = files.newer({"wiki": 0.5}), files.newer({"wiki": 0.5})
    before["results"]["wiki"] = {"word_perplexity,none": 12.0, "word_perplexity_stderr,none": 0.1}
    after["results"]["wiki"] = {"word_perplexity,none": 10.0, "word_perplexity_stderr,none": 0.1}
    assert compared(before, after).compared[0].change is Change.GAINED
    for content in (before, after):
        content["results"]["wiki"] = {
            key.replace("word_perplexity", "oddness"): value for key, value in content["results"]["wiki"].items()
        }
    assert compared(before, after).compared[0].change is Change.CHANGED


def test_without_a_standard_error_nothing_is_called_a_gain():
    found = compared(files.mteb(0.7), files.mteb(0.9)).compared
    assert {each.change for each in found} == {Change.UNKNOWN}
    zero = files.newer({"arc": 0.5})
    zero["results"]["arc"]["acc_stderr,none"] = 0.0
    assert compared(zero, files.newer({"arc": 0.6})).compared[0].change is Change.UNKNOWN
    assert compared(files.newer({"arc": 0.0}), files.newer({"arc": 0.0})).compared[0].change is Change.UNKNOWN


@pytest.mark.parametrize(
    ("stderr", "change"), [(1e149, Change.WITHIN_NOISE), (1e-200, Change.LOST), (5e-324, Change.LOST)]
)
def test_a_standard_error_of_any_size_is_compared(stderr, change):
    """Its square need not be a number, and that of a small one is 0."""
    before, after = files.newer({"wiki": 0.5}), files.newer({"wiki": 0.5})
    for content, value in ((before, 10.0), (after, 12.0)):
        content["results"]["wiki"] = {"word_perplexity,none": value, "word_perplexity_stderr,none": stderr}
    [found] = compared(before, after).compared
    assert (found.change, found.stderr) == (change, pytest.approx(stderr * sqrt(2), rel=0.5))


def test_right_answers_out_of_a_known_number_have_a_computed_error():
    [found] = compared(files.OWN, files.OWN).compared
    assert (found.change, found.note) == (
        Change.WITHIN_NOISE,
        "standard error computed from the number of questions",
    )


def test_a_small_p_stands_among_many_and_a_middling_one_does_not():
    before = files.newer({"a": 0.5, "b": 0.5, "c": 0.5})
    after = files.newer({"a": 0.7, "b": 0.546, "c": 0.5})
    found = {each.task: (each.change, each.stands) for each in compared(before, after).compared}
    assert found == {
        "a": (Change.GAINED, True),
        "b": (Change.GAINED, False),
        "c": (Change.WITHIN_NOISE, False),
    }


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (files.newer({"arc": 0.6}, versions={"arc": 2}), "version 1 before, 2 after"),
        (files.newer({"arc": 0.6}, versions={}), "the version of the task is not stated on both sides"),
        (files.newer({"arc": 0.6}, **{"n-shot": {"arc": 0}}), "5 shots before, 0 after"),
        (files.newer({"arc": 0.6}, **{"n-shot": {}}), "the number of shots is not stated on both sides"),
        (files.newer({"arc": 0.6}, 500), "1000 questions before, 500 after"),
        (files.newer({"arc": 0.6}, task_hashes={"arc": "b"}), "other questions or prompts (their hashes differ)"),
        (files.newer({"hs": 0.6}), "only the file before has it"),
        (files.lighteval(), "the files are of lm-evaluation-harness and lighteval, which ask and count differently"),
    ],
)
def test_what_was_measured_otherwise_is_not_compared(after, reason):
    found = compared(files.newer({"arc": 0.5}, task_hashes={"arc": "a"}), after)
    assert (found.compared, reason in [each.reason for each in found.not_compared]) == ((), True)


def test_another_metric_is_not_compared():
    after = files.newer({"arc": 0.5})
    after["results"]["arc"] = {"acc_norm,none": 0.9}
    reasons = [each.reason for each in compared(files.newer({"arc": 0.5}), after).not_compared]
    assert reasons == ["acc stands in the file before alone", "acc_norm stands in the file after alone"]


def test_a_limited_run_is_compared_with_the_same_limit_only():
    limited = files.older()
    limited["config"]["limit"] = 50
    found = compared(files.older(), limited)
    assert found.not_compared[0].reason == "one run was limited: the run was limited (`limit: 50`)"
    other = files.older()
    other["config"]["limit"] = 60
    assert "before, the run was limited (`limit: 60`) after" in compared(limited, other).not_compared[0].reason
    assert "after: the run was limited (`limit: 50`)" in compared(limited, limited).notes


def test_two_files_of_one_model_are_said_to_be_so():
    notes = compared(files.newer({"arc": 0.5}), files.newer({"arc": 0.5}, date=files.ON - 10**6, git_hash="f")).notes
    assert [note.split(":")[0] for note in notes] == [
        f"both files are of {files.MODEL} at {files.REVISION}",
        "the file after was made on 2026-09-21, earlier than the file before (2026-10-03)",
        "the tool is 0.4 or newer, commit 0123abcd before, 0.4 or newer, commit f after",
    ]
