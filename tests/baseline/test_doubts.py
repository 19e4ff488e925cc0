"""A doctored or foreign file is noticed; an honest one is not."""

from __future__ import annotations

import json
from datetime import date

import pytest

from checker.baseline.doubts import doubts
from checker.baseline.read import of_source
from checker.document.place import SourceFile
from tests.baseline import files

TODAY = date(2026, 11, 28)


def said(content, name="results.json"):
    found = doubts(of_source(SourceFile(name, json.dumps(content)), name), TODAY)
    return [(doubt.certain, doubt.sentence) for doubt in found]


def changed(**metrics):
    content = files.newer({"arc": 0.5})
    content["results"]["arc"] |= {key.replace("__", ","): value for key, value in metrics.items()}
    return content


@pytest.mark.parametrize(
    "content", [files.newer({"arc": 0.5, "mmlu": 0.0}), files.lighteval(), files.OWN, files.mteb()]
)
def test_an_honest_file_raises_no_doubt(content):
    assert said(content) == []


@pytest.mark.parametrize(
    ("content", "certain", "words"),
    [
        (changed(acc__none=1.2), True, "acc is 1.2, outside of 0 to 1; a share is written from 0 to 1"),
        (changed(acc__none=-0.1), True, "outside of 0 to 1"),
        (changed(acc_stderr__none=-0.1), True, "below 0"),
        (changed(acc_stderr__none=0.7), True, "of a share it is at most 0.5"),
        (changed(acc_stderr__none=0.1), True, "of 1000 questions it is at most 0.01582"),
        (changed(acc_stderr__none=0.001), False, "answers right or wrong give 0.01582"),
        (changed(acc__none=0.50033, acc_stderr__none=0.0158193), False, "no whole number of answers out of 1000"),
        (files.newer({"arc": 0.5}, versions={}), True, "arc has no task version"),
        (files.newer({"arc": 0.5}, date=1.9e9), True, "which is yet to come"),
        (files.newer({"arc": 0.5}, model_name="other/model"), True, "`model_name` is other/model"),
        (files.newer({"arc": 0.5}, model_name_sanitized="x__y"), True, "`model_name_sanitized` is x__y"),
        (files.newer({"arc": 0.5}, end_time=1.0), True, "ended before it began"),
        (files.newer({"arc": 0.5}, total_evaluation_time_seconds="9"), True, "is not `end_time` less `start_time`"),
        (files.newer({"arc": 0.5}, chat_template="a", chat_template_sha="0" * 64), True, "does not have the SHA-256"),
        (files.newer({"arc": 0.5}, **{"n-shot": {"arc": 2}}), True, "`configs` says 5 shots, and `n-shot` says 2"),
        (files.newer({"arc": 0.5}, task_hashes={"hs": "0"}), True, "`task_hashes` is of other tasks"),
        (
            files.newer({"arc": 0.5}, **{"n-samples": {"arc": {"original": 5, "effective": 1000}}}),
            True,
            "1000 questions were asked of 5",
        ),
    ],
)
def test_what_cannot_be_is_told_from_what_is_odd(content, certain, words):
    found = said(content)
    assert any(words in sentence and certain is sure for sure, sentence in found), found


def test_two_revisions_in_one_file_are_noticed():
    content = files.newer({"arc": 0.5})
    content["config"]["model_sha"] = "0" * 40
    assert "`model_sha` is 000" in said(content)[0][1]


def test_the_day_in_a_name_is_held_against_the_day_inside():
    assert said(files.newer({"arc": 0.5}), "results_2026-11-20T00-00-00.json") == [
        (False, "the file's name says 2026-11-20, and `date` says 2026-10-03")
    ]


@pytest.mark.parametrize("stderr", [1e-200, 5e-324])
def test_a_standard_error_may_imply_more_questions_than_there_are_numbers(stderr):
    content = files.older()
    content["results"]["boolq"] = {"acc": 0.6, "acc_stderr": stderr, "acc_norm": 0.6, "acc_norm_stderr": 0.02}
    assert said(content) == [
        (False, "boolq: the standard errors of acc and acc_norm imply more than 1e+15 and 601 questions"),
    ]
    content["results"]["boolq"]["acc_norm_stderr"] = stderr
    assert said(content) == []


def test_metrics_over_the_same_questions_imply_the_same_number_of_them():
    content = files.older()
    content["results"]["boolq"] |= {"acc_norm": 0.6, "acc_norm_stderr": 0.02}
    assert said(content) == [
        (False, "boolq: the standard errors of acc and acc_norm imply 3294 and 601 questions"),
    ]
