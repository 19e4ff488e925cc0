"""Encoder-decoders in transformers: an encoder over the prompt, a cache of its output, and one of the answer."""

from checker.memory.estimate import NotEstimable, Term
from checker.memory.kv_cache import ELEMENT_BYTES
from checker.memory.model import Model, missing_of, unknown
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.runtime.case import Phase
from checker.memory.runtime.transformers import SCORE_BYTES, WORKSPACES

_EAGER = frozenset({"t5", "mt5", "umt5", "longt5", "switch_transformers"})
"""Families that write scores out, for their positions are added to them."""


def phases(model: Model, plan: ServingPlan) -> tuple[Phase, ...] | NotEstimable:
    """The encoder's pass over the prompts, and decoding with both caches full."""
    if plan.runtime is not Runtime.TRANSFORMERS:
        return NotEstimable(f"serving of encoder-decoders is modelled for transformers, not for {plan.runtime}")
    if plan.quantization not in ("none", "F16", "BF16", "F32"):
        return NotEstimable(f"which matrices of an encoder-decoder {plan.quantization} covers is not known here")
    if missing := missing_of(model, ("hidden_size", "intermediate_size", "num_attention_heads", "num_hidden_layers")):
        return unknown(missing)
    prompt = plan.prompt_tokens or plan.context_window
    answer = plan.context_window if plan.prompt_tokens is None else plan.context_window - plan.prompt_tokens
    dims, each = model.dimensions, 4 if model.torch_dtype == "float32" or plan.quantization == "F32" else 2
    heads, hidden = dims.num_attention_heads or 0, dims.hidden_size or 0
    layers = model.traits.decoder_layers or dims.num_hidden_layers or 0
    width = (model.traits.decoder_heads or heads) * (dims.head_dim or hidden // heads)
    token = 2 * layers * width * ELEMENT_BYTES.get(plan.kv_cache, 2.0)
    requests = plan.parallel_requests
    words = f"{model.parameters} weights: {8 * each} bits a weight"
    fixed = (
        Term("weights", (model.parameters or 0) * each, words),
        Term("workspaces", WORKSPACES, "of matrix products and sampling, fixed"),
    )
    own = f"{layers} layers · {width} · 2 · {ELEMENT_BYTES.get(plan.kv_cache, 2.0):g} bytes"
    cross = Term("cross cache", int(token * prompt * requests), f"{prompt} tokens of the prompt · {own}")
    answers = Term("KV cache", int(token * answer * requests), f"{answer} tokens of the answer · {own}")
    asked = prompt * requests
    wide = dims.intermediate_size or 0
    values = asked * (3 * wide + 4 * hidden) * each
    if model.model_type in _EAGER:
        scores = heads * prompt * asked * SCORE_BYTES + asked * 6 * hidden * each
        values = max(values, scores)
    pass_ = Term("activations", values, f"{asked} tokens of the prompt, the widest moment of a block")
    return (Phase("encoding the prompt", (*fixed, pass_)), Phase("decode", (*fixed, cross, answers)))
