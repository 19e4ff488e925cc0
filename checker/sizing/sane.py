"""Sizes of a configuration that no model has: zero, absurd, or such as do not divide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.document.errors import Problem, shown
from checker.document.place import Place
from checker.facts.config import dimensions, text_config, word
from checker.memory.config import with_defaults

_PATTERN = "attention_interval"
_POSITIVE = {
    "num_hidden_layers": (("num_hidden_layers", "n_layer", "n_layers", "num_layers"), 10_000),
    "hidden_size": (("hidden_size", "n_embd", "d_model"), 2**20),
    "intermediate_size": (("intermediate_size", "n_inner", "ffn_dim", "d_ff"), 2**24),
    "num_attention_heads": (("num_attention_heads", "n_head", "n_heads", "num_heads"), 2**14),
    "num_key_value_heads": (("num_key_value_heads", "num_kv_heads", "n_head_kv"), 2**14),
    "head_dim": (("head_dim", "d_kv"), 2**16),
    "vocab_size": (("vocab_size", "padded_vocab_size"), 2**26),
    "encoder_layers": (("encoder_layers",), 10_000),
    "decoder_layers": (("decoder_layers", "num_decoder_layers"), 10_000),
    _PATTERN: (("full_attention_interval", "sliding_window_pattern"), 10_000),
    "num_experts": (("num_experts", "num_local_experts", "n_routed_experts"), 2**14),
}
"""What configurations call a size, and the largest that is taken for one: far above any model there is."""
_MAY_BE_ZERO = (_PATTERN, "decoder_layers", "encoder_layers", "num_experts", "intermediate_size")


def problems_of(config: Mapping[str, Any], at: Place) -> tuple[Problem, ...]:
    """What is wrong with the sizes that a configuration states; `at` is where it stands."""
    odd = tuple(_sizes(text_config(config)))
    return tuple(problem._replace(at=at) for problem in odd or _heads(config))


def _sizes(text: Mapping[str, Any]) -> Iterator[Problem]:
    for ours, (names, most) in _POSITIVE.items():
        least = 0 if ours in _MAY_BE_ZERO else 1
        for name in names:
            value = text.get(name)
            # Some families have a size for each layer, and some spell their pattern: `LLLG`.
            if value is None or isinstance(value, (list, dict)) or (ours == _PATTERN and isinstance(value, str)):
                continue
            if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
                sentence = f"`config.{name}` is `{shown(str(value))}`"
                yield Problem(sentence, expected=f"a whole number from {least} to {most}")


def _heads(config: Mapping[str, Any]) -> Iterator[Problem]:
    family = word(text_config(config), "model_type") or word(config, "model_type")
    sizes = dimensions(with_defaults(config, family) if family else config)
    heads, groups, hidden = sizes.num_attention_heads, sizes.num_key_value_heads, sizes.hidden_size
    if heads and groups and heads % groups:
        sentence = f"{heads} attention heads do not divide by {groups} key-value heads"
        yield Problem(sentence, expected="`config.num_key_value_heads` that divides `config.num_attention_heads`")
    if heads and hidden and hidden % heads and not sizes.head_dim and not sizes.kv_lora_rank:
        sentence = f"a hidden size of {hidden} does not divide by {heads} attention heads"
        yield Problem(sentence, expected="`config.head_dim`, or sizes that divide")
