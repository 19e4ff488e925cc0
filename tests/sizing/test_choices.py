"""What fits: the fewest GPUs for each way to store the weights, what is left, and the GPU of which one is enough."""

from __future__ import annotations

import pytest

from checker.memory import capacity, serving
from checker.memory.fit import Fit
from checker.sizing.choices import choices_of
from tests.sizing.test_answer import asked


def test_each_choice_is_the_estimate_of_its_plan_on_the_fewest_gpus():
    answer = asked(model="Qwen/Qwen3-8B", serve=True, context_window=32768, parallel_requests=8, hardware={"gpu": "L4"})
    choices = choices_of(answer)
    assert [choice.quantization for choice in choices] == ["none", "fp8", "awq-int4"]
    assert [choice.planned for choice in choices] == [True, False, False]
    model = answer.subject.model
    for choice in choices:
        plan = answer.plan._replace(quantization=choice.quantization)
        assert choice.estimate == serving.estimate(model, plan, choice.devices)
        assert (choice.fitting.fit, choice.devices) == (Fit.YES, 4)
        fewer = serving.estimate(model, plan, choice.devices // 2)
        assert fewer.most_bytes > choice.fitting.limit
        assert choice.requests == capacity.requests_that_fit(model, plan, choice.fitting.limit, choice.devices)
        alone = serving.estimate(model, plan)
        assert choice.gpu.usable_bytes * 0.9 >= alone.most_bytes


def test_what_does_not_fit_on_eight_says_so():
    [choice, *_] = choices_of(
        asked(model="meta-llama/Llama-3.3-70B-Instruct", serve=True, hardware={"gpu": "T4"}, context_window=131072)
    )
    assert (choice.devices, choice.fitting.fit) == (8, Fit.NO)


@pytest.mark.parametrize(
    ("plan", "formats"),
    [
        ({"model": "Qwen/Qwen3-8B", "quantization": "Q6_K"}, ["none", "Q8_0", "Q6_K", "Q4_K_M"]),
        ({"model": "Qwen/Qwen3-8B", "quantization": "Q5_K_M"}, ["none", "Q8_0", "Q6_K", "Q4_K_M", "Q5_K_M"]),
        ({"model": "Qwen/Qwen3-8B", "quantization": "awq-int4"}, ["none", "fp8", "awq-int4"]),
        ({"model": "Qwen/Qwen3-8B", "quantization": "gptq-int4"}, ["none", "fp8", "awq-int4", "gptq-int4"]),
        ({"model": "deepseek-ai/DeepSeek-V3"}, ["fp8", "awq-int4"]),
        ({"model": "BAAI/bge-m3"}, ["none"]),
        ({"model": "Qwen/Qwen3-8B", "runtime": "transformers"}, ["none", "int8", "nf4"]),
    ],
)
def test_formats_are_those_of_the_runtime_from_the_models_own_on(plan, formats):
    assert [choice.quantization for choice in choices_of(asked(serve=True, **plan))] == formats


def test_without_hardware_a_choice_names_the_gpu_that_is_enough():
    [choice, *_] = choices_of(asked(model="Qwen/Qwen3-8B", serve=True))
    assert (choice.fitting, choice.requests, choice.context, choice.devices) == (None, None, None, 1)
    assert choice.gpu.usable_bytes * 0.9 >= choice.estimate.most_bytes


def test_a_training_has_no_choices():
    assert choices_of(asked(model="Qwen/Qwen3-8B")) == ()
