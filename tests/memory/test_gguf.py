"""GGUF files tensor by tensor, against files that were measured."""

from __future__ import annotations

import pytest

from checker.memory import gguf
from checker.memory.matrices import Role, inventory_of
from checker.memory.units import MIB
from tests.memory.accuracy import models
from tests.memory.serving_accuracy import serving_models

LLAMA = models()["meta-llama/Llama-3.1-8B"]
README = {
    "Q8_0": 8.5008,
    "Q6_K": 6.5633,
    "Q5_K_M": 5.7036,
    "Q5_K_S": 5.5704,
    "Q4_K_M": 4.8944,
    "Q4_K_S": 4.6672,
    "IQ4_NL": 4.6818,
    "IQ4_XS": 4.4597,
    "Q3_K_L": 4.2979,
    "Q3_K_S": 3.6429,
    "Q2_K": 3.1593,
}
"""Bits a weight of files of Llama-3.1-8B, llama.cpp tools/quantize/README.md."""


@pytest.mark.parametrize("name", README)
def test_the_rules_make_the_files_that_llama_cpp_lists(name):
    tensors = gguf.stored(inventory_of(LLAMA), name)
    assert 8 * sum(tensors) / LLAMA.parameters == pytest.approx(README[name], abs=0.0001)


def test_a_small_tied_model_is_larger_than_the_average_of_a_large_one():
    model = models()["Qwen/Qwen3-4B"]
    tensors = gguf.stored(inventory_of(model), "Q4_K_M")
    assert sum(tensors) / MIB == pytest.approx(2375.91, abs=0.01)
    assert tensors.table / MIB == pytest.approx(304.28, abs=0.01)
    assert tensors.head == 0


def test_rows_that_no_long_block_divides_get_short_ones():
    model = models()["Qwen/Qwen2.5-0.5B-Instruct"]  # 896 features are no multiple of 256
    tensors = gguf.stored(inventory_of(model), "Q6_K")
    assert tensors.table == 151936 * 896 * 34 // 32


def test_mxfp4_covers_experts_and_q8_0_the_other_matrices():
    found = inventory_of(models()["openai/gpt-oss-20b"])
    tensors = gguf.stored(found, "mxfp4")
    attention = found.quantised - found.expert_weights
    routers = sum(each.weights for each in found.matrices if each.role is Role.ROUTER)
    assert tensors.blocks == found.expert_weights * 17 // 32 + attention * 34 // 32 + 4 * routers
    assert tensors.table == tensors.head == 201088 * 2880 * 34 // 32


def test_eight_experts_keep_their_keys_in_8_bits():
    found = inventory_of(LLAMA)
    eight = gguf.stored(found._replace(experts=8), "Q4_K_S")
    keys = 32 * 4096 * 1024
    values = 28 * 4.5 + 4 * 5.5  # four of 32 layers had five bits
    more = keys * (8.5 - 4.5) / 8 + 4096 * 1024 * (32 * 8.5 - values) / 8
    assert eight.blocks - gguf.stored(found, "Q4_K_S").blocks == more


@pytest.mark.parametrize(("name", "known"), [("Q4_K_M", True), ("mxfp4", True), ("IQ1_S", False), ("fp8", False)])
def test_types_without_simple_rules_are_not_counted_by_tensor(name, known):
    assert gguf.has_rules(name) is known


def test_latent_attention_and_leading_dense_layers_are_in_the_inventory():
    found = inventory_of(serving_models()["deepseek-ai/DeepSeek-R1"])
    assert found.expert_weights == 58 * 256 * 3 * 7168 * 2048
    assert sum(each.layers for each in found.matrices if each.role is Role.DOWN) == 3 + 58
    assert sum(each.weights for each in found.matrices) + found.embedding + found.head + found.rest == 671026419200


@pytest.mark.parametrize(
    "change",
    [
        {"intermediate_size": None},
        {"num_key_value_heads": None},
        {"vocab_size": None},
        {"intermediate_size": 5000},  # blocks that are far from making the total
    ],
)
def test_no_inventory_is_made_of_dimensions_that_do_not_make_the_total(change):
    assert inventory_of(LLAMA._replace(dimensions=LLAMA.dimensions._replace(**change))) is None


def test_experts_of_unknown_width_have_no_inventory():
    model = models()["Qwen/Qwen3-30B-A3B"]
    dims = model.dimensions._replace(intermediate_size=None, moe_intermediate_size=None)
    assert inventory_of(model._replace(dimensions=dims)) is None


def test_a_head_that_nobody_states_is_read_from_the_total():
    dims = LLAMA.dimensions._replace(tie_word_embeddings=None)
    assert inventory_of(LLAMA._replace(dimensions=dims, model_type="unheard_of")).head == 128256 * 4096


def test_latent_attention_or_dense_layers_of_unknown_size_have_no_inventory():
    model = serving_models()["deepseek-ai/DeepSeek-R1"]
    assert inventory_of(model._replace(model_type="unheard_of")) is None
    narrow = model.dimensions._replace(intermediate_size=None)
    assert inventory_of(model._replace(dimensions=narrow)) is None
