"""Models in which recurrent layers stand in for attention, in whole or in part; one function a family."""

from __future__ import annotations

from collections.abc import Callable

from checker.facts.model import Dimensions
from checker.facts.parameters.need import need


def mamba(dims: Dimensions) -> int:
    """Mamba and Falcon Mamba (arXiv:2312.00752): nothing but state-space layers, one norm each."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    return _tables(dims) + layers * (_mamba(hidden, need(dims.intermediate_size)) + hidden) + hidden


def rwkv4(dims: Dimensions) -> int:
    """RWKV-4 (arXiv:2305.13048): time and channel mixing take 13 · hidden² and 11 vectors a layer."""
    hidden, layers = need(dims.hidden_size), need(dims.num_hidden_layers)
    return _tables(dims) + layers * (13 * hidden * hidden + 11 * hidden) + 4 * hidden


def jamba(dims: Dimensions) -> int:
    """Jamba (arXiv:2403.19887): of 8 layers one is attention and 7 are Mamba; every second MLP is experts."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    norms = -(-hidden // 16) + 2 * 16
    recurrent = _mamba(hidden, 2 * hidden) + norms
    size = need(dims.moe_intermediate_size)
    mixed = layers // 2 * (_experts(dims) + 3 * hidden * size)
    return _tables(dims) + layers // 8 * (_attention(dims) + 7 * recurrent) + mixed + (2 * layers + 1) * hidden


def lfm2(dims: Dimensions, *, attention_layers: int) -> int:
    """LFM2: gated short convolutions over 3 tokens, and some layers of attention."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    convolution = 4 * hidden * hidden + 3 * hidden
    mixed = attention_layers * (_attention(dims) + 2 * need(dims.head_dim)) + (layers - attention_layers) * convolution
    return _tables(dims) + mixed + layers * (_mlp(dims) + 2 * hidden) + hidden


def qwen3_next(dims: Dimensions, *, value_heads: int) -> int:
    """Qwen3-Next and Qwen3.5: of 4 layers one is attention with a gated output and 3 are Gated DeltaNet."""
    layers, hidden, size = need(dims.num_hidden_layers), need(dims.hidden_size), need(dims.head_dim)
    attention = _attention(dims) + hidden * need(dims.num_attention_heads) * size + 2 * size
    mixed = layers // 4 * (attention + 3 * _delta_net(hidden, value_heads))
    each = _experts(dims) + hidden if dims.num_experts else _mlp(dims)
    return _tables(dims) + mixed + layers * (each + 2 * hidden) + hidden


def granite_hybrid(dims: Dimensions, *, attention_layers: int, heads: int) -> int:
    """Granite 4.0: Mamba 2 layers of state 128 and twice the width, and some layers of attention; MLP or experts."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    recurrent = _mamba2(hidden, 2 * hidden, state=128, groups=1, heads=heads, normed=True)
    mixed = attention_layers * _attention(dims) + (layers - attention_layers) * recurrent
    each = _experts(dims) if dims.num_experts else _mlp(dims)
    return _tables(dims) + mixed + layers * (each + 2 * hidden) + hidden


def nemotron_hybrid(dims: Dimensions, *, attention_layers: int, mlp_layers: int, heads: int, inner: int) -> int:
    """Nemotron-H (arXiv:2504.03624): each layer is attention, an MLP without gate, or Mamba 2 of 8 groups."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    recurrent = _mamba2(hidden, inner, state=128, groups=8, heads=heads, normed=True)
    mlp = 2 * hidden * need(dims.intermediate_size)
    mixed = attention_layers * _attention(dims) + mlp_layers * mlp
    return _tables(dims) + mixed + (layers - attention_layers - mlp_layers) * recurrent + (layers + 1) * hidden


def falcon_hybrid(dims: Dimensions, *, inner: int, state: int, groups: int, heads: int, normed: bool) -> int:
    """Falcon-H1 (arXiv:2507.22448): attention and Mamba 2 side by side in every layer, then an MLP."""
    layers, hidden = need(dims.num_hidden_layers), need(dims.hidden_size)
    recurrent = _mamba2(hidden, inner, state=state, groups=groups, heads=heads, normed=normed)
    return _tables(dims) + layers * (_attention(dims) + recurrent + _mlp(dims) + 2 * hidden) + hidden


RECURRENT: dict[str, Callable[..., int]] = {
    "falcon_h1": falcon_hybrid,
    "falcon_mamba": mamba,
    "granitemoehybrid": granite_hybrid,
    "jamba": jamba,
    "lfm2": lfm2,
    "mamba": mamba,
    "nemotron_h": nemotron_hybrid,
    "qwen3_5": qwen3_next,
    "qwen3_5_moe": qwen3_next,
    "qwen3_next": qwen3_next,
    "rwkv": rwkv4,
}
"""Families by the `model_type` of their configuration."""


def _tables(dims: Dimensions) -> int:
    return need(dims.vocab_size) * need(dims.hidden_size) * (1 if dims.tie_word_embeddings else 2)


def _attention(dims: Dimensions) -> int:
    heads, groups = need(dims.num_attention_heads), need(dims.num_key_value_heads)
    return need(dims.hidden_size) * need(dims.head_dim) * 2 * (heads + groups)


def _mlp(dims: Dimensions) -> int:
    return 3 * need(dims.hidden_size) * need(dims.intermediate_size)


def _experts(dims: Dimensions) -> int:
    """Experts, their router and the shared expert, where there is one."""
    hidden, count = need(dims.hidden_size), need(dims.num_experts)
    return hidden * (
        count * (3 * need(dims.moe_intermediate_size) + 1) + 3 * (dims.shared_expert_intermediate_size or 0)
    )


def _mamba(hidden: int, inner: int) -> int:
    """State 16, convolution over 4 with bias, time step of rank hidden / 16."""
    rank, state = -(-hidden // 16), 16
    scan = inner * (rank + 2 * state) + rank * inner + inner + inner * state + inner
    return hidden * 2 * inner + 5 * inner + scan + inner * hidden


def _mamba2(hidden: int, inner: int, *, state: int, groups: int, heads: int, normed: bool) -> int:
    """arXiv:2405.21060; convolution over 4 with bias; three values a head."""
    wide = inner + 2 * groups * state
    return hidden * (inner + wide + heads) + 5 * wide + 3 * heads + normed * inner + inner * hidden


def _delta_net(hidden: int, value_heads: int) -> int:
    """arXiv:2412.06464; 16 key heads, 128 features a head, convolution over 4."""
    values = value_heads * 128
    wide = 2 * 16 * 128 + values
    return hidden * (wide + values + 2 * value_heads) + 4 * wide + 2 * value_heads + 128 + values * hidden
