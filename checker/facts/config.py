"""Reads a model's config.json: sizes under one set of names, whatever the architecture calls them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from checker.facts.model import Dimensions

SIZES = {
    "num_hidden_layers": ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"),
    "hidden_size": ("hidden_size", "n_embd", "d_model", "dim"),
    "intermediate_size": (
        "intermediate_size",
        "n_inner",
        "ffn_dim",
        "d_ff",
        "encoder_ffn_dim",
        "ffn_hidden_size",
        "hidden_dim",
    ),
    "num_attention_heads": ("num_attention_heads", "n_head", "n_heads", "num_heads", "encoder_attention_heads"),
    "num_key_value_heads": ("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num"),
    "head_dim": ("head_dim", "d_kv", "kv_channels"),
    "vocab_size": ("vocab_size", "padded_vocab_size"),
    "max_position_embeddings": ("max_position_embeddings", "n_positions", "max_seq_len", "max_sequence_length"),
    "sliding_window": ("sliding_window", "window_size"),
    "num_experts": ("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"),
    "experts_per_tok": ("num_experts_per_tok", "experts_per_token", "moe_k", "moe_top_k"),
    "moe_intermediate_size": ("moe_intermediate_size", "expert_intermediate_size"),
    "num_shared_experts": ("n_shared_experts", "num_shared_experts", "moe_num_shared_experts"),
    "shared_expert_intermediate_size": ("shared_expert_intermediate_size", "shared_intermediate_size"),
    "kv_lora_rank": ("kv_lora_rank",),
}
"""Our name of a size, and what architectures call it."""
_SIZE_KEYS = tuple(key for keys in SIZES.values() for key in keys)
_TRAITS = {
    "query_rank": "q_lora_rank",
    "nope": "qk_nope_head_dim",
    "rope": "qk_rope_head_dim",
    "value": "v_head_dim",
    "dense_layers": "first_k_dense_replace",
}
"""What formulas of parameters call a size of latent attention or of experts, and what configurations call it."""
BUILD_KEYS = (
    *("activation", "activation_dropout", "activation_function", "alibi", "attention_bias", "attention_dropout"),
    *("attention_probs_dropout_prob", "attn_logit_softcapping", "attn_pdrop", "block_types", "conv_L_cache"),
    *("conv_kernel", "decoder_attention_heads", "decoder_ffn_dim", "decoder_layers", "decoder_sparse_step", "dropout"),
    *("dropout_rate", "emb_pdrop", "embd_pdrop", "embed_dropout", "embedding_dropout", "embedding_size"),
    *(
        "encoder_layers",
        "expand",
        "expert_layer_period",
        "feed_forward_proj",
        "ff_activation",
        "final_logit_softcapping",
    ),
    *("first_k_dense_replace", "full_attention_interval", "global_head_dim", "hidden_act", "hidden_activation"),
    *("hidden_dropout", "hidden_dropout_prob", "interleave_moe_layer_step", "intermediate_size_mlp", "layer_types"),
    *("layers_block_type", "linear_conv_kernel_dim", "linear_key_head_dim", "linear_num_key_heads"),
    *("linear_num_value_heads", "linear_value_head_dim", "mamba_d_conv", "mamba_d_head", "mamba_d_ssm"),
    *("mamba_d_state", "mamba_expand", "mamba_head_dim", "mamba_n_groups", "mamba_n_heads", "mamba_num_heads"),
    *("mlp_bias", "mlp_dropout", "moe_layer_freq", "multi_query", "n_groups", "new_decoder_architecture"),
    *("num_decoder_layers", "num_dense_layers", "num_global_key_value_heads", "num_kv_shared_layers"),
    *("parallel_attn", "q_lora_rank", "qk_layernorm", "qk_nope_head_dim", "qk_norm", "qk_rope_head_dim", "qkv_bias"),
    *("resid_dropout", "resid_pdrop", "residual_dropout", "sliding_window_pattern", "ssm_state_size", "state_size"),
    *("type_vocab_size", "use_mlp_bias", "use_parallel_residual", "use_qk_norm", "use_qkv_bias"),
    *("use_sliding_window", "v_head_dim", "word_embed_proj_dim"),
)
"""Keys of a configuration beside its main sizes that an estimate of memory reads; a test holds them to its reader."""
_OFFSET = frozenset(("camembert", "longformer", "mpnet", "roberta", "xlm-roberta", "xlm-roberta-xl"))
"""Families whose first positions, two of them, stand for padding and hold no token."""
_FOUR_TIMES = frozenset(("codegen", "gpt2", "gpt_bigcode", "gpt_neo", "gptj"))
"""Families whose MLP is four times as wide as the hidden size where `n_inner` is null: the library's default."""
_TEXT_PARTS = ("text_config", "llm_config", "language_config")


def text_config(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a configuration that describes the text model: a nested one where other modalities have their own."""
    return next((part for key in _TEXT_PARTS if isinstance(part := config.get(key), dict)), config)


def dimensions(config: Mapping[str, Any]) -> Dimensions:
    """The sizes of the text model; None where the configuration does not state one."""
    text = text_config(config)
    sizes = {ours: _first(text, theirs) for ours, theirs in SIZES.items()}
    if text.get("use_sliding_window") is False:
        sizes["sliding_window"] = None
    if text.get("multi_query") is True and text.get("new_decoder_architecture") is not True:
        sizes["num_key_value_heads"] = 1
    family = word(text, "model_type")
    if family == "qwen" and sizes["intermediate_size"]:
        sizes["intermediate_size"] //= 2  # the first Qwen counts gate and up together
    if sizes["intermediate_size"] is None and family in _FOUR_TIMES and sizes["hidden_size"]:
        sizes["intermediate_size"] = 4 * sizes["hidden_size"]
    if sizes["kv_lora_rank"]:
        sizes["head_dim"] = None  # keys and values differ; one number would be wrong for either
    tied = text.get("tie_word_embeddings", config.get("tie_word_embeddings"))
    return Dimensions(**sizes, tie_word_embeddings=tied if isinstance(tied, bool) else None)


def traits(config: Mapping[str, Any]) -> dict[str, int]:
    """What the formulas of parameters want to know beyond the dimensions, where the configuration states it."""
    text = text_config(config)
    named = {ours: text[theirs] for ours, theirs in _TRAITS.items() if theirs in text}
    return {ours: value or 0 for ours, value in named.items() if value is None or _is_count(value)}


def native_context(config: Mapping[str, Any]) -> int | None:
    """Tokens that the positions of the model reach, without rope scaling that somebody would have to switch on."""
    positions = dimensions(config).max_position_embeddings
    if positions is None:
        return None
    return positions - 2 if word(text_config(config), "model_type") in _OFFSET else positions


Build: TypeAlias = dict[str, int | float | bool | str | tuple[str, ...]]
"""Keys of a configuration with their values; beside them `NULLS`, and `model_type` where a nested part has its own."""
NULLS = "null"
"""The keys that stand there as null: a library takes no default of its own for these."""


def build(config: Mapping[str, Any]) -> Build:
    """The `BUILD_KEYS` that the text model's part of a configuration holds; what is no plain value is left out."""
    text = text_config(config)
    found: Build = {}
    nulls = tuple(key for key in sorted({*BUILD_KEYS, *_SIZE_KEYS}) if key in text and text[key] is None)
    if nulls:
        found[NULLS] = nulls
    if text is not config and (family := word(text, "model_type")):
        found["model_type"] = family
    for key in BUILD_KEYS:
        value = text.get(key)
        if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            found[key] = tuple(value)
        elif isinstance(value, str | bool) or (isinstance(value, int | float) and 0 <= value < LARGEST):
            found[key] = value
    return found


LARGEST = 1 << 53
"""No size and no total of a model comes near: what is larger was made up, and counts as not stated."""


def words(config: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts; empty where there is none."""
    value = config.get(key)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def word(config: Mapping[str, Any], *keys: str) -> str | None:
    """The first of these keys that holds a text."""
    return next((value for key in keys if isinstance(value := config.get(key), str) and value), None)


def labels(config: Mapping[str, Any]) -> int | None:
    """Outputs of a classification head; two are the library's default and are often not written down."""
    named = config.get("id2label")
    if isinstance(named, dict):
        return len(named)
    count = config.get("num_labels")
    return count if _is_count(count) else None


def _first(config: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    found: Iterator[Any] = (config[key] for key in keys if _is_count(config.get(key)))
    return next(found, None)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST
