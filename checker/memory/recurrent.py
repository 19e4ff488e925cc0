"""The state that recurrent layers keep for one sequence, whatever its length: a product of the dimensions."""

from checker.memory.estimate import NotEstimable
from checker.memory.layer_kinds import Kinds
from checker.memory.model import Model
from checker.value import NamedTuple


class State(NamedTuple):
    """Numbers that one recurrent layer keeps for one sequence."""

    convolution: int
    """The last inputs of a short convolution."""
    matrix: int
    """What the recurrence carries, in 32 bits."""
    formula: str


_DELTA = frozenset(
    {"qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text", "olmo_hybrid", "kimi_linear"}
)
_MAMBA = frozenset({"mamba", "falcon_mamba", "jamba"})
_MAMBA2 = frozenset({"mamba2", "bamba", "falcon_h1", "granitemoehybrid", "nemotron_h", "zamba2"})


def state_of(model: Model, kinds: Kinds) -> State | NotEstimable:
    """The state of one layer, by its kind of recurrence."""
    family = model.model_type or ""
    hidden = model.dimensions.hidden_size or 0
    if kinds.convolution:
        kept = (model.traits.conv_kernel or 3) * hidden
        return State(kept, 0, f"{model.traits.conv_kernel or 3} inputs · {hidden}")
    if family in _DELTA or model.traits.linear_value_dim:
        return _delta(model)
    if family in _MAMBA:
        return _mamba(model)
    if family in _MAMBA2 or model.traits.state_heads:
        return _mamba2(model)
    if family == "rwkv":
        return State(0, 5 * hidden, f"5 · {hidden}")
    if family == "recurrent_gemma":
        return State(3 * hidden, hidden, f"{hidden}, and 3 inputs of it")
    if family == "minimax":
        heads, size = model.dimensions.num_attention_heads or 0, model.dimensions.head_dim or 0
        return State(0, heads * size * size, f"{heads} heads · {size}²")
    return NotEstimable(f"the state of the recurrent layers of `{family}` is not modelled")


def _delta(model: Model) -> State | NotEstimable:
    """Gated DeltaNet (arXiv:2412.06464): value heads · key dimension · value dimension, and 3 inputs of q, k and v.

    Where no configuration states the heads: 16 key heads of 128 and value heads as wide as the queries of the attending
    layers, which holds for all published models of Qwen3-Next and Qwen3.5.
    """
    traits, dims = model.traits, model.dimensions
    key_dim, value_dim = traits.linear_key_dim or 128, traits.linear_value_dim or 128
    key_heads, value_heads = traits.linear_key_heads, traits.linear_value_heads
    if key_heads is None or value_heads is None:
        if not (model.model_type or "").startswith("qwen3") or not dims.num_attention_heads or not dims.head_dim:
            return NotEstimable("the heads of its linear attention are not among the facts; a config.json has them")
        key_heads, value_heads = key_heads or 16, dims.num_attention_heads * dims.head_dim // value_dim
    kept = ((traits.conv_kernel or 4) - 1) * (2 * key_heads * key_dim + value_heads * value_dim)
    words = f"{value_heads} heads · {key_dim} · {value_dim}, and {kept} inputs"
    return State(kept, value_heads * key_dim * value_dim, words)


def _mamba(model: Model) -> State | NotEstimable:
    """Mamba (arXiv:2312.00752): inner width · state size, and kernel - 1 inputs."""
    traits, hidden = model.traits, model.dimensions.hidden_size or 0
    inner, size = int((traits.state_expand or 2) * hidden), traits.state_size or 16
    kept = ((traits.conv_kernel or 4) - 1) * inner
    return State(kept, inner * size, f"{inner} · {size}, and {kept} inputs")


def _mamba2(model: Model) -> State | NotEstimable:
    """Mamba 2 (arXiv:2405.21060): inner width · state size, and kernel - 1 inputs with those of the groups."""
    traits, hidden = model.traits, model.dimensions.hidden_size or 0
    if not traits.state_size:
        return NotEstimable("the size of its state is not among the facts; a config.json has it")
    made = (traits.state_heads or 0) * (traits.state_head_dim or 0)
    inner = traits.state_inner or made or int((traits.state_expand or 2) * hidden)
    size, groups = traits.state_size, traits.state_groups or 1
    kept = ((traits.conv_kernel or 4) - 1) * (inner + 2 * groups * size)
    return State(kept, inner * size, f"{inner} · {size}, and {kept} inputs")
