"""A whole step: blocks that stand for all, what lives at its end, and how it scales."""

from __future__ import annotations

import pytest

from checker.memory import training
from checker.memory.count.step import fullest, highest, moments
from checker.memory.count.tape import GROUPS, Group
from checker.memory.plan import Attention, Loss, Method, Precision, Task, TrainingPlan
from checker.memory.program import prepared
from tests.memory.accuracy import models

MODELS = ("meta-llama/Llama-3.1-8B", "google/gemma-2-2b", "EleutherAI/pythia-2.8b", "google-bert/bert-base-uncased")
PLANS = (
    TrainingPlan(Method.FULL, 512),
    TrainingPlan(Method.FULL, 512, precision=Precision.BF16_MIXED, gradient_checkpointing=False),
    TrainingPlan(Method.LORA, 512, gradient_checkpointing=False, attention=Attention.EAGER),
    TrainingPlan(Method.QLORA, 512, upcast_frozen=True, loss=Loss.FUSED_SOFTMAX),
    TrainingPlan(Method.QLORA, 512, target_modules=("all-linear+head",), loss=Loss.CHUNKED),
)


def program(model, plan):
    task = Task.CLASSIFY if "bert" in model else Task.CAUSAL
    return prepared(models()[model], plan._replace(task=task)).program


@pytest.mark.parametrize("plan", PLANS, ids=str)
@pytest.mark.parametrize("model", MODELS)
def test_at_the_end_of_a_step_gradients_alone_are_left(model, plan):
    last = moments(program(model, plan))[-1]
    tables = sum(size.real for size in program(model, plan).tables)
    left = {name: part for name, part in zip(GROUPS, last.live, strict=True) if abs(part) > tables + 10_000}
    assert set(left) <= {GROUPS[Group.GRADIENTS], GROUPS[Group.ACTIVATIONS]}
    assert abs(last.live[Group.LOGITS]) < 10_000
    assert abs(last.live[Group.COPIES]) < 10_000


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_three_blocks_stand_for_all_of_them(plan):
    whole = program("meta-llama/Llama-3.1-8B", plan)
    short = whole._replace(runs=(whole.runs[0]._replace(repeats=7),))
    # Seven runs of one block each are run one by one.
    each = whole._replace(runs=(whole.runs[0]._replace(repeats=1),) * 7)
    for tokens in (512, 4096):
        by_three = max(moment.bytes(tokens) for moment in moments(short))
        one_by_one = max(moment.bytes(tokens) for moment in moments(each))
        assert by_three == pytest.approx(one_by_one, rel=1e-9)


@pytest.mark.parametrize("plan", PLANS, ids=str)
def test_what_is_pruned_is_never_the_fullest(plan):
    every = moments(program("google/gemma-2-2b", plan))
    kept = fullest(every)
    assert len(kept) < len(every)
    for tokens in (1, 512, 65536):
        assert max(one.bytes(tokens) for one in kept) == max(one.bytes(tokens) for one in every)


@pytest.mark.parametrize("plan", PLANS, ids=str)
@pytest.mark.parametrize("model", MODELS)
def test_a_step_that_was_run_stands_for_more_and_fewer_blocks(model, plan):
    whole = program(model, plan)
    for repeats in (whole.runs[0].repeats, 3, 7, 2):
        made = whole._replace(runs=(whole.runs[0]._replace(repeats=repeats), *whole.runs[1:]))
        kept, every = highest(made), fullest(moments(made))
        assert [(one.phase, one.place, one.total, one.live) for one in kept] == [
            (one.phase, one.place, one.total, one.live) for one in every
        ]


def test_programs_are_equal_where_one_run_may_stand_for_both():
    plan = PLANS[3]
    assert program(MODELS[0], plan) == program(MODELS[0], plan)
    assert program(MODELS[0], plan) != program(MODELS[0], plan._replace(rank=plan.rank + 1))
    assert program(MODELS[0], plan) != program(MODELS[1], plan)
    assert program(MODELS[3], plan) == program(MODELS[3], plan)


def test_one_count_serves_every_batch():
    model = models()["meta-llama/Llama-3.1-8B"]
    plan = TrainingPlan(Method.LORA, 1024)
    counted = training.count(model, plan)
    for batch in (1, 3, 16):
        alone = training.estimate(model, plan._replace(micro_batch_size=batch))
        assert counted.estimate(1024 * batch).allocated_bytes == alone.allocated_bytes


def test_the_moments_of_a_step_come_in_order_and_hold_the_peak():
    result = training.estimate(models()["meta-llama/Llama-3.1-8B"], TrainingPlan(Method.QLORA, 2048))
    assert [moment.name for moment in result.moments] == [
        "forward pass",
        "end of the forward pass",
        "backward pass of the loss",
        "backward pass of the last block",
        "backward pass of the first block",
        "backward pass of the blocks between",
        "the optimizer's update",
    ]
    assert max(moment.bytes for moment in result.moments) == pytest.approx(result.allocated_bytes, abs=16)
