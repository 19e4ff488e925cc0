"""What a device has room for, and what vLLM takes of it."""

from __future__ import annotations

import pytest

from checker.memory import capacity, serving
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.units import GIB
from tests.memory.accuracy import models

QWEN = models()["Qwen/Qwen2.5-7B-Instruct"]
LLAMA = models()["meta-llama/Meta-Llama-3-8B"]
PLAN = ServingPlan(Runtime.VLLM, 8192)


def needed(plan, model=QWEN):
    result = serving.estimate(model, plan)
    assert isinstance(result, Estimate)
    return result.peak_bytes


def test_one_request_more_than_fit_does_not_fit():
    count = capacity.requests_that_fit(QWEN, PLAN, 24 * GIB)
    assert needed(PLAN._replace(parallel_requests=count)) <= 24 * GIB
    assert needed(PLAN._replace(parallel_requests=count + 1)) > 24 * GIB


def test_one_token_more_than_fits_does_not_fit():
    size = capacity.context_that_fits(QWEN, PLAN._replace(parallel_requests=4), 24 * GIB)
    four = PLAN._replace(parallel_requests=4)
    assert needed(four._replace(context_window=size)) <= 24 * GIB
    assert needed(four._replace(context_window=size + 1)) > 24 * GIB


def test_the_context_ends_at_the_positions_of_the_model():
    short = QWEN._replace(dimensions=QWEN.dimensions._replace(max_position_embeddings=32768))
    assert capacity.context_that_fits(short, PLAN, 80 * GIB) == 32768


def test_nothing_fits_on_a_device_that_the_weights_exceed():
    assert capacity.requests_that_fit(QWEN, PLAN, 8 * GIB) == 0
    assert capacity.context_that_fits(QWEN, PLAN, 8 * GIB) == 0


def test_what_cannot_be_estimated_has_no_room_either():
    unknown = QWEN._replace(parameters=None)
    assert isinstance(capacity.requests_that_fit(unknown, PLAN, GIB), NotEstimable)
    assert isinstance(capacity.context_that_fits(unknown, PLAN, GIB), NotEstimable)
    assert isinstance(capacity.pool_of(unknown, PLAN, GIB), NotEstimable)


def test_vllm_takes_a_share_of_the_card_and_others_what_they_need():
    estimate = serving.estimate(QWEN, PLAN)
    taking = capacity.taking(estimate, PLAN, 80 * GIB, 0.5)
    assert taking == capacity.Taking(estimate.peak_bytes, 40 * GIB, 40 * GIB)
    assert capacity.taking(estimate, PLAN, 80 * GIB).taken == 72 * GIB  # vLLM's default of 0.9
    plain = PLAN._replace(runtime=Runtime.TRANSFORMERS)
    estimate = serving.estimate(QWEN, plain)
    assert capacity.taking(estimate, plain, 80 * GIB).taken == estimate.peak_bytes


def test_a_card_that_is_too_small_has_less_than_nothing_left():
    estimate = serving.estimate(QWEN, PLAN)
    assert capacity.taking(estimate, PLAN, 8 * GIB).left == 8 * GIB - estimate.peak_bytes


def test_the_pool_is_the_share_less_what_stands_beside_it():
    # A log of 79.22 GiB at 0.9 has 53.29 GiB, with 1.79 GiB outside of torch where others have 0.3.
    pool = capacity.pool_of(LLAMA, PLAN, int(79.22 * GIB))
    assert pool.bytes / GIB == pytest.approx(53.29 + 1.79 - 0.3, rel=0.01)
    assert pool.tokens == pool.bytes // 131072 // 16 * 16
    assert pool.requests == pytest.approx(pool.bytes / (131072 * 8192))


def test_a_pool_of_logged_size_has_the_logged_tokens():
    case = serving.case_of(models()["microsoft/phi-4"], PLAN)
    assert capacity.pool_tokens(case, int(45.21 * GIB)) == pytest.approx(237_040, rel=0.001)


def test_other_runtimes_have_no_pool():
    plan = PLAN._replace(runtime=Runtime.LLAMA_CPP)
    assert capacity.pool_of(QWEN, plan, GIB) == NotEstimable("llama.cpp has no pool whose size is modelled")


def test_a_card_without_room_has_an_empty_pool():
    assert capacity.pool_of(LLAMA, PLAN, 8 * GIB) == capacity.Pool(0, 0, 0)
