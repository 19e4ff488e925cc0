"""What a GPU has room for beside a deployment: it fits at the number told, and not one beyond."""

from __future__ import annotations

import pytest

from checker.memory import serving
from checker.memory.units import GIB
from checker.sizing.answer import with_alternatives
from checker.sizing.as_json import answered
from checker.sizing.as_text import as_text
from tests.sizing.test_answer import asked

QWEN = {"model": "Qwen/Qwen2.5-7B-Instruct", "serve": True, "context_window": 8192}


def told(**plan):
    return with_alternatives(asked(**plan))


@pytest.mark.parametrize("runtime", ["vllm", "transformers", "llama.cpp"])
def test_one_request_more_or_one_token_more_does_not_fit(runtime):
    made = told(**QWEN, runtime=runtime, hardware={"vram": "24 GiB"})
    room, model, plan = made.room, made.subject.model, made.plan

    def needs(**changes):
        return serving.estimate(model, plan._replace(**changes)).peak_bytes

    assert needs(parallel_requests=room.parallel_requests) <= room.available_bytes
    assert needs(parallel_requests=room.parallel_requests + 1) > room.available_bytes
    assert needs(context_window=room.context_window) <= room.available_bytes
    assert room.context_window == 32768 or needs(context_window=room.context_window + 1) > room.available_bytes


def test_what_vllm_takes_is_told_apart_from_what_is_needed():
    made = told(**QWEN, hardware={"vram": "80 GiB"})
    assert made.room.taken_bytes == int(72 * GIB)
    assert made.estimate.peak_bytes < 20 * GIB
    assert made.room.pool_tokens > 8192 * 90
    assert told(**QWEN, runtime="transformers", hardware={"vram": "80 GiB"}).room.pool_tokens is None


def test_a_plan_that_does_not_fit_says_how_much_is_missing():
    text = as_text(told(**QWEN, hardware={"vram": "12 GiB"}))
    assert "  available: 10.8 GiB, 6.9 GiB too few\n" in text
    assert "  at 8192 tokens: 0 requests at a time\n" in text
    assert "  with 1 request at a time: 0 tokens of context\n" in text


def test_requests_of_an_encoder_share_a_batch():
    room = told(model="BAAI/bge-m3", serve=True, context_window=512, hardware={"gpu": "T4"}).room
    assert (room.parallel_requests, room.context_window, room.pool_tokens) == (None, None, None)


@pytest.mark.parametrize(
    "plan",
    [QWEN, {"model": "Qwen/Qwen2.5-7B", "method": "lora", "sequence_length": 512, "hardware": {"gpu": "L4"}}],
    ids=["no hardware", "a training"],
)
def test_without_hardware_and_for_a_training_there_is_none(plan):
    assert answered(told(**plan))["room"] is None


def test_programs_read_the_same_room():
    made = told(**QWEN, hardware={"gpu": "L4"})
    assert answered(made)["room"] == made.room._asdict()
