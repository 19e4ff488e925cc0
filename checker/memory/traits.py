"""What a configuration says of a model's build beyond its main sizes; None where nobody says."""

from checker.value import NamedTuple


class Traits(NamedTuple):
    """Build of a model under one set of names, whatever its configuration calls them."""

    activation: str | None = None
    gated: bool | None = None
    """Whether the MLP has a gate, where the configuration decides it."""
    attention_bias: bool | None = None
    mlp_bias: bool | None = None
    hidden_dropout: float | None = None
    """After attention and MLP, 0 to 1."""
    attention_dropout: float | None = None
    embedding_dropout: float | None = None
    activation_dropout: float | None = None
    """Inside the MLP, 0 to 1."""
    norms_apart: bool | None = None
    """Whether attention and MLP side by side have a norm each (Falcon-40B)."""
    alibi: bool | None = None
    """Whether positions are biases of the scores (ALiBi, arXiv:2108.12409)."""
    parallel_residual: bool | None = None
    query_key_norm: bool | None = None
    final_soft_cap: float | None = None
    attention_soft_cap: float | None = None
    layer_types: tuple[str, ...] | None = None
    """One word a layer: full_attention, sliding_attention, chunked_attention, linear_attention, mamba, conv, …"""
    window_every: int | None = None
    """One layer in so many sees the whole context, the others a window."""
    query_rank: int | None = None
    nope_head_dim: int | None = None
    rope_head_dim: int | None = None
    value_head_dim: int | None = None
    dense_layers: int | None = None
    """Leading layers with a dense MLP in a mixture of experts."""
    moe_every: int | None = None
    dense_intermediate_size: int | None = None
    """Width of the dense MLPs beside experts, where it is not `intermediate_size`."""
    linear_key_heads: int | None = None
    linear_value_heads: int | None = None
    linear_key_dim: int | None = None
    linear_value_dim: int | None = None
    conv_kernel: int | None = None
    state_size: int | None = None
    state_heads: int | None = None
    state_head_dim: int | None = None
    state_groups: int | None = None
    state_expand: float | None = None
    state_inner: int | None = None
    encoder_layers: int | None = None
    decoder_layers: int | None = None
    decoder_heads: int | None = None
    decoder_intermediate_size: int | None = None
    shared_cache_layers: int | None = None
    """Layers that read another layer's cache (Gemma 3n and 4)."""
    global_head_dim: int | None = None
    """Head dimension of the layers that see the whole context, where it differs (Gemma 4)."""
    global_kv_heads: int | None = None
    embedding_size: int | None = None
    token_types: int | None = None
    labels: int | None = None
    vision_parameters: int | None = None
    """Weights outside the text model: towers and projectors."""
    rope_scaled: bool | None = None
    """Whether the configuration stretches its positions beyond those it was trained with."""
