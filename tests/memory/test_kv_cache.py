"""Formats of a cached number, and which runtime holds which."""

from __future__ import annotations

import pytest

from checker.memory.estimate import NotEstimable
from checker.memory.kv_cache import ELEMENT_BYTES, HELD, Cache, Element, cache_of, element_of, in_blocks
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.versions import version_of
from tests.memory.accuracy import models

PLAIN = "fp16 bf16 f16"
BLOCKS = "q8_0 q5_1 q5_0 q4_1 q4_0 iq4_nl"


@pytest.mark.parametrize(("runtime", "held"), [
    (Runtime.VLLM, f"{PLAIN} fp8 int8"), (Runtime.TGI, f"{PLAIN} fp8"), (Runtime.LLAMA_CPP, f"{PLAIN} fp32 f32 {BLOCKS}"),
    (Runtime.TRANSFORMERS, f"{PLAIN} fp32 f32 int8"), (Runtime.TEI, f"{PLAIN} fp32 f32"),
])  # fmt: skip
def test_a_runtime_holds_the_formats_that_it_documents(runtime, held):
    assert HELD[runtime] == set(held.split())
    for name in ELEMENT_BYTES:
        assert isinstance(element_of(name, runtime), Element) is (name in held.split())


@pytest.mark.parametrize(("name", "each"), [
    ("fp16", 2), ("bf16", 2), ("f16", 2), ("fp32", 4), ("f32", 4), ("q8_0", 34 / 32), ("q5_1", 24 / 32),
    ("q5_0", 22 / 32), ("q4_1", 20 / 32), ("q4_0", 18 / 32), ("iq4_nl", 18 / 32),
])  # fmt: skip
def test_blocks_of_32_numbers_hold_their_scale(name, each):
    assert element_of(name, Runtime.LLAMA_CPP) == Element(each, each)


@pytest.mark.parametrize(("name", "element"), [
    ("auto", Element(2, 2)), ("bfloat16", Element(2, 2)), ("float16", Element(2, 2)), ("FP8_E4M3", Element(1, 1)),
    ("fp8_e5m2", Element(1, 1)), ("fp8", Element(1, 1)), ("int8", Element(1, 1)), ("fp16/fp8", Element(2, 1)),
])  # fmt: skip
def test_keys_and_values_may_have_formats_of_their_own(name, element):
    assert element_of(name, Runtime.VLLM) == element


@pytest.mark.parametrize("name", ["", "fp7", "fp16/fp8/fp8", "/"])
def test_a_format_that_nobody_knows_is_refused_with_those_that_are_known(name):
    known = "fp16, bf16, f16, fp32, f32, fp8, int8, q8_0, q5_1, q5_0, q4_1, q4_0, iq4_nl"
    assert element_of(name, Runtime.VLLM) == NotEstimable(
        f"the KV cache format `{name}` is not known: expected one of {known}"
    )


def test_a_format_of_another_runtime_is_refused_with_its_own():
    assert element_of("q8_0", Runtime.VLLM) == NotEstimable(
        "vllm is not known to hold a KV cache of q8_0: expected one of fp16, bf16, f16, fp8, int8"
    )


@pytest.mark.parametrize(("tokens", "held"), [(1, 16), (16, 16), (17, 32), (0, 0)])
def test_a_paged_cache_holds_whole_blocks(tokens, held):
    assert in_blocks(tokens) == held


def test_an_encoder_has_no_cache():
    plan = ServingPlan(Runtime.TEI, 512)
    assert cache_of(models()["BAAI/bge-m3"], plan, version_of("", "tei")) == Cache(0, 0, 0, 0, "", "", 0, ())
