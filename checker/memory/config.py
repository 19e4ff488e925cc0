"""A model from the content of its config.json; what the file leaves out is what the library would take.

The library's defaults stand in `library_defaults.json`, read off transformers' configuration classes.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from checker.facts.config import SIZES, dimensions, labels, text_config, word
from checker.facts.kind import classify, of_config
from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory.estimate import NotEstimable
from checker.memory.listed_layers import LISTS, listed_layers
from checker.memory.model import Model
from checker.memory.traits import Traits
from checker.memory.vision import vision_parameters


def model_of_config(config: Mapping[str, Any]) -> Model | NotEstimable:
    """The model that a config.json describes, its total counted, or why it describes none that is known."""
    model = described(config)
    if isinstance(model, NotEstimable):
        return model
    from checker.memory.total import parameters_of  # counts by the structure, which knows this module's types

    counted = parameters_of(model)
    return counted if isinstance(counted, NotEstimable) else model._replace(parameters=counted)


def described(config: Mapping[str, Any]) -> Model | NotEstimable:
    """The model that a config.json describes, without a total, or why it describes none that is known.

    A size that is null is derived as the library derives it; where null means something (a window), it is kept. Remote
    code (`auto_map`) is not run: a family is taken by its `model_type`.
    """
    given = dict(config)
    family = word(text_config(given), "model_type") or word(given, "model_type")
    if family is None:
        return NotEstimable("the configuration names no `model_type`")
    if refusal := _no_counts(text_config(given)):
        return refusal
    whole = with_defaults(given, family)
    text = text_config(whole)
    kind = classify(of_config(given))
    built = kind.architecture_class or _class_by_family(family)
    if built is None and given.get("is_encoder_decoder") is True:
        built = ArchitectureClass.ENCODER_DECODER
    return Model(
        parameters=None,
        dimensions=conventional(dimensions(whole), text, family),
        architecture=built,
        model_type=family,
        torch_dtype=word(given, "torch_dtype", "dtype") or word(text, "torch_dtype", "dtype"),
        multimodal="multimodal" in kind.attributes,
        state_space="state-space" in kind.attributes,
        traits=traits_of(whole),
    )


_MAY_BE_NONE = frozenset(
    ("sliding_window", "window_size", "n_shared_experts", "num_shared_experts", "num_experts", "num_local_experts")
)
"""Sizes that some configurations write as 0 where there is nothing of the kind."""


def _no_counts(text: Mapping[str, Any]) -> NotEstimable | None:
    """The refusal of a size that is no count: the library would stop at it, or make no model."""
    for keys in SIZES.values():
        for key in keys:
            value = text.get(key)
            if value is None or value is False or (key in _MAY_BE_NONE and value in (0, -1)):
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                return NotEstimable(f"`{key}` is {value!r}, and a size is a whole number of at least 1")
    return None


_FOUR_TIMES = frozenset(("bloom", "codegen", "falcon", "gpt2", "gpt_bigcode", "gpt_neo", "gptj", "mpt"))
"""Families whose MLP is four times as wide as the hidden size unless the configuration says otherwise."""


def conventional(sizes: Dimensions, text: Mapping[str, Any], family: str) -> Dimensions:
    """Sizes that follow from others where a configuration leaves them out, as the library derives them."""
    heads, hidden = sizes.num_attention_heads, sizes.hidden_size
    if sizes.kv_lora_rank or not heads or not hidden:
        return sizes
    groups = sizes.num_key_value_heads
    if family == "falcon" and text.get("new_decoder_architecture") is not True:
        groups = 1 if text.get("multi_query") is True else heads
    if family == "gpt_bigcode":
        groups = 1 if text.get("multi_query") is not False else heads
    width = sizes.intermediate_size
    if width is None and family in _FOUR_TIMES:
        ratio = text.get("expansion_ratio")
        width = (ratio if isinstance(ratio, int) else 4) * hidden
    return sizes._replace(
        num_key_value_heads=groups or heads,
        head_dim=sizes.head_dim or (None if hidden % heads else hidden // heads),
        intermediate_size=width,
    )


def _class_by_family(family: str) -> ArchitectureClass | None:
    from checker.facts.parameters.decoder import DECODERS
    from checker.facts.parameters.encoder import ENCODERS
    from checker.memory.families import SEQUENCE_TO_SEQUENCE

    if family in SEQUENCE_TO_SEQUENCE:
        return ArchitectureClass.ENCODER_DECODER
    if family in ENCODERS:
        return ArchitectureClass.ENCODER
    return ArchitectureClass.DECODER if family in DECODERS else None


def with_defaults(config: Mapping[str, Any], family: str) -> dict[str, Any]:
    """The configuration with what the library adds for that family, in the part that describes the text model."""
    record = _library().get(family)
    text = text_config(config)
    if record is None:
        return dict(config)
    aliases = {theirs: ours for ours, theirs in record.get("aliases", {}).items()}
    added = {
        key: value
        for key, value in record["defaults"].items()
        if value is not None and key not in text and aliases.get(key, key) not in text
    }
    merged = {**added, **text}
    stated = listed_layers(merged, dimensions(merged).num_hidden_layers or 0)
    if stated:
        merged["layer_types"] = stated
        merged.setdefault("num_hidden_layers", len(stated))
    elif "layer_types" in record and not merged.get("layer_types"):
        merged["layer_types"] = _cycled(merged, record)
    if text is config:
        return merged
    name = next(key for key, value in config.items() if value is text)
    return {**config, name: merged}


def _cycled(merged: Mapping[str, Any], record: Mapping[str, Any]) -> list[str]:
    """The pattern of kinds of layers repeated over all layers, as the library repeats it."""
    pattern: list[str] = record["layer_types"]
    layers = dimensions(merged).num_hidden_layers or len(pattern)
    every = merged.get("full_attention_interval") or merged.get("sliding_window_pattern")
    if isinstance(every, int) and every > 0 and "full_attention" in pattern:
        other = next((kind for kind in pattern if kind != "full_attention"), "full_attention")
        pattern = [other] * (every - 1) + ["full_attention"]
    return [pattern[index % len(pattern)] for index in range(layers)]


@cache
def _library() -> dict[str, Any]:
    text = Path(__file__).with_name("library_defaults.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["model_types"]
    return found


_WORDS = {"activation": ("hidden_activation", "hidden_act", "activation_function", "activation", "ff_activation")}
_SWITCHES = {
    "attention_bias": ("attention_bias", "qkv_bias", "use_qkv_bias"),
    "mlp_bias": ("mlp_bias", "use_mlp_bias"),
    "alibi": ("alibi",),
    "norms_apart": ("new_decoder_architecture",),
    "parallel_residual": ("use_parallel_residual", "parallel_attn"),
    "query_key_norm": ("use_qk_norm", "qk_layernorm", "qk_norm"),
}
_SHARES = {
    "hidden_dropout": (
        *("hidden_dropout_prob", "hidden_dropout", "resid_pdrop", "resid_dropout", "residual_dropout"),
        *("dropout_rate", "dropout"),
    ),
    "attention_dropout": ("attention_probs_dropout_prob", "attention_dropout", "attn_pdrop"),
    "embedding_dropout": ("embd_pdrop", "embedding_dropout", "embed_dropout", "emb_pdrop"),
    "activation_dropout": ("activation_dropout", "mlp_dropout"),
    "final_soft_cap": ("final_logit_softcapping",),
    "attention_soft_cap": ("attn_logit_softcapping",),
    "state_expand": ("mamba_expand", "expand"),
}
_COUNTS = {
    "window_every": ("sliding_window_pattern", "full_attention_interval"),
    "query_rank": ("q_lora_rank",),
    "nope_head_dim": ("qk_nope_head_dim",),
    "rope_head_dim": ("qk_rope_head_dim",),
    "value_head_dim": ("v_head_dim",),
    "dense_layers": ("first_k_dense_replace", "num_dense_layers"),
    "moe_every": ("decoder_sparse_step", "moe_layer_freq", "interleave_moe_layer_step", "expert_layer_period"),
    "dense_intermediate_size": ("intermediate_size_mlp",),
    "linear_key_heads": ("linear_num_key_heads",),
    "linear_value_heads": ("linear_num_value_heads",),
    "linear_key_dim": ("linear_key_head_dim",),
    "linear_value_dim": ("linear_value_head_dim",),
    "conv_kernel": ("linear_conv_kernel_dim", "mamba_d_conv", "conv_kernel", "conv_L_cache"),
    "state_size": ("ssm_state_size", "mamba_d_state", "state_size"),
    "state_heads": ("mamba_n_heads", "mamba_num_heads"),
    "state_head_dim": ("mamba_d_head", "mamba_head_dim"),
    "state_groups": ("mamba_n_groups", "n_groups"),
    "state_inner": ("mamba_d_ssm",),
    "encoder_layers": ("encoder_layers",),
    "decoder_layers": ("decoder_layers", "num_decoder_layers"),
    "decoder_heads": ("decoder_attention_heads",),
    "decoder_intermediate_size": ("decoder_ffn_dim",),
    "shared_cache_layers": ("num_kv_shared_layers",),
    "global_head_dim": ("global_head_dim",),
    "global_kv_heads": ("num_global_key_value_heads",),
    "embedding_size": ("word_embed_proj_dim", "embedding_size"),
    "token_types": ("type_vocab_size",),
}
"""Our name of a trait, and what configurations call it; of several, the first that is there counts."""


def traits_of(config: Mapping[str, Any]) -> Traits:
    """The traits that a configuration states."""
    text = text_config(config)
    found: dict[str, Any] = {ours: word(text, *theirs) for ours, theirs in _WORDS.items()}
    found |= {ours: _first(text, theirs, bool) for ours, theirs in _SWITCHES.items()}
    found |= {ours: _first(text, theirs, (int, float)) for ours, theirs in _SHARES.items()}
    found |= {ours: _first(text, theirs, int) for ours, theirs in _COUNTS.items()}
    layers = next((text[key] for key in LISTS if text.get(key)), None)
    if isinstance(layers, list) and layers and all(isinstance(layer, str) for layer in layers):
        found["layer_types"] = tuple(layers)
    scaling = text.get("rope_scaling") or text.get("rope_parameters")
    kind = (scaling.get("rope_type") or scaling.get("type")) if isinstance(scaling, Mapping) else None
    projection = text.get("feed_forward_proj")
    if isinstance(projection, str):
        found["gated"] = projection.startswith("gated")
        kind_of_act = projection.rpartition("-")[2]
        found["activation"] = "gelu_new" if projection == "gated-gelu" else kind_of_act
    return Traits(
        **found,
        labels=labels(config),
        vision_parameters=vision_parameters(config),
        rope_scaled=kind not in (None, "default"),
    )


def _first(config: Mapping[str, Any], keys: tuple[str, ...], kind: type | tuple[type, ...]) -> Any:
    for key in keys:
        value = config.get(key)
        if isinstance(value, bool) != (kind is bool):
            continue
        if isinstance(value, kind):
            return value
    return None
