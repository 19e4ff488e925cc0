"""Decoders: the Llama block and what its relatives add to it, leave out of it or route to experts."""

from checker.facts.model import Dimensions
from checker.facts.parameters.need import need
from checker.value import NamedTuple


class Decoder(NamedTuple):
    """How a family differs from the Llama block, whose values are the defaults."""

    norm_weights: int = 1
    """Weights a feature of a norm: RMSNorm 1, LayerNorm 2, a norm without weights 0."""
    norms: int = 2
    """Norms a layer."""
    query_key_norm: str = ""
    """`head`: two norms over one head; `width`: two over all heads; empty: none."""
    qkv_bias: bool = False
    out_bias: bool = False
    mlp_bias: bool = False
    gated: bool = True
    """Whether the MLP has a gate: three matrices instead of two."""
    positions: int = 0
    """Rows of a learned table of positions."""
    embedding_norm: bool = False
    embedding_size: int = 0
    """Width of the embeddings where it differs from the hidden size and two matrices translate (OPT-350m)."""
    final_norm: bool = True
    tied: bool | None = None
    """Whether the head is the embedding table; None: as the dimensions say, untied where they do not."""
    headless: bool = False
    """An embedder: no head at all."""
    head_bias: bool = False
    layer_extra: int = 0
    """Further weights a layer, such as the two of xIELU."""
    dense_layers: int = 0
    """Leading layers with a dense MLP in a mixture of experts."""
    dense_size: int = 0
    """Intermediate size of the dense layers where it differs from `intermediate_size`."""
    moe_every: int = 1
    """Every how many layers experts stand in for the MLP."""
    router_bias: bool = False
    """One value an expert: the router's bias, or the trained bias that balances the choice of experts."""
    shared_gate: bool = False
    """Whether a gate weighs the shared expert."""
    sinks: bool = False
    """One learned attention sink a head."""
    query_rank: int = 0
    """Latent attention: rank of the query projection, 0 for a full one."""
    nope: int = 0
    """Latent attention: head dimension without rotation; 0 for ordinary attention."""
    rope: int = 64
    """Latent attention: rotated head dimension."""
    value: int = 128
    """Latent attention: value dimension of a head."""
    index_heads: int = 0
    """Sparse attention: heads of the indexer, of 128 features each."""


_LLAMA = Decoder()
_QWEN2 = Decoder(qkv_bias=True)
_QWEN3 = Decoder(query_key_norm="head")
_GEMMA3 = Decoder(norms=4, query_key_norm="head", tied=True)
_GPT = Decoder(norm_weights=2, qkv_bias=True, out_bias=True, mlp_bias=True, gated=False)
_DEEPSEEK = Decoder(query_rank=1536, nope=128, dense_layers=3, router_bias=True)

DECODERS = {
    "apertus": Decoder(gated=False, query_key_norm="head", layer_extra=2),
    "arcee": Decoder(gated=False),
    "baichuan": Decoder(tied=False),
    "bloom": _GPT._replace(tied=True, embedding_norm=True),
    "chatglm": _QWEN2,
    "cohere": Decoder(norms=1, tied=True),
    "cohere2": Decoder(norms=1, tied=True),
    "dbrx": _LLAMA,
    "deepseek_v2": Decoder(query_rank=1536, nope=128, dense_layers=1),
    "deepseek_v3": _DEEPSEEK,
    "deepseek_v32": _DEEPSEEK._replace(index_heads=64),
    "ernie4_5": _LLAMA,
    "ernie4_5_moe": Decoder(dense_layers=1, router_bias=True),
    "exaone": _LLAMA,
    "exaone4": _QWEN3,
    "falcon": Decoder(norm_weights=2, gated=False, tied=True),
    "gemma": Decoder(tied=True),
    "gemma2": Decoder(norms=4, tied=True),
    "gemma3": _GEMMA3,
    "gemma3_text": _GEMMA3,
    "glm": _QWEN2,
    "glm4": Decoder(norms=4, qkv_bias=True),
    "glm4_moe": Decoder(qkv_bias=True, dense_layers=1, router_bias=True),
    "glm4_moe_lite": Decoder(query_rank=768, nope=192, value=256, dense_layers=1, router_bias=True),
    "glm4v_moe": Decoder(qkv_bias=True, dense_layers=1, router_bias=True),
    "glm_moe_dsa": Decoder(query_rank=2048, nope=192, value=256, dense_layers=3, router_bias=True, index_heads=32),
    "gpt2": _GPT._replace(tied=True, positions=1024),
    "gpt_bigcode": _GPT._replace(tied=True, positions=8192),
    "gpt_neo": _GPT._replace(qkv_bias=False, tied=True, positions=2048),
    "gpt_neox": _GPT._replace(tied=False),
    "gpt_oss": Decoder(qkv_bias=True, out_bias=True, mlp_bias=True, router_bias=True, sinks=True),
    "gptj": Decoder(norm_weights=2, norms=1, mlp_bias=True, gated=False, head_bias=True, tied=False),
    "granite": _LLAMA,
    "granitemoe": _LLAMA,
    "hunyuan_v1_dense": _QWEN3,
    "internlm2": _LLAMA,
    "internlm3": _LLAMA,
    "kimi_k2": _DEEPSEEK._replace(dense_layers=1),
    "llama": _LLAMA,
    "llama4": Decoder(dense_size=16384),
    "minicpm3": Decoder(query_rank=768, nope=64, rope=32, value=64, tied=True),
    "minimax_m2": Decoder(query_key_norm="width", router_bias=True),
    "mistral": _LLAMA,
    "mistral3": _LLAMA,
    "mixtral": _LLAMA,
    "mllama": _LLAMA,
    "mpt": Decoder(gated=False, tied=True),
    "nemotron": Decoder(norm_weights=2, gated=False),
    "olmo": Decoder(norm_weights=0),
    "olmo2": Decoder(query_key_norm="width"),
    "olmo3": Decoder(query_key_norm="width"),
    "olmoe": Decoder(query_key_norm="width"),
    "opt": _GPT._replace(tied=True, positions=2050),
    "phi": _GPT._replace(norms=1, head_bias=True),
    "phi3": _LLAMA,
    "phi3_v": _LLAMA,
    "phi3small": Decoder(norm_weights=2, qkv_bias=True, out_bias=True, mlp_bias=True, tied=True),
    "phimoe": Decoder(norm_weights=2, qkv_bias=True, out_bias=True, head_bias=True),
    "qwen2": _QWEN2,
    "qwen2_5_vl": _QWEN2,
    "qwen2_moe": Decoder(qkv_bias=True, shared_gate=True),
    "qwen2_vl": _QWEN2,
    "qwen3": _QWEN3,
    "qwen3_moe": _QWEN3,
    "qwen3_vl": _QWEN3,
    "qwen3_vl_moe": _QWEN3,
    "seed_oss": _QWEN2,
    "smollm3": _LLAMA,
    "stablelm": Decoder(norm_weights=2),
    "starcoder2": _GPT,
}
"""Families by the `model_type` of their configuration."""


def decoder(dims: Dimensions, family: Decoder) -> int:
    """Weights of a decoder: embeddings, head, and for each layer attention, MLP or experts, and norms.

    Attention: hidden · (query heads + 2 · key-value heads + query heads) · head dimension, GQA as in arXiv:2305.13245;
    MLP: 3 · hidden · intermediate where gated (SwiGLU, arXiv:2002.05202), else 2.

    Raises:
        DimensionUnknownError: a dimension that the formula needs is None.
    """
    hidden, layers, vocabulary = need(dims.hidden_size), need(dims.num_hidden_layers), need(dims.vocab_size)
    width = family.embedding_size or hidden
    attention = _latent(dims, family) if family.nope else _attention(dims, family)
    around = attention + family.norms * family.norm_weights * hidden + family.layer_extra
    expert_layers = (layers - family.dense_layers) // family.moe_every if dims.num_experts else 0
    body = layers * around
    if expert_layers:
        body += expert_layers * _experts(dims, family)
    if layers > expert_layers:
        size = family.dense_size or dims.intermediate_size
        body += (layers - expert_layers) * _mlp(hidden, need(size), family)
    tied = bool(dims.tie_word_embeddings) if family.tied is None else family.tied
    tables = vocabulary * width * (1 if tied or family.headless else 2) + family.positions * hidden
    between = 2 * width * hidden if family.embedding_size else 0
    norms = (family.embedding_norm + family.final_norm) * family.norm_weights * hidden
    return tables + between + norms + body + (vocabulary if family.head_bias else 0)


def unused_for_one_token(dims: Dimensions, family: Decoder) -> int:
    """Weights of the experts that one token does not visit; total less this is what is active."""
    layers, experts = need(dims.num_hidden_layers), need(dims.num_experts)
    expert_layers = (layers - family.dense_layers) // family.moe_every
    size = dims.moe_intermediate_size or need(dims.intermediate_size)
    return expert_layers * (experts - need(dims.experts_per_tok)) * _mlp(need(dims.hidden_size), size, family)


def _attention(dims: Dimensions, family: Decoder) -> int:
    hidden, heads = need(dims.hidden_size), need(dims.num_attention_heads)
    groups = dims.num_key_value_heads or heads
    size = dims.head_dim or hidden // heads
    norms = {"": 0, "head": 2 * size, "width": (heads + groups) * size}
    return (
        hidden * size * (2 * heads + 2 * groups)
        + family.qkv_bias * size * (heads + 2 * groups)
        + family.out_bias * hidden
        + norms[family.query_key_norm] * family.norm_weights
        + family.sinks * heads
    )


def _latent(dims: Dimensions, family: Decoder) -> int:
    """Multi-head latent attention (arXiv:2405.04434): keys and values pass through a rank of `kv_lora_rank`."""
    hidden, heads, rank = need(dims.hidden_size), need(dims.num_attention_heads), need(dims.kv_lora_rank)
    asked, wide = family.nope + family.rope, family.query_rank
    queries = hidden * wide + wide + wide * heads * asked if wide else hidden * heads * asked
    keys = hidden * (rank + family.rope) + rank + rank * heads * (family.nope + family.value)
    indexer = family.index_heads * (wide * 128 + hidden) + (hidden * 128 + 2 * 128 if family.index_heads else 0)
    return queries + keys + heads * family.value * hidden + indexer


def _mlp(hidden: int, size: int, family: Decoder) -> int:
    bias = ((2 if family.gated else 1) * size + hidden) if family.mlp_bias else 0
    return (3 if family.gated else 2) * hidden * size + bias


def _experts(dims: Dimensions, family: Decoder) -> int:
    hidden, experts = need(dims.hidden_size), need(dims.num_experts)
    size = dims.moe_intermediate_size or need(dims.intermediate_size)
    shared = (dims.num_shared_experts or 0) * size + (dims.shared_expert_intermediate_size or 0)
    return (
        experts * _mlp(hidden, size, family)
        + experts * (hidden + family.router_bias)
        + (_mlp(hidden, shared, family) if shared else 0)
        + family.shared_gate * hidden
    )
