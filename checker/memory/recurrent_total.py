"""The parameters of models with recurrent layers, from what their configuration states beyond the dimensions."""

from checker.facts.model import Dimensions
from checker.facts.parameters.need import DimensionUnknownError
from checker.facts.parameters.recurrent import RECURRENT
from checker.memory.estimate import NotEstimable
from checker.memory.layer_kinds import Kinds, kinds_of
from checker.memory.model import Model

_MAMBA2 = frozenset({"bamba", "mamba2"})


def recurrent_parameters(model: Model) -> int | NotEstimable:
    """All weights of a recurrent or hybrid model, or why they cannot be counted."""
    family = (model.model_type or "").removesuffix("_text")
    kinds = kinds_of(model)
    if isinstance(kinds, NotEstimable):
        return kinds
    if family in _MAMBA2:
        return _mamba2(model, kinds)
    if family not in RECURRENT:
        return NotEstimable(f"no formula counts the parameters of `{model.model_type}`")
    dims = _as_counted(model, family)
    asked = _asked(family, model, kinds)
    missing = [name for name, value in asked.items() if value is None]
    if missing:
        return NotEstimable(f"the configuration does not state {', '.join(missing)}")
    try:
        return RECURRENT[family](dims, **asked) + (model.traits.vision_parameters or 0)
    except DimensionUnknownError as lacking:
        return NotEstimable(f"no source states dimensions: {lacking}")


def _as_counted(model: Model, family: str) -> Dimensions:
    """The dimensions under the names that the formulas use, where a family has others."""
    dims = model.dimensions
    if not dims.intermediate_size and dims.hidden_size and family in ("mamba", "falcon_mamba"):
        return dims._replace(intermediate_size=int((model.traits.state_expand or 2) * dims.hidden_size))
    if dims.num_experts and not dims.moe_intermediate_size:
        return dims._replace(moe_intermediate_size=dims.intermediate_size)
    if family == "granitemoehybrid" and not dims.num_experts:
        # Without experts the shared one is all there is.
        return dims._replace(intermediate_size=dims.shared_expert_intermediate_size or dims.intermediate_size)
    return dims


def _asked(family: str, model: Model, kinds: Kinds) -> dict[str, int | None]:
    """What the formula of a family wants to know beyond the dimensions."""
    traits = model.traits
    heads = traits.state_heads if kinds.recurrent else 1
    if family.startswith("qwen3"):
        return {"value_heads": traits.linear_value_heads}
    if family == "lfm2":
        return {"attention_layers": kinds.attending}
    if family == "granitemoehybrid":
        return {"attention_layers": kinds.attending, "heads": heads}
    inner = traits.state_inner or (heads or 0) * (traits.state_head_dim or 0) or None
    if family == "nemotron_h":
        plain = (model.dimensions.num_hidden_layers or 0) - kinds.attending - kinds.recurrent
        return {"attention_layers": kinds.attending, "mlp_layers": plain, "heads": heads, "inner": inner}
    if family == "falcon_h1":
        size, groups = traits.state_size, traits.state_groups or 1
        return {"inner": inner, "state": size, "groups": groups, "heads": heads, "normed": 0}
    return {}


def _mamba2(model: Model, kinds: Kinds) -> int | NotEstimable:
    """Mamba 2 layers (arXiv:2405.21060) of Mamba-2 itself and of Bamba, whose layers have an MLP each."""
    dims, traits = model.dimensions, model.traits
    hidden, layers, heads = dims.hidden_size, dims.num_hidden_layers, traits.state_heads or dims.num_attention_heads
    if not hidden or not layers or not heads or not traits.state_size or not dims.vocab_size:
        return NotEstimable("the configuration does not state the sizes of its recurrent layers")
    inner = int((traits.state_expand or 2) * hidden)
    wide = inner + 2 * (traits.state_groups or 1) * traits.state_size
    kernel = traits.conv_kernel or 4
    each = hidden * (inner + wide + heads) + (kernel + 1) * wide + 3 * heads + inner + inner * hidden
    body = kinds.recurrent * each + layers * hidden
    if kinds.attending:
        groups, size = dims.num_key_value_heads or 0, dims.head_dim or 0
        body += kinds.attending * hidden * size * 2 * ((dims.num_attention_heads or 0) + groups)
    if model.model_type == "bamba":
        body += layers * (3 * hidden * (dims.intermediate_size or 0) + hidden)
    return dims.vocab_size * hidden * (1 if dims.tie_word_embeddings else 2) + body + hidden
