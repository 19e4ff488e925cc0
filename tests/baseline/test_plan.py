"""The command that makes a baseline names the pinned commit, and every flag has a source."""

from __future__ import annotations

import ast

import pytest

from checker.baseline.plan import Asked, plan

GIB = 2**30
QWEN = Asked("a", "Qwen/Qwen2.5-7B-Instruct", "a" * 40, "chat", True, 7_600_000_000, 1, 24 * GIB, (("mmlu", 5),))


def line(asked):
    [found] = plan(asked).lines()
    return found


def test_a_decoder_is_evaluated_by_the_harness():
    assert line(QWEN) == (
        "lm_eval --model hf --model_args pretrained=Qwen/Qwen2.5-7B-Instruct,revision=" + "a" * 40 + ",dtype=auto "
        "--tasks mmlu --num_fewshot 5 --batch_size auto --device cuda:0 --apply_chat_template --fewshot_as_multiturn "
        "--log_samples --output_path evals/"
    )


@pytest.mark.parametrize(
    ("change", "holds", "lacks"),
    [
        ({"gpus": 2}, "accelerate launch -m lm_eval", "parallelize"),
        ({"gpus": 2, "parameters": 14 * 10**9}, "parallelize=True", "accelerate"),
        ({"gpus": 0, "gpu_bytes": None}, "--batch_size auto", "--device"),
        ({"instruct": False}, "--tasks mmlu", "--apply_chat_template"),
        ({"tasks": (("arc", None),)}, "--tasks arc", "--num_fewshot"),
        ({"tasks": ()}, "--tasks mmlu --num_fewshot 5", "arc"),
        ({"model": "./own", "revision": None, "is_local": True}, "pretrained=./own,dtype=auto", "revision"),
        ({"objective": "similarity", "tasks": ()}, "-t STSBenchmark --batch-size 32 --device 0", "lm_eval"),
        ({"objective": "reranking", "gpus": 0}, f"--model-revision {'a' * 40} -t mmlu --batch-size 8", "--device"),
    ],
)
def test_the_command_follows_model_objective_and_hardware(change, holds, lacks):
    found = line(QWEN._replace(**change))
    assert (holds in found, lacks in found) == (True, False), found


def test_tasks_with_other_shots_have_commands_of_their_own():
    assert len(plan(QWEN._replace(tasks=(("a", 0), ("b", 5), ("c", 0)))).commands) == 2


def test_what_is_missing_is_said_instead_of_a_command():
    assert "no commit is pinned" in plan(QWEN._replace(revision=None)).missing
    assert "objective: other" in plan(QWEN._replace(objective="other")).missing


def test_weights_that_do_not_fit_are_said_not_to():
    found = plan(QWEN._replace(parameters=70 * 10**9))
    assert (found.fits, "heuristic: weights of 130.4 GiB in 16 bits do not fit 1 GPU(s)" in found.notes[0]) == (
        False,
        True,
    )


@pytest.mark.parametrize("change", [{"remote_code": True}, {"instruct": None}])
def test_what_is_left_out_is_said(change):
    assert plan(QWEN._replace(**change)).notes


@pytest.mark.parametrize("objective", ["multi-class-classification", "multi-label-classification"])
def test_a_classifier_has_a_script_that_is_python(objective):
    [command] = plan(QWEN._replace(objective=objective)).commands
    ast.parse(command[0].words[2])
