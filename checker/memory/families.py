"""How the block of a family is built and run, by `model_type`: what the dimensions alone do not say."""

from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.encoder import ENCODERS
from checker.value import NamedTuple


class Family(NamedTuple):
    """Traits of a block; the defaults are Llama's."""

    gated: bool = True
    """Three matrices in the MLP instead of two."""
    layer_norm: bool = False
    """LayerNorm keeps its input; RMSNorm, as the library writes it, a 32-bit copy of it."""
    norms: int = 2
    """Norms a block, those of queries and keys not counted."""
    query_key_norm: bool = False
    fused_qkv: bool = False
    """One matrix for queries, keys and values."""
    fused_mlp: bool = False
    """One matrix for gate and up."""
    parallel: bool = False
    """Attention and MLP read the same residual."""
    float_norm: bool = False
    """The norm multiplies by its weight in 32 bits (Gemma, OLMo)."""
    soft_cap: bool = False
    """A tanh bounds the logits."""
    eager: bool = False
    """The library has no fused attention for it: the scores exist."""
    dropout: bool = False
    """Hidden states pass a dropout, which keeps one byte a value."""
    tied: bool | None = None
    known: bool = True
    """Whether the family is listed; else its block is taken for Llama's, or for BERT's."""


def family_of(model_type: str | None, *, encoder: bool) -> Family:
    """The traits of a family; those of the norm, the gate and the head follow the formulas that count parameters."""
    name = _FORMER.get(model_type or "", model_type or "")
    extra = _RUN.get(name, {})
    if encoder and name not in DECODERS:
        known = ENCODERS.get(name)
        gated = known.gated if known else False
        return Family(gated=gated, layer_norm=True, dropout=True, tied=True, known=known is not None)._replace(**extra)
    decoder = DECODERS.get(name)
    if decoder is None:
        return Family(known=False)._replace(**extra)
    return Family(
        gated=decoder.gated,
        layer_norm=decoder.norm_weights != 1,
        norms=decoder.norms,
        query_key_norm=bool(decoder.query_key_norm),
        tied=decoder.tied,
    )._replace(**extra)


_FORMER = {"phi-msft": "phi"}
"""Names of the remote code that came before a family's place in the library."""

_FUSED = {"fused_qkv": True}
_GEMMA = {"float_norm": True}
_RUN: dict[str, dict[str, bool]] = {
    "baichuan": _FUSED,
    "bloom": {**_FUSED, "dropout": True},
    "chatglm": {**_FUSED, "fused_mlp": True},
    "cohere": {"parallel": True},
    "cohere2": {"parallel": True},
    "dbrx": _FUSED,
    "falcon": {**_FUSED, "parallel": True},
    "gemma": _GEMMA,
    "gemma2": {**_GEMMA, "soft_cap": True, "eager": True},
    "gemma3": _GEMMA,
    "gemma3_text": _GEMMA,
    "glm": {"fused_mlp": True},
    "glm4": {"fused_mlp": True},
    "gpt2": {**_FUSED, "dropout": True},
    "gpt_bigcode": {**_FUSED, "dropout": True},
    "gpt_neox": {**_FUSED, "parallel": True},
    "gptj": {"parallel": True},
    "internlm2": _FUSED,
    "modernbert": {**_FUSED, "dropout": False, "fused_mlp": True},
    "nomic_bert": {**_FUSED, "dropout": False},
    "olmo2": _GEMMA,
    "olmo3": _GEMMA,
    "phi": {"parallel": True},
    "phi3": {**_FUSED, "fused_mlp": True},
    "qwen": _FUSED,
}
"""What decides how a block runs and does not change the count of its parameters."""
