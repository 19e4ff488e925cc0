"""How the block of a family is built and run, by `model_type`: what the dimensions alone do not say."""

from typing import Any

from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.encoder import ENCODERS
from checker.value import NamedTuple


class Family(NamedTuple):
    """Traits of a block; the defaults are Llama's."""

    gated: bool = True
    """Three matrices in the MLP instead of two."""
    activation: str = "silu"
    layer_norm: bool = False
    """LayerNorm keeps its input; RMSNorm, as the library writes it, a 32-bit copy of it."""
    norm_bias: bool = True
    norm_weights: bool = True
    centred_norm: bool = False
    """LayerNorm written out operation by operation (Cohere)."""
    wide_norm: bool = False
    """LayerNorm computes in 32 bits and casts back (OLMo)."""
    norms: int = 2
    """Norms a block, those of queries and keys not counted."""
    post_norm: bool = False
    """The norms stand after attention and MLP (OLMo 2)."""
    query_key_norm: bool = False
    qkv_bias: bool = False
    out_bias: bool = False
    mlp_bias: bool = False
    fused_qkv: bool = False
    """One matrix for queries, keys and values."""
    copied_parts: bool = False
    """Queries, keys and values are copied out of their one matrix's result instead of viewed (Falcon)."""
    fused_mlp: bool = False
    """One matrix for gate and up."""
    parallel: bool = False
    """Attention and MLP read the same residual."""
    rotary: bool = True
    biased_scores: bool = False
    """Positions are biases of the scores, in a mask of their own for each head (Falcon with ALiBi)."""
    rotary_share: float = 1.0
    """The share of a head's features that positions turn."""
    float_norm: bool = False
    """The norm multiplies by its weight in 32 bits (Gemma, OLMo)."""
    soft_cap: bool = False
    """A tanh bounds the logits."""
    score_cap: bool = False
    """A tanh bounds the scores of attention."""
    eager: bool = False
    """The library has no fused attention for it: the scores exist."""
    hidden_dropout: float = 0.0
    dropout_after_attention: bool = True
    narrow_softmax: bool = False
    """Eager attention computes its softmax in the format of the scores, or in what autocast makes of it (BERT)."""
    attention_dropout: float = 0.0
    activation_dropout: float = 0.0
    embedding_dropout: float = 0.0
    embedding_norm: bool = False
    embedding_scale: bool = False
    """The embeddings are multiplied by a number (Gemma)."""
    causal_buffers: str = ""
    """Masks held as buffers, one byte for each pair of positions: one in each `layer`, or one in the `model`."""
    positions: bool = False
    """Learned positions are added to the embeddings."""
    embedding_size: int = 0
    """Width of the tables where a matrix widens them to the hidden size; 0: the same."""
    embedding_bias: bool = True
    embedding_back: bool = False
    """Whether another matrix narrows the hidden states before the head (OPT-350m)."""
    post_sum_norm: bool = False
    """The norms stand after each residual sum (BERT, BART)."""
    final_norm: bool = True
    final_dropout: float = 0.0
    plain_down: bool = False
    """The matrix that narrows is never quantised (T5 keeps it wide)."""
    position_buckets: int = 0
    """Relative positions: values a head in each stack (T5)."""
    logits_bias: bool = False
    """One value an entry is added to the logits, in a new tensor (BART)."""
    tied: bool | None = None
    head_bias: bool = False
    pooler: bool = False
    """A dense layer over the first token, part of the model itself (BERT)."""
    head_dense: bool = False
    """A dense layer in the classifier's head, which is trained with it (RoBERTa)."""
    known: bool = True
    """Whether the family is listed; else its block is taken for Llama's, or for BERT's."""


def family_of(model_type: str | None, *, encoder: bool) -> Family:
    """The traits of a family; those of the norm, the gate and the head follow the formulas that count parameters."""
    name = _FORMER.get(model_type or "", model_type or "")
    extra = _RUN.get(name, {})
    if name in SEQUENCE_TO_SEQUENCE:
        return SEQUENCE_TO_SEQUENCE[name]
    if encoder and name not in DECODERS:
        known = ENCODERS.get(name)
        gated = known.gated if known else False
        pooler = known is not None and known.pooler and name not in _HEAD_DENSE
        made = _BERT._replace(gated=gated, known=known is not None, pooler=pooler, head_dense=name in _HEAD_DENSE)
        return made._replace(**extra)
    decoder = DECODERS.get(name)
    if decoder is None:
        return Family(known=False)._replace(**extra)
    return Family(
        gated=decoder.gated,
        layer_norm=decoder.norm_weights != 1,
        norm_weights=decoder.norm_weights > 0,
        norms=decoder.norms,
        query_key_norm=bool(decoder.query_key_norm),
        qkv_bias=decoder.qkv_bias,
        out_bias=decoder.out_bias,
        mlp_bias=decoder.mlp_bias,
        positions=decoder.positions > 0,
        embedding_norm=decoder.embedding_norm,
        final_norm=decoder.final_norm,
        head_bias=decoder.head_bias,
        tied=decoder.tied,
    )._replace(**extra)


_BERT = Family(
    gated=False,
    activation="gelu",
    layer_norm=True,
    qkv_bias=True,
    out_bias=True,
    mlp_bias=True,
    rotary=False,
    narrow_softmax=True,
    hidden_dropout=0.1,
    attention_dropout=0.1,
    embedding_dropout=0.1,
    embedding_norm=True,
    positions=True,
    final_norm=False,
    tied=True,
)

_BART = _BERT._replace(post_sum_norm=True, logits_bias=True, attention_dropout=0.0, narrow_softmax=True)
_T5 = Family(
    gated=False,
    activation="relu",
    rotary=False,
    hidden_dropout=0.1,
    attention_dropout=0.1,
    activation_dropout=0.1,
    embedding_dropout=0.1,
    final_dropout=0.1,
    plain_down=True,
    position_buckets=32,
)
SEQUENCE_TO_SEQUENCE = {
    "bart": _BART,
    "mbart": _BART._replace(post_sum_norm=False, final_norm=True),
    "mt5": _T5._replace(gated=True, activation="gelu_new", tied=False),
    "pegasus": _BART._replace(post_sum_norm=False, final_norm=True, embedding_norm=False, positions=False),
    "t5": _T5._replace(tied=True),
}
"""Encoder-decoders by their `model_type`."""

_HEAD_DENSE = frozenset(("camembert", "distilbert", "electra", "modernbert", "mpnet", "roberta", "xlm-roberta"))
"""Families whose classifier has a dense layer of its own instead of the pooler."""

_FORMER = {"phi-msft": "phi"}
"""Names of the remote code that came before a family's place in the library."""

_FUSED = {"fused_qkv": True}
_GEMMA = {"float_norm": True, "activation": "gelu_pytorch_tanh", "embedding_scale": True}
_COHERE = {"parallel": True, "centred_norm": True}
_RUN: dict[str, dict[str, Any]] = {
    "apertus": {"activation": "xielu"},
    "arcee": {"activation": "relu2"},
    "baichuan": _FUSED,
    "bloom": {**_FUSED, "rotary": False, "activation": "bloom_gelu"},
    "chatglm": {**_FUSED, "fused_mlp": True, "rotary_share": 0.5},
    "cohere": _COHERE,
    "cohere2": _COHERE,
    "dbrx": _FUSED,
    "distilbert": {"pooler": False, "dropout_after_attention": False},
    "falcon": {**_FUSED, "copied_parts": True, "parallel": True, "activation": "gelu"},
    "gemma": _GEMMA,
    "gemma2": {**_GEMMA, "soft_cap": True, "score_cap": True, "eager": True},
    "gemma3": _GEMMA,
    "gemma3_text": _GEMMA,
    "glm": {"fused_mlp": True, "rotary_share": 0.5},
    "glm4": {"fused_mlp": True, "rotary_share": 0.5},
    "gpt2": {**_FUSED, "rotary": False, "activation": "gelu_new", "hidden_dropout": 0.1, "embedding_dropout": 0.1},
    "gpt_bigcode": {
        **_FUSED,
        "rotary": False,
        "causal_buffers": "model",
        "activation": "gelu_pytorch_tanh",
        "hidden_dropout": 0.1,
        "embedding_dropout": 0.1,
    },
    "gpt_neo": {
        "rotary": False,
        "activation": "gelu_new",
        "eager": True,
        "causal_buffers": "layer",
        "embedding_dropout": 0.0,
    },
    "gpt_neox": {**_FUSED, "parallel": True, "rotary_share": 0.25, "activation": "gelu"},
    "gptj": {"parallel": True, "rotary_share": 0.25, "activation": "gelu_new"},
    "internlm2": _FUSED,
    "modernbert": {
        **_FUSED,
        "fused_mlp": True,
        "rotary": True,
        "hidden_dropout": 0.0,
        "attention_dropout": 0.0,
        "embedding_dropout": 0.0,
        "norm_bias": False,
        "qkv_bias": False,
        "out_bias": False,
        "mlp_bias": False,
        "positions": False,
    },
    "mpnet": {"eager": True},
    "mpt": {**_FUSED, "layer_norm": True, "norm_bias": False, "rotary": False, "activation": "gelu"},
    "nemotron": {"activation": "relu2", "rotary_share": 0.5},
    "nomic_bert": {
        **_FUSED,
        "rotary": True,
        "hidden_dropout": 0.0,
        "activation": "silu",
        "qkv_bias": False,
        "out_bias": False,
        "mlp_bias": False,
        "positions": False,
    },
    "olmo": {"wide_norm": True},
    "olmo2": {"float_norm": True, "post_norm": True},
    "olmo3": {"float_norm": True, "post_norm": True},
    "opt": {
        "embedding_bias": False,
        "embedding_back": True,
        "rotary": False,
        "activation": "relu",
        "hidden_dropout": 0.1,
    },
    "phi": {"parallel": True, "activation": "gelu_new", "rotary_share": 0.5},
    "phi3": {**_FUSED, "fused_mlp": True},
    "qwen": _FUSED,
    "stablelm": {"rotary_share": 0.25},
    "starcoder2": {"activation": "gelu_pytorch_tanh"},
}
"""What decides how a block runs and does not change the count of its parameters."""
