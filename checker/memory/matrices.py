"""The matrices of a model by what they do, so that a quantiser's rules can be applied to each."""

from enum import StrEnum
from functools import lru_cache

from checker.facts.parameters.decoder import DECODERS, Decoder, decoder
from checker.facts.parameters.need import DimensionUnknownError
from checker.memory import layer_kinds
from checker.memory.families import family_of
from checker.memory.model import Model, is_encoder
from checker.value import NamedTuple


class Role(StrEnum):
    """What a matrix of a block does."""

    QUERY = "query"
    KEY = "key"
    VALUE = "value"
    LATENT = "into the latents of attention"
    FUSED = "query, key and value in one"
    OUT = "attention output"
    WIDE = "gate or up"
    DOWN = "down"
    EXPERT_WIDE = "gate or up of experts"
    EXPERT_DOWN = "down of experts"
    ROUTER = "router"


class Matrix(NamedTuple):
    """One kind of matrix; `inputs` is the length of the rows that quantisers cut into blocks."""

    role: Role
    inputs: int
    outputs: int
    each: int = 1
    """How many a layer has."""
    first: int = 0
    """The first layer that has it."""
    layers: int = 0
    """How many layers have it."""

    @property
    def weights(self) -> int:
        """Weights of all of them."""
        return self.inputs * self.outputs * self.each * self.layers


class Inventory(NamedTuple):
    """All weights of a model."""

    matrices: tuple[Matrix, ...]
    embedding: int
    """The token table."""
    head: int
    """The head over the vocabulary; 0 where it is the token table, or where there is none."""
    width: int
    """Length of a row of these two."""
    rest: int
    """Norms, biases, routers, a vision part."""
    layers: int
    experts: int
    groups: int
    """Query heads for each key-value head."""

    @property
    def quantised(self) -> int:
        """Weights of the matrices that quantisers touch."""
        return sum(matrix.weights for matrix in self.matrices if matrix.role is not Role.ROUTER)

    @property
    def expert_weights(self) -> int:
        """Weights of the routed experts."""
        return sum(m.weights for m in self.matrices if m.role in (Role.EXPERT_WIDE, Role.EXPERT_DOWN))


_UNEVEN = 0.03
"""Norms and biases are at most this part of a text model; more says that blocks are not what is counted here."""


@lru_cache(maxsize=256)
def inventory_of(model: Model) -> Inventory | None:
    """The matrices of a model of attention and MLP or experts; None where its blocks are not known to be such."""
    dims, total = model.dimensions, model.parameters
    layers, hidden = dims.num_hidden_layers, dims.hidden_size
    if not total or not layers or not hidden or not dims.vocab_size or not dims.num_attention_heads:
        return None
    if layer_kinds.is_mixed(model):
        return None
    family = DECODERS.get(model.model_type or "", Decoder())
    total = min(total, _counted(model, family))
    attention = _latent(model, family) if dims.kv_lora_rank else _attention(model)
    mlp = _mlp(model, family)
    if attention is None or mlp is None:
        return None
    matrices = tuple(each if each.layers else each._replace(layers=layers) for each in (*attention, *mlp))
    table = dims.vocab_size * (family.embedding_size or hidden)
    rest = total - sum(each.weights for each in matrices) - table
    head = _head(model, family, rest, table)
    rest -= head
    if rest < -0.02 * total or (rest > _UNEVEN * total and not _explained(model, rest)):
        return None
    return Inventory(
        matrices=matrices,
        embedding=table,
        head=head,
        width=family.embedding_size or hidden,
        rest=max(0, rest),
        layers=layers,
        experts=dims.num_experts or 0,
        groups=dims.num_attention_heads // (dims.num_key_value_heads or dims.num_attention_heads),
    )


def _counted(model: Model, family: Decoder) -> int:
    """The total as the family's structure has it: a file's own count may hold scales, or a head twice."""
    stated = model.parameters or 0
    if model.multimodal or model.model_type not in DECODERS:
        return stated
    try:
        counted = decoder(model.dimensions, family)
    except DimensionUnknownError:
        return stated
    return counted if counted > 0.9 * stated else stated


def _explained(model: Model, rest: int) -> bool:
    """Whether something else than blocks makes the rest: a vision part, or tables of positions."""
    positions = (model.dimensions.max_position_embeddings or 0) * (model.dimensions.hidden_size or 0)
    return model.multimodal or is_encoder(model) or rest < 1.1 * positions


def _head(model: Model, family: Decoder, rest: int, table: int) -> int:
    """The head: as stated, as the family has it, or as the total says, which differs by a whole table."""
    if is_encoder(model):
        return 0
    tied = model.dimensions.tie_word_embeddings if family.tied is None else family.tied
    if tied is None:
        tied = rest < 0.5 * table
    return 0 if tied else table


def _attention(model: Model) -> tuple[Matrix, ...] | None:
    dims = model.dimensions
    hidden, heads = dims.hidden_size or 0, dims.num_attention_heads or 0
    groups = dims.num_key_value_heads or (heads if is_encoder(model) else 0)
    size = dims.head_dim or (hidden // heads if is_encoder(model) else 0)
    if not groups or not size:
        return None
    out = Matrix(Role.OUT, heads * size, hidden)
    if family_of(model.model_type, encoder=is_encoder(model)).fused_qkv:
        return (Matrix(Role.FUSED, hidden, (heads + 2 * groups) * size), out)
    key = Matrix(Role.KEY, hidden, groups * size)
    return (Matrix(Role.QUERY, hidden, heads * size), key, key._replace(role=Role.VALUE), out)


def _latent(model: Model, family: Decoder) -> tuple[Matrix, ...] | None:
    """Latent attention (arXiv:2405.04434); quantisers treat its narrow matrices as they do queries."""
    dims, traits = model.dimensions, model.traits
    nope, rope = traits.nope_head_dim or family.nope, traits.rope_head_dim or family.rope
    if not nope:
        return None
    value, rank = traits.value_head_dim or family.value, dims.kv_lora_rank or 0
    hidden, heads = dims.hidden_size or 0, dims.num_attention_heads or 0
    wide = traits.query_rank or family.query_rank
    queries = (
        (Matrix(Role.LATENT, hidden, wide), Matrix(Role.QUERY, wide, heads * (nope + rope)))
        if wide
        else (Matrix(Role.QUERY, hidden, heads * (nope + rope)),)
    )
    keys = (Matrix(Role.LATENT, hidden, rank + rope), Matrix(Role.QUERY, rank, heads * (nope + value)))
    return (*queries, *keys, Matrix(Role.OUT, heads * value, hidden))


def _mlp(model: Model, family: Decoder) -> tuple[Matrix, ...] | None:
    dims, traits = model.dimensions, model.traits
    layers, hidden = dims.num_hidden_layers or 0, dims.hidden_size or 0
    gated = family_of(model.model_type, encoder=is_encoder(model)).gated
    wide = 2 if gated else 1
    if not dims.num_experts:
        size = dims.intermediate_size
        return (Matrix(Role.WIDE, hidden, size, wide), Matrix(Role.DOWN, size, hidden)) if size else None
    size = dims.moe_intermediate_size or dims.intermediate_size
    if not size:
        return None
    dense = traits.dense_layers if traits.dense_layers is not None else family.dense_layers
    mixed = (layers - dense) // (traits.moe_every or family.moe_every)
    at = {"first": dense, "layers": mixed}
    found = [
        Matrix(Role.EXPERT_WIDE, hidden, size, wide * dims.num_experts, **at),
        Matrix(Role.EXPERT_DOWN, size, hidden, dims.num_experts, **at),
        Matrix(Role.ROUTER, hidden, dims.num_experts, **at),
    ]
    shared = (dims.num_shared_experts or 0) * size + (dims.shared_expert_intermediate_size or 0)
    if shared:
        found += [Matrix(Role.WIDE, hidden, shared, wide, **at), Matrix(Role.DOWN, shared, hidden, **at)]
    if layers > mixed:
        plain = traits.dense_intermediate_size or family.dense_size or dims.intermediate_size
        if not plain:
            return None
        rest = {"first": 0, "layers": layers - mixed}
        found += [Matrix(Role.WIDE, hidden, plain, wide, **rest), Matrix(Role.DOWN, plain, hidden, **rest)]
    return tuple(found)
