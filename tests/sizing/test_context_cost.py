"""How memory grows with context and requests agrees with the estimates, whatever attention a model has."""

from __future__ import annotations

import pytest

from checker.memory import serving
from checker.sizing.context_cost import context_cost, sentences, told_error
from tests.sizing.test_answer import asked

GPU = {"gpu": "H200"}


def cost_of(model, **plan):
    answer = asked(model=model, serve=True, hardware=GPU, **{"context_window": 8192, "parallel_requests": 4, **plan})
    return answer, context_cost(answer)


@pytest.mark.parametrize(
    "model",
    ["meta-llama/Llama-3.1-8B-Instruct", "google/gemma-3-12b-it", "deepseek-ai/DeepSeek-V2-Lite", "Qwen/Qwen3-8B"],
)
@pytest.mark.parametrize("runtime", ["vllm", "llama.cpp", "transformers"])
def test_every_step_is_the_estimate_of_its_context(model, runtime):
    answer, cost = cost_of(model, runtime=runtime)
    for step in cost.steps:
        result = serving.estimate(answer.subject.model, answer.plan._replace(context_window=step.context))
        assert (step.needed, step.requests) == (result.peak_bytes, result.term("KV cache"))
    assert cost.fixed + next(step.requests for step in cost.steps if step.context == 8192) == answer.estimate.peak_bytes


def test_a_token_of_grouped_query_attention_takes_what_the_formula_says():
    _, cost = cost_of("meta-llama/Llama-3.1-8B-Instruct")
    assert cost.token == cost.late_token == 2 * 32 * 8 * 128 * 2  # key and value, layers, heads, width, bytes
    assert cost.kind.startswith("grouped-query attention: 32 query heads share 8 key-value heads")
    assert dict(cost.formats) == {"fp16": cost.token, "fp8": cost.token / 2}
    last, before = cost.steps[-1], cost.steps[-2]
    assert last.request == 2 * before.request == last.context * cost.token
    assert 4 * cost.overtakes * cost.token == pytest.approx(16.06e9, rel=0.01)  # 8.03 billion weights of two bytes


def test_layers_with_a_window_stop_growing():
    _, cost = cost_of("google/gemma-3-12b-it")
    assert cost.window == 1024
    assert cost.late_token < cost.token / 5
    grown = cost.steps[-1].request - cost.steps[-2].request
    assert grown == pytest.approx((cost.steps[-1].context - cost.steps[-2].context) * cost.late_token, rel=0.01)


@pytest.mark.parametrize("model", ["google/gemma-3-12b-it", "deepseek-ai/DeepSeek-V2-Lite", "Qwen/Qwen3-8B"])
def test_caches_outgrow_the_weights_where_it_is_said(model):
    answer, cost = cost_of(model, parallel_requests=8)
    for context, larger in ((cost.overtakes - 1, False), (cost.overtakes, True)):
        found = serving.estimate(answer.subject.model, answer.plan._replace(context_window=context))
        assert (found.term("KV cache") > found.term("weights")) is larger


def test_caches_that_never_outgrow_the_weights_are_not_said_to():
    answer, cost = cost_of("deepseek-ai/DeepSeek-V3", parallel_requests=1)
    assert cost.overtakes is None
    assert "outgrow" not in "\n".join(sentences(cost, answer.plan))


def test_a_window_that_a_runtime_makes_no_use_of_is_said():
    _, cost = cost_of("google/gemma-3-12b-it", runtime="tgi")
    assert cost.window == 0
    assert "keep the whole context in tgi" in cost.kind


def test_latent_attention_is_one_vector_for_all_heads():
    _, cost = cost_of("deepseek-ai/DeepSeek-V2-Lite")
    assert cost.kind.startswith("latent attention (MLA): a token is 512 numbers a layer")
    multi_head = 2 * 27 * 16 * 128 * 2
    assert cost.token < multi_head / 3


def test_an_encoder_keeps_no_cache():
    answer, cost = cost_of("BAAI/bge-m3")
    assert (cost.token, cost.overtakes, cost.formats) == (0, None, ())
    assert "an encoder keeps no cache" in "\n".join(sentences(cost, answer.plan))


def test_the_measured_errors_are_those_of_the_runtime():
    _, cost = cost_of("Qwen/Qwen3-8B")
    assert {error.figure for error in cost.errors} == {"KV cache", "activations", "tokens of the pool", "weights"}
    assert cost_of("BAAI/bge-m3")[1].errors == ()
    weights = next(error for error in cost.errors if error.figure == "weights")
    assert told_error(weights).startswith(f"weights: {weights.rows} figures, median ")


def test_a_training_has_none():
    assert context_cost(asked(model="Qwen/Qwen3-8B")) is None
