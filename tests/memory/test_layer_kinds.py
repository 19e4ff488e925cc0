"""Which layers keep what: by configuration, by family, and where neither tells."""

from __future__ import annotations

import pytest

from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.memory.layer_kinds import Kinds, is_mixed, kinds_of
from checker.memory.model import Model
from checker.memory.recurrent import State, state_of
from checker.memory.traits import Traits

DECODER = {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 12, "num_attention_heads": 8}
PLAIN = Dimensions(12, 1024, 4096, 8, 2, 128, 32000)


def model(family, traits=None, **dims):
    return Model(10**9, PLAIN._replace(**dims), ArchitectureClass.DECODER, family, traits=traits or Traits())


@pytest.mark.parametrize(
    ("family", "dims", "kinds"),
    [
        ("llama", {}, Kinds(12)),
        ("mistral", {"sliding_window": 4096}, Kinds(0, 12, 4096)),
        ("mistral", {}, Kinds(12)),
        ("gemma2", {}, Kinds(6, 6, 4096)),
        ("gemma3_text", {"sliding_window": 1024}, Kinds(2, 10, 1024)),
        ("gpt_oss", {"sliding_window": 128}, Kinds(6, 6, 128)),
        ("cohere2", {}, Kinds(3, 9, 4096)),
        ("llama4_text", {}, Kinds(3, 9, 8192)),
        ("qwen3_next", {}, Kinds(3, recurrent=9)),
        ("jamba", {}, Kinds(1, recurrent=11)),
        ("mamba2", {}, Kinds(0, recurrent=12)),
        ("falcon_h1", {}, Kinds(12, recurrent=12)),
        ("afmoe", {"sliding_window": 64}, Kinds(3, 9, 64)),
        ("exaone4", {"sliding_window": 64}, Kinds(3, 9, 64)),
        ("falcon_mamba", {}, Kinds(0, recurrent=12)),
        ("gemma3", {"sliding_window": 64}, Kinds(2, 10, 64)),
        ("gpt_oss", {}, Kinds(6, 6, 128)),
        ("llama4", {}, Kinds(3, 9, 8192)),
        ("mamba", {}, Kinds(0, recurrent=12)),
        ("rwkv", {}, Kinds(0, recurrent=12)),
        ("olmo3", {}, Kinds(3, 9, 4096)),
        ("olmo_hybrid", {}, Kinds(3, recurrent=9)),
        *((family, {"sliding_window": 64}, Kinds(0, 12, 64)) for family in ("mixtral", "phi3", "phimoe", "starcoder2")),
        *(
            (family, {}, Kinds(3, recurrent=9))
            for family in ("qwen3_5", "qwen3_5_moe", "qwen3_5_moe_text", "qwen3_5_text")
        ),
    ],
)
def test_a_family_repeats_its_layers(family, dims, kinds):
    found = kinds_of(model(family, **dims))
    assert found._replace(window=kinds.window) == kinds
    assert found.local == 0 or found.window == kinds.window


@pytest.mark.parametrize(
    ("written", "kinds"),
    [
        ({"layer_types": ["full_attention", "sliding_attention"] * 6, "sliding_window": 512}, Kinds(6, 6, 512)),
        ({"layer_types": ["full_attention", "sliding_attention"] * 6}, Kinds(12)),
        ({"layers_block_type": ["mamba", "attention", "mamba"]}, Kinds(4, recurrent=8)),
        ({"hybrid_override_pattern": "M-M*-MEM*-M-"}, Kinds(2, recurrent=5)),
        ({"attn_layer_indices": [3, 7]}, Kinds(2, recurrent=10)),
        ({"full_attn_idxs": [2]}, Kinds(1, recurrent=11, convolution=True)),
        ({"hybrid_layer_ids": [6]}, Kinds(1, recurrent=12)),
        ({"attn_layer_period": 4, "attn_layer_offset": 1}, Kinds(3, recurrent=9)),
        ({"use_sliding_window": True, "max_window_layers": 8, "sliding_window": 64}, Kinds(8, 4, 64)),
    ],
)
def test_configurations_list_their_layers_in_several_ways(written, kinds):
    from checker.memory.config import traits_of, with_defaults

    config = with_defaults({**DECODER, **written}, "qwen2")
    dims = {"sliding_window": written.get("sliding_window")}
    assert kinds_of(model("acme", traits_of(config), **dims)) == kinds


def test_layers_that_read_another_cache_have_none():
    traits = Traits(layer_types=("sliding_attention", "full_attention") * 6, shared_cache_layers=4)
    assert kinds_of(model("gemma4_text", traits, sliding_window=512)) == Kinds(4, 4, 512, shared=True)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (model("deepseek_v4"), "compress their caches"),
        (model("lfm2"), "a config.json lists them"),
        (model("acme")._replace(state_space=True), "a config.json lists them"),
        (model("gemma3n_text"), "needs its config.json"),
        (model("acme", Traits(layer_types=("quantum",) * 12)), "`quantum` are not modelled"),
    ],
)
def test_what_nobody_tells_is_refused(case, reason):
    found = kinds_of(case)
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("family", "mixed"), [("llama", False), ("gemma2", False), ("qwen3_5", True), ("falcon_h1", True), ("lfm2", True)]
)
def test_recurrent_families_are_told_from_others(family, mixed):
    assert is_mixed(model(family)) is mixed


@pytest.mark.parametrize(
    ("case", "numbers"),
    [
        # llama.cpp's log: 50.25 MiB a sequence for 24 layers of Qwen3.5-9B, 149.6 MiB for 48 of 27 B
        (model("qwen3_5", num_attention_heads=16, head_dim=256), (3 * 8192, 32 * 128 * 128)),
        (model("qwen3_5", num_attention_heads=24, head_dim=256), (3 * 10240, 48 * 128 * 128)),
        (
            model("acme", Traits(linear_key_heads=2, linear_value_heads=4, linear_key_dim=64, linear_value_dim=32)),
            (3 * (2 * 2 * 64 + 4 * 32), 4 * 64 * 32),
        ),
        (model("jamba"), (3 * 2048, 2048 * 16)),
        (
            model("nemotron_h", Traits(state_heads=16, state_head_dim=64, state_size=128, state_groups=8)),
            (3 * (1024 + 2 * 8 * 128), 1024 * 128),
        ),
        (model("rwkv"), (0, 5 * 1024)),
        (model("recurrent_gemma"), (3 * 1024, 1024)),
        (model("minimax"), (0, 8 * 128 * 128)),
    ],
)
def test_the_state_of_a_layer_is_a_product_of_its_sizes(case, numbers):
    state = state_of(case, Kinds(0, recurrent=12))
    assert isinstance(state, State)
    assert (state.convolution, state.matrix) == numbers


def test_a_short_convolution_keeps_its_inputs():
    assert state_of(model("lfm2"), Kinds(1, recurrent=11, convolution=True))[:2] == (3 * 1024, 0)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (model("kimi_linear"), "heads of its linear attention"),
        (model("falcon_h1"), "the size of its state"),
        (model("acme"), "`acme` is not modelled"),
    ],
)
def test_a_state_of_unknown_sizes_is_refused(case, reason):
    found = state_of(case, Kinds(0, recurrent=12))
    assert isinstance(found, NotEstimable)
    assert reason in found.reason


def test_a_window_that_is_written_as_null_is_none():
    config = {**DECODER, "model_type": "mistral", "architectures": ["MistralForCausalLM"], "vocab_size": 32000}
    assert model_of_config({**config, "sliding_window": None}).dimensions.sliding_window is None
    assert model_of_config(config).dimensions.sliding_window == 4096


def test_heads_that_a_configuration_leaves_out_are_what_the_library_makes_them():
    found = model_of_config({**DECODER, "model_type": "phi3", "vocab_size": 32064}).dimensions
    assert (found.num_key_value_heads, found.head_dim) == (8, 128)


def test_the_first_qwen_counts_gate_and_up_together():
    sizes = {"hidden_size": 4096, "intermediate_size": 22016, "num_hidden_layers": 32, "num_attention_heads": 32}
    written = {**sizes, "kv_channels": 128, "vocab_size": 151936, "tie_word_embeddings": False, "model_type": "qwen"}
    assert model_of_config({**written, "architectures": ["QWenLMHeadModel"]}).parameters == 7_721_324_544


@pytest.mark.parametrize(
    "family",
    [
        *("bamba", "granitemoehybrid", "kimi_linear", "lfm2", "lfm2_moe", "minimax", "nemotron_h", "recurrent_gemma"),
        "zamba2",
    ],
)
def test_a_family_whose_models_differ_has_to_list_its_layers(family):
    words = "which of its layers attend is not among the facts; a config.json lists them"
    assert kinds_of(model(family)) == NotEstimable(words)
    assert is_mixed(model(family))


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        *((word, Kinds(2)) for word in ("full_attention", "attention", "indexed_attention", "full", "global")),
        *((word, Kinds(0, 2, 64)) for word in ("sliding_attention", "chunked_attention", "sliding", "local")),
        *(
            (word, Kinds(0, window=64, recurrent=2))
            for word in ("linear_attention", "mamba", "mamba2", "recurrent", "rwkv", "linear")
        ),
        ("conv", Kinds(0, window=64, recurrent=2, convolution=True)),
        ("hybrid", Kinds(2, window=64, recurrent=2)),
        *((word, Kinds(0, window=64)) for word in ("mlp", "moe")),
    ],
)
def test_a_word_says_what_a_layer_keeps(word, kinds):
    found = kinds_of(model("unheard_of", Traits(layer_types=(word,) * 2), sliding_window=64))
    assert found == kinds._replace(window=64)
    assert kinds_of(model("unheard_of", Traits(layer_types=("attention", "magic")))) == NotEstimable(
        "layers of the kind `magic` are not modelled"
    )


def test_layers_that_read_anothers_cache_have_none():
    traits = Traits(layer_types=("full_attention", "sliding_attention", "full_attention"), shared_cache_layers=1)
    assert kinds_of(model("unheard_of", traits, sliding_window=64)) == Kinds(1, 1, 64, shared=True)


def test_a_window_of_no_size_is_none():
    traits = Traits(layer_types=("full_attention", "sliding_attention"))
    assert kinds_of(model("unheard_of", traits)) == Kinds(2)
