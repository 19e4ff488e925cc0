"""From a model and a plan to the program whose tensors are counted: sizes, formats, blocks, head and loss."""

from typing import Any

from checker.facts.parameters.decoder import DECODERS
from checker.memory.adapters import NO_ADAPTERS, Adapters, adapters_of, matched
from checker.memory.count.blocks import DecoderBlock, EncoderBlock, Sizes
from checker.memory.count.inventory import Inventory, inventory
from checker.memory.count.parts import Formats
from checker.memory.count.program import Blocks, Program
from checker.memory.count.seq2seq import CrossBlock, Memory
from checker.memory.decoders import decoder_runs
from checker.memory.estimate import NotEstimable
from checker.memory.families import SEQUENCE_TO_SEQUENCE, Family
from checker.memory.model import Model, Shape, is_encoder, shape_of
from checker.memory.plan import Attention, Method, Precision, Task, TrainingPlan
from checker.value import NamedTuple


class Prepared(NamedTuple):
    """A program, and what of the model stands from the first step to the last."""

    program: Program
    shape: Shape
    targets: Adapters
    held: Inventory
    """The weights of the program's modules."""
    parameters: int
    """The model's own weights, as far as this training loads them."""

    @property
    def fresh(self) -> int:
        """Weights of a classifier's head, which is new and trained whatever the method."""
        program, family = self.program, self.program.sizes.family
        if program.task is not Task.CLASSIFY:
            return 0
        hidden = self.shape.hidden
        dense = hidden * hidden + hidden if family.head_dense else 0
        return dense + program.labels * (hidden + (1 if family.layer_norm and not family.rotary else 0))


def prepared(model: Model, plan: TrainingPlan) -> Prepared | NotEstimable:
    """The program of a plan, or why there is none."""
    shape = shape_of(model)
    if isinstance(shape, NotEstimable):
        return shape
    targets = _targets(model, shape, plan)
    if isinstance(targets, NotEstimable):
        return targets
    formats, family = formats_of(plan), run_as(shape.family, model, plan)
    sizes = _sizes(model, shape, plan, targets, family)
    memory = Memory() if model.model_type in SEQUENCE_TO_SEQUENCE and not is_encoder(model) else None
    runs = _runs(model, formats, sizes, memory)
    if isinstance(runs, NotEstimable):
        return runs
    encoder, adapted = _is_encoder(model), plan.method is not Method.FULL
    positions = model.dimensions.max_position_embeddings or plan.sequence_length
    program = Program(
        sizes=sizes,
        formats=formats,
        runs=runs,
        memory=memory,
        encoder_runs=1 if memory is not None else 0,
        vocabulary=shape.vocabulary,
        tied=shape.tied,
        task=plan.task,
        loss=plan.loss,
        checkpointing=plan.gradient_checkpointing,
        autocast=autocast(plan),
        head_rank=plan.rank if targets.head else 0,
        tables_trained=targets.tables,
        inputs_need_gradients=adapted and plan.gradient_checkpointing,
        tables=_tables(sizes, formats, plan, shape.layers),
        masks=() if encoder else _masks(model, plan, sizes, formats),
        labels=plan.labels,
        types=(model.traits.token_types or 2) if encoder and family.pooler else 0,
        positions=positions if family.positions else 0,
    )
    return Prepared(program, shape, targets, inventory(program), _loaded(model, shape, plan))


def _is_encoder(model: Model) -> bool:
    """Whether its blocks are an encoder's: decoders trained as embedders keep theirs."""
    return is_encoder(model) and model.model_type not in DECODERS


def _targets(model: Model, shape: Shape, plan: TrainingPlan) -> Adapters | NotEstimable:
    """What is trained beside the model's own weights."""
    if plan.method is Method.FULL:
        return NO_ADAPTERS
    asked = adapters_of(plan.target_modules)
    if isinstance(asked, NotEstimable):
        return asked
    return matched(asked, shape.linears, latent=bool(model.dimensions.kv_lora_rank))


class _RankOf(NamedTuple):
    """The rank of the adapter of a matrix, by our name of it; 0 for none."""

    rank: int
    targets: Adapters

    def __call__(self, name: str) -> int:
        wanted = name in self.targets.names or (self.targets.all and name in ("pooler", "between"))
        return self.rank if wanted else 0


def _sizes(model: Model, shape: Shape, plan: TrainingPlan, targets: Adapters, family: Family) -> Sizes:
    """The sizes of the blocks, with the rank of each matrix's adapter."""
    return Sizes(
        hidden=shape.hidden,
        ffn=shape.ffn,
        heads=shape.heads,
        query=shape.query,
        key=shape.key,
        value=shape.key,
        output=shape.query,
        sequence=plan.sequence_length,
        eager=family.eager,
        mask=0 if is_encoder(model) or family.position_buckets else formats_of(plan).other,
        family=family,
        ranks=_RankOf(plan.rank, targets),
    )


class _Make(NamedTuple):
    """Makes a block; those that make equal blocks are equal."""

    block: type[DecoderBlock] | type[EncoderBlock]
    formats: Formats
    sizes: Sizes

    def __call__(self) -> DecoderBlock | EncoderBlock:
        return self.block(self.formats, self.sizes)


def _runs(model: Model, formats: Formats, sizes: Sizes, memory: Memory | None) -> tuple[Blocks, ...] | NotEstimable:
    """Equal blocks in a row, from the first to the last."""
    if memory is not None:
        return _both_runs(model, formats, sizes, memory)
    if _is_encoder(model):
        before = model.model_type in SEQUENCE_TO_SEQUENCE and not sizes.family.post_sum_norm
        block = DecoderBlock if before else EncoderBlock  # T5's encoder alone has its norms before each part
        return (Blocks(_Make(block, formats, sizes), model.dimensions.num_hidden_layers or 0),)
    return decoder_runs(model, formats, sizes)


def _loaded(model: Model, shape: Shape, plan: TrainingPlan) -> int:
    """All weights but those of a head over the vocabulary that this task does not load."""
    unused = plan.task is not Task.CAUSAL and not shape.headless and not shape.tied
    return shape.parameters - (shape.embedding if unused else 0)


def _both_runs(model: Model, formats: Formats, sizes: Sizes, memory: Memory) -> tuple[Blocks, ...]:
    """The encoder's blocks, then the decoder's."""
    layers = model.dimensions.num_hidden_layers or 0
    block = EncoderBlock if sizes.family.post_sum_norm else DecoderBlock
    return (
        Blocks(_Make(block, formats, sizes), model.traits.encoder_layers or layers),
        Blocks(lambda: CrossBlock(formats, sizes, memory), model.traits.decoder_layers or layers),
    )


def formats_of(plan: TrainingPlan) -> Formats:
    """Bytes a weight, by precision and method."""
    wide = 2 if plan.precision is Precision.BF16 else 4
    other = 4 if plan.upcast_frozen and plan.method is not Method.FULL else wide
    return Formats(
        matrix=0 if plan.method is Method.QLORA else wide,
        other=other,
        adapter=plan.adapter_bytes,
        trained=plan.method is Method.FULL,
        keeps_quantised_inputs=plan.keeps_quantized_inputs,
    )


def autocast(plan: TrainingPlan) -> bool:
    """Whether the forward pass runs under autocast: where anything that is multiplied is wider than 16 bits."""
    if plan.precision is Precision.FP32:
        return False
    wide = plan.precision is Precision.BF16_MIXED or (plan.method is not Method.FULL and plan.adapter_bytes == 4)
    return plan.autocast and wide


def run_as(family: Family, model: Model, plan: TrainingPlan) -> Family:
    """The family as this plan and this configuration run it."""
    traits = model.traits
    eager = plan.attention is Attention.EAGER or (plan.attention is not Attention.FLASH and family.eager)
    stated: dict[str, Any] = {
        "activation": traits.activation,
        "qkv_bias": traits.attention_bias,
        "hidden_dropout": traits.hidden_dropout,
        "attention_dropout": traits.attention_dropout,
        "embedding_dropout": traits.embedding_dropout,
        "parallel": traits.parallel_residual,
        "query_key_norm": traits.query_key_norm,
        "embedding_size": traits.embedding_size,
        "gated": traits.gated,
    }
    if model.model_type == "falcon" and family.parallel and traits.norms_apart is not True:
        stated["norms"] = 1
    if traits.alibi and family.rotary:
        stated |= {"rotary": False, "biased_scores": True}
    return family._replace(eager=eager, **{key: value for key, value in stated.items() if value is not None})


def _tables(sizes: Sizes, formats: Formats, plan: TrainingPlan, layers: int) -> tuple[complex, ...]:
    """Cosines and sines of one sample, or its biases of relative positions, in the format of the residual stream."""
    if sizes.family.position_buckets:
        each = complex(sizes.sequence**2 * sizes.heads * formats.other)
        return (each, each, each)  # a stack each, and the zeros that stand between the stacks
    if sizes.family.biased_scores:
        pairs = sizes.sequence**2 * sizes.heads
        cast = autocast(plan) and formats.other == 4 and not plan.gradient_checkpointing
        return (complex(pairs * formats.other), complex(pairs * 2 * layers if cast else 0))
    if not sizes.family.rotary:
        return ()
    turned = sizes.query / sizes.heads * sizes.family.rotary_share
    return (complex(2 * sizes.sequence * turned * formats.other),)


def _masks(model: Model, plan: TrainingPlan, sizes: Sizes, formats: Formats) -> tuple[complex, ...]:
    """Masks that the library builds: one a kind of layer for eager attention, else only where a window is shorter."""
    window, length = model.dimensions.sliding_window, plan.sequence_length
    if sizes.eager:
        kinds = 2 if window and sizes.family.score_cap else 1
        return (length * formats.other * 1j,) * kinds
    if window and length > window and plan.attention is Attention.SDPA:
        return (complex(length * length),)
    return ()
