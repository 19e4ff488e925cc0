"""Which blocks a decoder is made of, in order: dense or with experts, with plain or latent attention."""

from itertools import groupby

from checker.facts.parameters.decoder import DECODERS, Decoder
from checker.memory.count.blocks import DecoderBlock, Mlp, Sizes
from checker.memory.count.experts import Experts, Routing
from checker.memory.count.latent import LatentAttention, Ranks
from checker.memory.count.parts import Formats
from checker.memory.count.program import Blocks
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model, unknown
from checker.value import NamedTuple


def decoder_runs(model: Model, formats: Formats, sizes: Sizes) -> tuple[Blocks, ...] | NotEstimable:
    """Equal blocks in a row, from the first layer to the last."""
    dims, known = model.dimensions, DECODERS.get(model.model_type or "", Decoder())
    routing: Routing | None = None
    if dims.num_experts:
        found = routing_of(model, known)
        if isinstance(found, NotEstimable):
            return found
        routing = found
    ranks = ranks_of(model, known) if dims.kv_lora_rank else None
    if isinstance(ranks, NotEstimable):
        return ranks
    kinds = _kinds(model, known, routing is not None)
    dense = model.traits.dense_intermediate_size or known.dense_size or sizes.ffn
    return tuple(
        Blocks(_Make(formats, sizes, routing if mixed else None, ranks, dense), len(list(run)))
        for mixed, run in groupby(kinds)
    )


class _Make(NamedTuple):
    """Makes a block; those that make equal blocks are equal."""

    formats: Formats
    sizes: Sizes
    routing: Routing | None
    ranks: Ranks | None
    dense: int

    def __call__(self) -> DecoderBlock:
        formats, sizes, routing, ranks, dense = self
        mlp = Experts(formats, sizes, routing) if routing is not None else Mlp(formats, sizes, dense)
        attention = LatentAttention(formats, sizes, ranks) if ranks is not None else None
        return DecoderBlock(formats, sizes, mlp, attention)


def _kinds(model: Model, known: Decoder, mixed: bool) -> list[bool]:
    """Whether each layer has experts."""
    layers = model.dimensions.num_hidden_layers or 0
    if not mixed:
        return [False] * layers
    leading = model.traits.dense_layers
    leading = known.dense_layers if leading is None else leading
    every = model.traits.moe_every or known.moe_every
    return [index >= leading and (index + 1) % every == 0 for index in range(layers)]


def routing_of(model: Model, known: Decoder) -> Routing | NotEstimable:
    """How tokens find their experts, or which size is unknown."""
    dims = model.dimensions
    width = dims.moe_intermediate_size or dims.intermediate_size
    if not dims.experts_per_tok or not width or not dims.num_experts:
        missing = "experts_per_tok" if not dims.experts_per_tok else "moe_intermediate_size"
        return unknown((f"dimensions.{missing}",))
    shared = dims.shared_expert_intermediate_size or (dims.num_shared_experts or 0) * width
    return Routing(dims.num_experts, dims.experts_per_tok, width, shared, known.shared_gate and shared > 0)


def ranks_of(model: Model, known: Decoder) -> Ranks | NotEstimable:
    """Sizes of latent attention: from the configuration, else as the family is published."""
    traits, rank = model.traits, model.dimensions.kv_lora_rank or 0
    plain = traits.nope_head_dim or known.nope
    if not plain:
        return NotEstimable("the head dimensions of its latent attention are not among the facts")
    stated = traits.nope_head_dim is not None
    query = (traits.query_rank or 0) if stated else known.query_rank
    return Ranks(query, rank, plain, traits.rope_head_dim or known.rope, traits.value_head_dim or known.value)
