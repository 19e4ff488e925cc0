"""Models from the content of a config.json: what it states, what the library adds, and what is refused."""

from __future__ import annotations

import pytest

from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory import training
from checker.memory.config import conventional, described, model_of_config, traits_of, with_defaults
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.listed_layers import listed_layers
from checker.memory.plan import Method, Task, TrainingPlan

LLAMA = {
    "model_type": "llama",
    "architectures": ["LlamaForCausalLM"],
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "intermediate_size": 14336,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "tie_word_embeddings": False,
}


@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (LLAMA, 8_030_261_248),
        ({"model_type": "gpt2"}, 124_439_808),
        ({"model_type": "bert"}, 109_482_240),
        ({"model_type": "distilbert"}, 66_362_880),
        ({"model_type": "bart"}, 406_291_456),
        ({"model_type": "t5"}, 60_506_624),
        ({"model_type": "mixtral"}, 46_702_792_704),
        ({"model_type": "opt", "hidden_size": 1024, "num_hidden_layers": 24, "ffn_dim": 4096, "num_attention_heads": 16,
          "word_embed_proj_dim": 512}, 331_196_416),
    ],
    ids=lambda value: value["model_type"] if isinstance(value, dict) else "",
)  # fmt: skip
def test_parameters_are_counted_from_the_sizes(config, parameters):
    model = model_of_config(config)
    assert not isinstance(model, NotEstimable), model
    assert model.parameters == pytest.approx(parameters, rel=0.001)


def test_what_a_configuration_leaves_out_is_what_the_library_takes():
    whole = with_defaults({"model_type": "mistral", "hidden_size": 1024}, "mistral")
    assert (whole["hidden_size"], whole["num_hidden_layers"], whole["vocab_size"]) == (1024, 32, 32000)


def test_a_window_that_is_null_is_none_and_one_that_is_left_out_is_the_librarys():
    config = {"model_type": "mistral"}
    assert model_of_config(config).dimensions.sliding_window == 4096
    assert model_of_config({**config, "sliding_window": None}).dimensions.sliding_window is None


def test_a_size_that_is_null_is_derived():
    assert model_of_config({**LLAMA, "num_key_value_heads": None}) == model_of_config(
        {key: value for key, value in LLAMA.items() if key != "num_key_value_heads"}
    )


def test_a_nested_text_model_is_the_one_that_counts():
    nested = {"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", "num_hidden_layers": 4}}
    assert traits_of(with_defaults(nested, "gemma3_text")).layer_types == ("sliding_attention",) * 4


@pytest.mark.parametrize(
    ("config", "architecture"),
    [
        (LLAMA, ArchitectureClass.DECODER),
        ({"model_type": "bert", "architectures": ["BertForSequenceClassification"]}, ArchitectureClass.ENCODER),
        ({"model_type": "t5"}, ArchitectureClass.ENCODER_DECODER),
        ({"model_type": "qwen3"}, ArchitectureClass.DECODER),
    ],
)
def test_the_class_follows_from_the_architecture_or_the_family(config, architecture):
    assert model_of_config(config).architecture is architecture


@pytest.mark.parametrize(
    ("config", "reason"),
    [
        ({}, "the configuration names no `model_type`"),
        ({**LLAMA, "hidden_size": 0}, "`hidden_size` is 0, and a size is a whole number of at least 1"),
        ({**LLAMA, "num_hidden_layers": "32"}, "`num_hidden_layers` is '32', and a size is a whole number of at least 1"),
        ({"model_type": 7}, "the configuration names no `model_type`"),
        (
            {**LLAMA, "num_key_value_heads": 7},
            "32 attention heads do not divide into 7 groups of keys and values",
        ),
        ({**LLAMA, "hidden_size": 4100, "head_dim": None, "num_attention_heads": 48, "num_key_value_heads": 8},
         "a hidden size of 4100 does not divide into 48 heads, and no head_dim is stated"),
        ({**LLAMA, "vocab_size": 10**12}, "`vocab_size` is 1000000000000, and a size lies between 1 and 67108864"),
        ({"model_type": "mixtral", "num_experts_per_tok": 9}, "a token visits 9 experts of 8"),
    ],
)  # fmt: skip
def test_sizes_that_make_no_model_are_refused(config, reason):
    refused = model_of_config(config)
    assert isinstance(refused, NotEstimable)
    assert refused.reason == reason


@pytest.mark.parametrize(
    "family", ["t5", "bart", "gpt2", "bert", "mixtral", "qwen3_moe", "deepseek_v3", "gpt_oss", "phi"]
)
def test_families_with_the_librarys_defaults_can_be_trained(family):
    model = model_of_config({"model_type": family})
    task = Task.CLASSIFY if family == "bert" else Task.CAUSAL
    for method in Method:
        assert isinstance(training.estimate(model, TrainingPlan(method, 512, task=task)), Estimate)


@pytest.mark.parametrize(("written", "trait", "value"), [
    *(({key: "gelu"}, "activation", "gelu")
      for key in ("hidden_activation", "hidden_act", "activation_function", "activation", "ff_activation")),
    *(({key: True}, "attention_bias", True) for key in ("attention_bias", "qkv_bias", "use_qkv_bias")),
    *(({key: True}, "mlp_bias", True) for key in ("mlp_bias", "use_mlp_bias")),
    ({"alibi": True}, "alibi", True), ({"new_decoder_architecture": True}, "norms_apart", True),
    *(({key: False}, "parallel_residual", False) for key in ("use_parallel_residual", "parallel_attn")),
    *(({key: True}, "query_key_norm", True) for key in ("use_qk_norm", "qk_layernorm", "qk_norm")),
    *(({key: 0.5}, "hidden_dropout", 0.5)
      for key in ("hidden_dropout_prob", "hidden_dropout", "resid_pdrop", "resid_dropout", "residual_dropout",
                  "dropout_rate", "dropout")),
    *(({key: 0.5}, "attention_dropout", 0.5)
      for key in ("attention_probs_dropout_prob", "attention_dropout", "attn_pdrop")),
    *(({key: 0.5}, "embedding_dropout", 0.5) for key in ("embd_pdrop", "embedding_dropout", "embed_dropout", "emb_pdrop")),
    *(({key: 0.5}, "activation_dropout", 0.5) for key in ("activation_dropout", "mlp_dropout")),
    ({"final_logit_softcapping": 30.0}, "final_soft_cap", 30.0), ({"attn_logit_softcapping": 50}, "attention_soft_cap", 50),
    *(({key: 2}, "state_expand", 2) for key in ("mamba_expand", "expand")),
    *(({key: 6}, "window_every", 6) for key in ("sliding_window_pattern", "full_attention_interval")),
    ({"q_lora_rank": 1536}, "query_rank", 1536), ({"qk_nope_head_dim": 128}, "nope_head_dim", 128),
    ({"qk_rope_head_dim": 64}, "rope_head_dim", 64), ({"v_head_dim": 128}, "value_head_dim", 128),
    *(({key: 3}, "dense_layers", 3) for key in ("first_k_dense_replace", "num_dense_layers")),
    *(({key: 2}, "moe_every", 2)
      for key in ("decoder_sparse_step", "moe_layer_freq", "interleave_moe_layer_step", "expert_layer_period")),
    ({"intermediate_size_mlp": 8192}, "dense_intermediate_size", 8192),
    ({"linear_num_key_heads": 16}, "linear_key_heads", 16), ({"linear_num_value_heads": 32}, "linear_value_heads", 32),
    ({"linear_key_head_dim": 128}, "linear_key_dim", 128), ({"linear_value_head_dim": 128}, "linear_value_dim", 128),
    *(({key: 4}, "conv_kernel", 4) for key in ("linear_conv_kernel_dim", "mamba_d_conv", "conv_kernel", "conv_L_cache")),
    *(({key: 16}, "state_size", 16) for key in ("ssm_state_size", "mamba_d_state", "state_size")),
    *(({key: 8}, "state_heads", 8) for key in ("mamba_n_heads", "mamba_num_heads")),
    *(({key: 64}, "state_head_dim", 64) for key in ("mamba_d_head", "mamba_head_dim")),
    *(({key: 2}, "state_groups", 2) for key in ("mamba_n_groups", "n_groups")), ({"mamba_d_ssm": 99}, "state_inner", 99),
    ({"encoder_layers": 6}, "encoder_layers", 6),
    *(({key: 6}, "decoder_layers", 6) for key in ("decoder_layers", "num_decoder_layers")),
    ({"decoder_attention_heads": 8}, "decoder_heads", 8), ({"decoder_ffn_dim": 99}, "decoder_intermediate_size", 99),
    ({"num_kv_shared_layers": 20}, "shared_cache_layers", 20), ({"global_head_dim": 512}, "global_head_dim", 512),
    ({"num_global_key_value_heads": 2}, "global_kv_heads", 2),
    *(({key: 512}, "embedding_size", 512) for key in ("word_embed_proj_dim", "embedding_size")),
    ({"type_vocab_size": 2}, "token_types", 2),
    *(({key: ["mamba", "attention"]}, "layer_types", ("mamba", "attention"))
      for key in ("layer_types", "layers_block_type", "block_types", "layer_block_types")),
    ({"layer_types": []}, "layer_types", None), ({"layer_types": [1, 2]}, "layer_types", None),
    ({"feed_forward_proj": "gated-gelu"}, "gated", True), ({"feed_forward_proj": "gated-gelu"}, "activation", "gelu_new"),
    ({"feed_forward_proj": "relu"}, "activation", "relu"), ({"feed_forward_proj": "relu"}, "gated", False), ({"feed_forward_proj": "gated-silu"}, "activation", "silu"),
    ({"rope_scaling": {"rope_type": "yarn"}}, "rope_scaled", True), ({"rope_scaling": {"type": "linear"}}, "rope_scaled", True),
    ({"rope_parameters": {"rope_type": "default"}}, "rope_scaled", False), ({"rope_scaling": None}, "rope_scaled", False),
    # a switch is no number, and a number no switch
    ({"attention_bias": 1}, "attention_bias", None), ({"q_lora_rank": True}, "query_rank", None),
    ({"q_lora_rank": 1.5}, "query_rank", None), ({"use_qk_norm": None, "qk_norm": False}, "query_key_norm", False),
])  # fmt: skip
def test_a_trait_is_read_under_each_name_that_a_family_has_for_it(written, trait, value):
    assert getattr(traits_of(written), trait) == value


@pytest.mark.parametrize(("family", "written", "groups"), [
    ("falcon", {"multi_query": True}, 1), ("falcon", {}, 8), ("falcon", {"new_decoder_architecture": True}, 2),
    ("falcon", {"new_decoder_architecture": False, "multi_query": False}, 8), ("gpt_bigcode", {}, 1),
    ("gpt_bigcode", {"multi_query": False}, 8), ("llama", {"multi_query": True}, 2),
])  # fmt: skip
def test_the_groups_of_keys_and_values_are_those_of_the_family(family, written, groups):
    sizes = Dimensions(hidden_size=64, num_attention_heads=8, num_key_value_heads=2)
    assert conventional(sizes, written, family).num_key_value_heads == groups


@pytest.mark.parametrize(("family", "written", "width"), [
    ("gpt2", {}, 256), ("mpt", {"expansion_ratio": 3}, 192), ("mpt", {"expansion_ratio": "3"}, 256), ("llama", {}, None),
])  # fmt: skip
def test_an_mlp_is_four_times_as_wide_in_the_families_that_say_so(family, written, width):
    sizes = conventional(Dimensions(hidden_size=64, num_attention_heads=8), written, family)
    assert (sizes.intermediate_size, sizes.head_dim, sizes.num_key_value_heads) == (width, 8, 8)


@pytest.mark.parametrize("sizes", [
    Dimensions(hidden_size=64), Dimensions(num_attention_heads=8),
    Dimensions(hidden_size=64, num_attention_heads=8, kv_lora_rank=16),
])  # fmt: skip
def test_sizes_that_nothing_follows_from_stay_as_they_are(sizes):
    assert conventional(sizes, {}, "gpt2") == sizes


def test_a_hidden_size_that_does_not_divide_into_heads_has_no_head_dim():
    assert conventional(Dimensions(hidden_size=65, num_attention_heads=8), {}, "llama").head_dim is None
    stated = Dimensions(hidden_size=65, num_attention_heads=8, head_dim=9)
    assert conventional(stated, {}, "llama").head_dim == 9


@pytest.mark.parametrize(("written", "layers"), [
    ({"num_hidden_layers": 7}, ["sliding_attention"] * 5 + ["full_attention", "sliding_attention"]),
    ({"num_hidden_layers": 4, "sliding_window_pattern": 2}, ["sliding_attention", "full_attention"] * 2),
    ({"num_hidden_layers": 4, "sliding_window_pattern": 1}, ["full_attention"] * 4),
    ({"num_hidden_layers": 3, "layer_types": ["full_attention"] * 3}, ["full_attention"] * 3),
])  # fmt: skip
def test_the_pattern_of_layers_is_repeated_as_the_library_repeats_it(written, layers):
    assert with_defaults({"model_type": "gemma3_text", **written}, "gemma3_text")["layer_types"] == layers


@pytest.mark.parametrize("key", ["sliding_window", "n_shared_experts", "num_experts", "num_local_experts"])
@pytest.mark.parametrize("value", [0, -1, None, False])
def test_nothing_of_a_kind_may_be_written_as_no_count(key, value):
    assert not isinstance(described({**LLAMA, key: value}), NotEstimable)
    refused = described({**LLAMA, "head_dim": -1})
    assert refused == NotEstimable("`head_dim` is -1, and a size is a whole number of at least 1")


FULL, WINDOW = "full_attention", "sliding_attention"


@pytest.mark.parametrize(("written", "layers"), [
    *(({key: ["a", "b"]}, ["a", "b", "a", "b"]) for key in ("layer_types", "layers_block_type", "block_types", "layer_block_types")),
    ({"layer_types": ["a"] * 5}, ["a"] * 5), ({"layer_types": []}, None), ({"layer_types": ["a", 1]}, None),
    ({"hybrid_override_pattern": "M*-E"}, ["mamba", "attention", "mlp", "moe"]), ({"hybrid_override_pattern": "M?"}, None),
    ({"hybrid_override_pattern": ""}, None), ({"attn_layer_indices": [1, 3]}, ["mamba", FULL, "mamba", FULL]),
    ({"full_attn_idxs": [0]}, [FULL, "conv", "conv", "conv"]), ({"hybrid_layer_ids": [2]}, ["mamba", "mamba", "hybrid", "mamba"]),
    ({"attn_layer_period": 2, "attn_layer_offset": 1}, ["mamba", FULL, "mamba", FULL]),
    ({"attn_layer_period": 2}, None), ({"attn_layer_offset": 1}, None), ({"attn_layer_period": 0, "attn_layer_offset": 1}, None),
    ({"use_sliding_window": True, "max_window_layers": 3}, [FULL, FULL, FULL, WINDOW]),
    ({"use_sliding_window": False, "max_window_layers": 3}, None), ({"use_sliding_window": True}, None), ({}, None),
])  # fmt: skip
def test_layers_are_listed_in_each_way_in_which_configurations_list_them(written, layers):
    assert listed_layers(written, 4) == layers


@pytest.mark.parametrize(("config", "torch_dtype"), [
    ({**LLAMA, "torch_dtype": "float16"}, "float16"), ({**LLAMA, "dtype": "bfloat16"}, "bfloat16"), (LLAMA, None),
    ({"model_type": "gemma3", "text_config": {"model_type": "gemma3_text", "torch_dtype": "bfloat16"}}, "bfloat16"),
    ({"model_type": "gemma3", "torch_dtype": "float32", "text_config": {"model_type": "gemma3_text", "dtype": "float16"}},
     "float32"),
    ({"model_type": "gemma3", "dtype": "float32", "text_config": {"model_type": "gemma3_text", "dtype": "float16"}}, "float32"),
])  # fmt: skip
def test_the_number_format_is_that_of_the_file_or_of_its_text_model(config, torch_dtype):
    assert described(config).torch_dtype == torch_dtype


@pytest.mark.parametrize("family", [
    "bart", "bigbird_pegasus", "blenderbot", "led", "longt5", "m2m_100", "marian", "mbart", "mt5", "pegasus",
    "switch_transformers", "t5", "umt5",
])  # fmt: skip
def test_a_family_of_two_stacks_is_known_without_an_architecture(family):
    assert described({"model_type": family}).architecture is ArchitectureClass.ENCODER_DECODER


@pytest.mark.parametrize(("changes", "missing"), [
    ({"num_key_value_heads": 7}, "num_key_value_heads"),
    ({"hidden_size": 4100, "num_attention_heads": 48, "num_key_value_heads": 8}, "head_dim"),
    ({"vocab_size": 10**12}, "vocab_size"),
])  # fmt: skip
def test_a_size_that_makes_no_model_is_the_one_that_is_asked_for(changes, missing):
    assert model_of_config({**LLAMA, **changes}).missing == (f"dimensions.{missing}",)


def test_a_family_that_nobody_knows_has_no_class():
    assert described({"model_type": "unheard_of"}).architecture is None
    assert described({"model_type": "unheard_of", "is_encoder_decoder": True}).architecture is (
        ArchitectureClass.ENCODER_DECODER
    )
