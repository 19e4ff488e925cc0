"""What is counted once for many plans is what each plan gives by itself."""

from __future__ import annotations

import pytest

from checker.memory import repeated, training
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.plan import Method, Task, TrainingPlan
from tests.memory.accuracy import models

MODELS = ("meta-llama/Llama-3.1-8B", "Qwen/Qwen2.5-7B-Instruct", "BAAI/bge-m3")


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("checkpointing", [True, False])
def test_one_count_serves_all_batches(name, method, checkpointing):
    model = models()[name]
    for task in Task:
        for batch in (1, 3, 64):
            plan = TrainingPlan(method, 512, batch, gradient_checkpointing=checkpointing, task=task)
            found = repeated.estimate(model, plan)
            assert isinstance(found, Estimate)
            assert found == training.estimate(model, plan)


@pytest.mark.parametrize(
    ("parameters", "plan"),
    [(None, TrainingPlan(Method.LORA, 512)), (568_000_000, TrainingPlan(Method.LORA, 512, 2**40))],
)
def test_what_cannot_be_counted_is_said_again(parameters, plan):
    model = models()["BAAI/bge-m3"]._replace(parameters=parameters)
    found = repeated.estimate(model, plan)
    assert isinstance(found, NotEstimable)
    assert found == training.estimate(model, plan)
