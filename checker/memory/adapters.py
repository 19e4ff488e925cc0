"""Weights of low-rank adapters, by rank and target modules (LoRA, arXiv:2106.09685)."""

from checker.document.nearest import nearest
from checker.memory.estimate import NotEstimable
from checker.memory.model import Linear, Shape
from checker.value import NamedTuple


class Adapters(NamedTuple):
    """Which matrices of every block have an adapter, and what is trained besides."""

    names: frozenset[str]
    """Our names of the matrices: q, k, v, qkv, o, gate, up, gate_up, down."""
    head: bool = False
    """An adapter on the head."""
    all: bool = False
    """Every matrix that is no head: those between the embeddings and the blocks too."""
    tables: bool = False
    """Embeddings and head are trained whole, as copies beside the frozen ones (`modules_to_save`)."""


NO_ADAPTERS = Adapters(frozenset())

_LATENT = ("q_a", "q_b", "kv_a", "kv_b")
_PRESETS = {
    "all-linear": Adapters(frozenset({"q", "k", "v", "qkv", "o", "gate", "up", "gate_up", "down", *_LATENT}), all=True),
    "attention-qv": Adapters(frozenset({"q", "v", "qkv"})),
}
_PRESETS["all-linear+head"] = _PRESETS["all-linear"]._replace(head=True)
_PRESETS["all-linear+embeddings+head"] = _PRESETS["all-linear"]._replace(tables=True)

_MODULES = {
    "q": "q_proj query q_lin q wq",
    "k": "k_proj key k_lin k wk",
    "v": "v_proj value v_lin v wv",
    "qkv": "qkv_proj query_key_value c_attn W_pack Wqkv wqkv qkv",
    "q_a": "q_a_proj",
    "q_b": "q_b_proj",
    "kv_a": "kv_a_proj_with_mqa",
    "kv_b": "kv_b_proj",
    "o": "o_proj out_proj out_lin dense attn_out wo o",
    "gate": "gate_proj w1 gate",
    "up": "up_proj fc1 c_fc dense_h_to_4h lin1 w3 Wi wi up intermediate",
    "gate_up": "gate_up_proj",
    "down": "down_proj fc2 c_proj dense_4h_to_h lin2 w2 Wo wo_mlp down output",
}
_BY_MODULE = {module: name for name, modules in _MODULES.items() for module in modules.split()}


def adapters_of(targets: tuple[str, ...]) -> Adapters | NotEstimable:
    """The matrices that a preset, or a list of module names, stands for."""
    if len(targets) == 1 and targets[0] in _PRESETS:
        return _PRESETS[targets[0]]
    modules = [target.rpartition(".")[2] for target in targets]
    strange = [module for module in modules if module not in _BY_MODULE and module != "lm_head"]
    if strange:
        near = nearest(strange[0], [*_PRESETS, *_BY_MODULE])
        hint = f"; did you mean `{near}`?" if near else ""
        return NotEstimable(f"the sizes of the target module `{strange[0]}` are not known{hint}")
    names = frozenset(_BY_MODULE[module] for module in modules if module != "lm_head")
    return Adapters(names, head="lm_head" in modules)


def table_weights(shape: Shape, adapters: Adapters) -> int:
    """Weights of the trained copies of embeddings and head."""
    return shape.embedding * (1 if shape.tied else 2) if adapters.tables else 0


_WHOLE = {"qkv": frozenset(("q", "k", "v")), "gate_up": frozenset(("gate", "up"))}


def matched(adapters: Adapters, linears: tuple[Linear, ...], *, latent: bool = False) -> Adapters | NotEstimable:
    """The adapters on the matrices that a block has: parts of a fused matrix stand for it, and it for its parts.

    Args:
        adapters: what was asked for.
        linears: the matrices of a block.
        latent: whether its attention is latent (MLA), with matrices of its own.
    """
    there = {linear.name for linear in linears} | (set(_LATENT) if latent else set())
    names = adapters.names & there
    for whole, parts in _WHOLE.items():
        if whole in there and adapters.names & parts:
            names |= {whole}
        if whole in adapters.names and not adapters.names & parts:
            names |= parts & there
    if not names and not adapters.head and not adapters.tables:
        named = ", ".join(sorted(there))
        return NotEstimable(f"none of the target modules is a matrix of this family, which has {named}")
    return adapters._replace(names=frozenset(names))
