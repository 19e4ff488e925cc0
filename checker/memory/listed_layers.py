"""The kind of each layer as a config.json tells it, in the several ways in which configurations do."""

from collections.abc import Mapping
from typing import Any

_LETTERS = {"M": "mamba", "*": "attention", "-": "mlp", "E": "moe"}
"""Letters of Nemotron-H's `hybrid_override_pattern`."""
LISTS = ("layer_types", "layers_block_type", "block_types", "layer_block_types")
"""What configurations call a list of one word a layer."""


def listed_layers(config: Mapping[str, Any], layers: int) -> list[str] | None:
    """One word a layer; None where the configuration does not list them."""
    for key in LISTS:
        stated = config.get(key)
        if isinstance(stated, list) and stated and all(isinstance(each, str) for each in stated):
            return [stated[index % len(stated)] for index in range(max(layers, len(stated)))]
    pattern = config.get("hybrid_override_pattern")
    if isinstance(pattern, str) and pattern and all(letter in _LETTERS for letter in pattern):
        return [_LETTERS[letter] for letter in pattern]
    return _by_index(config, layers)


def _by_index(config: Mapping[str, Any], layers: int) -> list[str] | None:
    for key, other in (("attn_layer_indices", "mamba"), ("full_attn_idxs", "conv")):
        attending = config.get(key)
        if isinstance(attending, list):
            return ["full_attention" if index in attending else other for index in range(layers)]
    hybrid = config.get("hybrid_layer_ids")
    if isinstance(hybrid, list):
        return ["hybrid" if index in hybrid else "mamba" for index in range(layers)]
    period, offset = config.get("attn_layer_period"), config.get("attn_layer_offset")
    if isinstance(period, int) and isinstance(offset, int) and period > 0:
        return ["full_attention" if index % period == offset else "mamba" for index in range(layers)]
    first = config.get("max_window_layers")
    if config.get("use_sliding_window") is True and isinstance(first, int):
        return ["full_attention" if index < first else "sliding_attention" for index in range(layers)]
    return None
