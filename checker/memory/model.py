"""What the arithmetic asks of a model: the facts as plain values, and the sizes of its blocks."""

from checker.facts.fact import Unknown
from checker.facts.model import ArchitectureClass, Dimensions, Facts
from checker.facts.parameters.decoder import DECODERS, Decoder, decoder
from checker.facts.parameters.encoder import ENCODERS, Encoder, encoder, t5
from checker.facts.parameters.need import DimensionUnknownError
from checker.memory.estimate import NotEstimable
from checker.memory.families import SEQUENCE_TO_SEQUENCE, Family, family_of
from checker.memory.traits import Traits
from checker.value import NamedTuple


class Model(NamedTuple):
    """A model as plain values; None where no source says."""

    parameters: int | None
    dimensions: Dimensions
    architecture: ArchitectureClass | None = None
    model_type: str | None = None
    torch_dtype: str | None = None
    multimodal: bool = False
    state_space: bool = False
    """Whether some layers are recurrent instead of attention."""
    traits: Traits = Traits()
    """What a configuration says beyond the dimensions, as a lock or a folder has it; the catalogue says nothing."""


LARGEST = 1 << 26
"""No size of a configuration is larger: a vocabulary of 67 million."""


def nonsense(model: Model) -> NotEstimable | None:
    """The refusal of sizes that no model can have; None where they make sense, as far as they are known."""
    dims = model.dimensions
    for name, size in dims._asdict().items():
        if isinstance(size, bool) or size is None:
            continue
        if not 0 < size <= LARGEST:
            words = f"`{name}` is {size}, and a size lies between 1 and {LARGEST}"
            return NotEstimable(words, (f"dimensions.{name}",))
    heads, groups, hidden = dims.num_attention_heads, dims.num_key_value_heads, dims.hidden_size
    if heads and groups and heads % groups:
        words = f"{heads} attention heads do not divide into {groups} groups of keys and values"
        return NotEstimable(words, ("dimensions.num_key_value_heads",))
    apart = dims.kv_lora_rank or model.traits == Traits()  # heads of their own size, or a size that no source states
    if heads and hidden and not dims.head_dim and not apart and hidden % heads:
        words = f"a hidden size of {hidden} does not divide into {heads} heads, and no head_dim is stated"
        return NotEstimable(words, ("dimensions.head_dim",))
    if dims.num_experts and dims.experts_per_tok and dims.experts_per_tok > dims.num_experts:
        words = f"a token visits {dims.experts_per_tok} experts of {dims.num_experts}"
        return NotEstimable(words, ("dimensions.experts_per_tok",))
    return None


_OFF = 0.3
"""How far a total may lie from what the dimensions make: formulas leave out vision parts, extra heads and the like."""


def contradiction(model: Model) -> NotEstimable | None:
    """The refusal of a total that the dimensions cannot make; None where they agree, or are too few to say."""
    dims, total = model.dimensions, model.parameters
    if total is None or model.state_space or model.traits != Traits():
        return None  # a configuration's total is counted from its own sizes
    made = _counted(model)
    if made is None or (1 - _OFF) * made[0] <= total <= (1 + _OFF) * made[1]:
        return None
    if model.multimodal and total > made[1]:
        return None  # its other parts have dimensions of their own
    each = f"{dims.num_hidden_layers} layers of {dims.hidden_size}"
    return NotEstimable(
        f"{total} parameters contradict the dimensions: {each} make some {made[0 if total < made[0] else 1]}",
        ("parameters", "dimensions"),
    )


def _counted(model: Model) -> tuple[int, int] | None:
    """The fewest and the most weights that the dimensions make: those of the family, or of plain and gated blocks."""
    dims, name = model.dimensions, model.model_type or ""
    try:
        if is_encoder(model) and name not in DECODERS:
            if dims.num_experts:
                return None
            if name in ENCODERS:
                own = ENCODERS[name]._replace(positions=False)  # a small table, of a size that few sources give
                return encoder(dims, own._replace(pooler=False)), encoder(dims, own)
            plain = Encoder(types=0, positions=False, pooler=False)
            return encoder(dims, plain), encoder(dims, plain._replace(gated=True, pooler=True))
        # Experts may stand in some layers only, so that the fewest weights are those without them.
        dense = dims._replace(num_experts=None, intermediate_size=dims.intermediate_size or dims.moe_intermediate_size)
        if name in DECODERS:
            family = DECODERS[name]
            return decoder(dense, family._replace(headless=True)), decoder(dims, family)
        return decoder(dense, Decoder(gated=False, headless=True)), decoder(dims, Decoder(tied=False))
    except DimensionUnknownError:
        return None


class Linear(NamedTuple):
    """One matrix of a block."""

    name: str
    inputs: int
    outputs: int

    @property
    def parameters(self) -> int:
        """Its weights without bias."""
        return self.inputs * self.outputs


class Shape(NamedTuple):
    """Sizes of a transformer whose blocks are all attention and one MLP."""

    parameters: int
    layers: int
    hidden: int
    ffn: int
    heads: int
    query: int
    """Width of all query heads."""
    key: int
    """Width of all key heads; values are as wide."""
    vocabulary: int
    tied: bool
    """Whether the head is the embedding table."""
    headless: bool
    """No head over the vocabulary."""
    family: Family
    table_width: int = 0
    """Width of the token embeddings where it is not the hidden size."""

    @property
    def attention(self) -> tuple[tuple[Linear, ...], Linear]:
        """The projections that read the block's input, and the one that writes its output."""
        out = Linear("o", self.query, self.hidden)
        if self.family.fused_qkv:
            return (Linear("qkv", self.hidden, self.query + 2 * self.key),), out
        key, value = Linear("k", self.hidden, self.key), Linear("v", self.hidden, self.key)
        return (Linear("q", self.hidden, self.query), key, value), out

    @property
    def mlp(self) -> tuple[tuple[Linear, ...], Linear]:
        """The matrices that widen, and the one that narrows."""
        down = Linear("down", self.ffn, self.hidden)
        if not self.family.gated:
            return (Linear("up", self.hidden, self.ffn),), down
        if self.family.fused_mlp:
            return (Linear("gate_up", self.hidden, 2 * self.ffn),), down
        return (Linear("gate", self.hidden, self.ffn), Linear("up", self.hidden, self.ffn)), down

    @property
    def linears(self) -> tuple[Linear, ...]:
        """All matrices of one block."""
        (inputs, out), (wide, down) = self.attention, self.mlp
        return (*inputs, out, *wide, down)

    @property
    def block_weights(self) -> int:
        """Weights of the matrices of all blocks."""
        return self.layers * sum(linear.parameters for linear in self.linears)

    @property
    def embedding(self) -> int:
        """Weights of the token embeddings."""
        return self.vocabulary * (self.table_width or self.hidden)

    @property
    def other_weights(self) -> int:
        """All weights outside the matrices of the blocks: embeddings, head, norms, biases, a vision part."""
        return max(0, self.parameters - self.block_weights)


_BASIC = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size")


def missing_of(model: Model, names: tuple[str, ...]) -> tuple[str, ...]:
    """The dimensions among `names` that no source gives, as `known:` spells them, the total of parameters first."""
    total = () if model.parameters else ("parameters",)
    return total + tuple(f"dimensions.{name}" for name in names if getattr(model.dimensions, name) is None)


def unknown(missing: tuple[str, ...]) -> NotEstimable:
    """The refusal for facts that no source states."""
    return NotEstimable(f"no source states {', '.join(missing)}", missing)


def unknown_facts(result: NotEstimable, facts: Facts) -> tuple[Unknown, ...]:
    """The unknown facts behind a refusal, each with the reason that its own record gives."""
    found = []
    for name in result.missing:
        fact = getattr(facts, name.partition(".")[0])
        found.append(Unknown(name, fact.reason) if isinstance(fact, Unknown) else Unknown(name, result.reason))
    return tuple(found)


def shape_of(model: Model) -> Shape | NotEstimable:
    """The sizes of the blocks, or what is missing for them."""
    if refusal := nonsense(model):
        return refusal
    dims, encoder = model.dimensions, is_encoder(model)
    own_heads = encoder or model.model_type in SEQUENCE_TO_SEQUENCE  # each query head has its key and value
    grouped = not own_heads or model.model_type in DECODERS
    names = _BASIC if dims.num_experts else (*_BASIC, "intermediate_size")
    if grouped and not dims.kv_lora_rank:
        names = (*names, "num_key_value_heads", "head_dim")
    if missing := missing_of(model, names):
        return unknown(missing)
    family = _as_published(family_of(model.model_type, encoder=encoder), model)
    heads, hidden = dims.num_attention_heads or 0, dims.hidden_size or 0
    size = dims.head_dim or hidden // heads
    shape = Shape(
        parameters=model.parameters or 0,
        layers=dims.num_hidden_layers or 0,
        hidden=hidden,
        ffn=dims.intermediate_size or dims.moe_intermediate_size or 0,
        heads=heads,
        query=heads * size,
        key=(dims.num_key_value_heads or heads) * size,
        vocabulary=dims.vocab_size or 0,
        tied=False,
        headless=model.architecture not in (ArchitectureClass.DECODER, ArchitectureClass.ENCODER_DECODER),
        family=family,
        table_width=model.traits.embedding_size or 0,
    )
    return _with_head(shape, model)


def _as_published(family: Family, model: Model) -> Family:
    """An encoder cut off a T5 bears its name; the total tells whether its MLP has a gate, where nothing else does."""
    unclear = family.position_buckets and is_encoder(model) and model.traits.gated is None
    if not unclear or model.parameters is None:
        return family
    try:
        totals = {gated: t5(model.dimensions, gated=gated, tied=True, decoder=False) for gated in (False, True)}
    except DimensionUnknownError:
        return family
    total = model.parameters
    gated = min(totals, key=lambda kind: abs(totals[kind] - total))
    return family._replace(gated=gated, activation="gelu_new" if gated else family.activation)


def _with_head(shape: Shape, model: Model) -> Shape | NotEstimable:
    """Say whether the head is tied: by the source, the family, or the total, which differs by a whole table."""
    one_stack = model.architecture is not ArchitectureClass.ENCODER_DECODER
    uniform = one_stack and not model.dimensions.num_experts and not model.dimensions.kv_lora_rank
    if uniform and shape.block_weights + shape.embedding > shape.parameters * 1.02:
        return NotEstimable(
            f"{shape.parameters} parameters are fewer than the dimensions make"
            f" ({shape.block_weights} in the blocks, {shape.embedding} in the embeddings)",
            ("parameters", "dimensions"),
        )
    if shape.headless:
        return shape._replace(tied=True)
    stated = model.dimensions.tie_word_embeddings
    if stated is None:
        stated = shape.family.tied
    if stated is None and uniform and not model.multimodal:
        rest = shape.parameters - shape.block_weights
        stated = rest < 1.5 * shape.embedding
    return unknown(("dimensions.tie_word_embeddings",)) if stated is None else shape._replace(tied=stated)


def is_encoder(model: Model) -> bool:
    """Whether attention looks both ways: no KV cache, and heads that are not grouped unless a source says so."""
    encoders = (ArchitectureClass.ENCODER, ArchitectureClass.BI_ENCODER, ArchitectureClass.CROSS_ENCODER)
    pooled = (ArchitectureClass.LATE_INTERACTION, ArchitectureClass.SPARSE_RETRIEVER)
    return model.architecture in (*encoders, *pooled)
