"""Memory of one training step of litgpt, whose blocks, loss and loop are its own.

What it keeps was read off its code (`litgpt/model.py`, `lora.py`, `finetune/lora.py`, `utils.py`) and checked against
the tensors that autograd saves when that code runs. It differs from transformers in that

- queries and keys are put together anew, so that attention's output has to be copied before the output projection;
- keys and values of grouped heads are repeated; without groups the values keep the fused projection alive;
- adapters have a dropout of their own input (mask and copy), and those of the fused projection keep their own output,
  for `index_copy` saves its source;
- the head is a matrix beside the embeddings, also of tied models, and is quantised with the others;
- quantised matrices are de-quantised to float16 and cast to bfloat16, so that both copies exist: Lightning's
  `BitsandbytesPrecision` quantises by way of float16;
- several devices divide by FSDP, whose flat tensors hold adapters and frozen weights together, so that all weights get
  a gradient, and steps are accumulated, so that it stays whole;
- the logits of the step before, and through its loss the inputs that old 4-bit products keep as attributes, stay until
  the new loss takes their name.
"""

from collections.abc import Iterable

from checker.memory import optimizer_state, sharding
from checker.memory.adapters import Adapters
from checker.memory.estimate import Term
from checker.memory.model import Shape
from checker.memory.plan import Method, TrainingPlan
from checker.memory.weights import quantised_base_bytes
from checker.value import NamedTuple


class Moment(NamedTuple):
    """One moment of a step, and what is alive."""

    name: str
    terms: tuple[Term, ...]

    @property
    def bytes(self) -> int:
        """The sum of the terms."""
        return sum(term.bytes for term in self.terms)


def moments(shape: Shape, plan: TrainingPlan, targets: Adapters, *, first: bool = False) -> tuple[Moment, ...]:
    """All moments at which a step could peak.

    Args:
        shape: the sizes of the blocks.
        plan: what is trained, and how.
        targets: which matrices have an adapter.
        first: whether this is the first step, which finds nothing of a step before.
    """
    weights, trained = _weights(shape, plan), _trained(shape, plan, targets)
    full, tokens = plan.method is Method.FULL, plan.tokens
    states = optimizer_state.state_bytes(plan.optimizer, trained, 2)
    vocabulary, head = shape.vocabulary, shape.embedding
    shares = sharding.resident(_parts(shape, weights, trained, states, full=full), plan, accumulates=True)
    stored = kept_by_block(shape, plan, targets)
    held = (0 if first else shape.layers * tokens * _held(shape)) if _holds(plan) else 0
    before = 0 if first else 4 * vocabulary * tokens
    activations = tokens * (_stored(shape, plan, stored) + _last(shape, plan, targets))
    dequantised = 4 * head if plan.method is Method.QLORA else 0
    matrix = 4 * max(linear.parameters for linear in shape.linears) if plan.method is Method.QLORA else 0
    at_work = tokens * ((stored if plan.gradient_checkpointing else 0) + _backward(shape))
    resident = _resident(shares, plan)
    kept = Term("activations", activations, f"{tokens} tokens: {shape.layers} blocks keep {stored} bytes")
    earlier = Term("inputs of the step before", held, "old 4-bit products keep them until the loss is replaced")

    def logits(each: int, more: int = 0) -> Term:
        count = tokens * vocabulary
        return Term("logits and loss", count * each + more, f"{tokens} tokens · {vocabulary} entries · {each} bytes")

    fresh = shares.gradients if shares.most_gradients is None else shares.most_gradients
    gradients = Term("gradients", fresh, f"{trained} weights of 2 bytes")
    copies = 2 if plan.foreach else 1
    update = Term("gradients", shares.gradients * copies + shares.update, f"{trained} weights of 2 bytes")
    matrices = Term("de-quantised matrix", dequantised, "the head, in float16 and in bfloat16")
    return (
        Moment("forward pass of the head", (*resident, kept, earlier, logits(2, before), matrices)),
        Moment("end of the forward pass", (*resident, kept, earlier, logits(6, before))),
        Moment("backward pass of the loss", (*resident, kept, logits(8))),
        Moment("backward pass of the head", (*resident, kept, logits(6), matrices)),
        Moment(
            "backward pass of a block",
            (
                *resident,
                kept._replace(bytes=activations + at_work),
                logits(4),
                matrices._replace(bytes=matrix, formula="one matrix, in float16 and in bfloat16"),
                gradients,
            ),
        ),
        Moment("the optimizer's update", (*resident[:2], resident[3], logits(4), update)),
    )


def _resident(shares: sharding.Shares, plan: TrainingPlan) -> tuple[Term, ...]:
    """What is there at every moment."""
    gathered = shares.gathered_outside + shares.gathered_block
    return (
        Term("weights", shares.weights, "16 bits, or 4 with scales; embeddings and head apart"),
        Term("optimizer states", shares.states, optimizer_state.formula(plan.optimizer, 2)),
        Term("gathered weights", gathered, "the block at work, embeddings, head"),
        Term("communication", shares.buffers, "buckets of gradients"),
        Term("accumulated gradients", shares.accumulated, "whole until devices exchange them"),
    )


def kept_by_block(shape: Shape, plan: TrainingPlan, targets: Adapters) -> int:
    """Bytes a token that a block keeps for its backward pass."""
    full = plan.method is Method.FULL
    kept = _norms(shape, full=full) + _attention(shape, plan.sequence_length)
    kept += (6 if shape.family.gated else 2) * shape.ffn
    if full or _holds(plan):
        kept += _held(shape)
    return kept if full else kept + _adapters(shape, targets)


def _norms(shape: Shape, *, full: bool) -> int:
    """RMSNorm keeps a 32-bit copy of its input, LayerNorm the input; trained weights the 16-bit value they scale."""
    count = 1 if shape.family.parallel else shape.family.norms
    each = 2 if shape.family.layer_norm else 4 + (2 if full else 0)
    return count * each * shape.hidden


def _attention(shape: Shape, sequence: int) -> int:
    """Queries, keys, values, output; capped scores are written out: tanh 2, softmax 4 and its 16-bit copy 2."""
    grouped = shape.key != shape.query
    kept = 8 * shape.query if grouped else 2 * (shape.query + 2 * shape.key) + 6 * shape.query
    return kept + (8 * sequence * shape.heads if shape.family.eager else 4 * shape.heads)


def _holds(plan: TrainingPlan) -> bool:
    return plan.method is Method.QLORA and plan.keeps_quantized_inputs


def _held(shape: Shape) -> int:
    """16-bit inputs of all matrices of a block, once where they are shared."""
    shared = 1 if shape.family.parallel else 2
    return 2 * (shared * shape.hidden + shape.query + shape.ffn)


def _adapters(shape: Shape, targets: Adapters) -> int:
    """A mask and a dropped-out copy of each adapter's input, and of the fused projection the adapters' output."""
    widths = {"q": shape.query, "k": shape.key, "v": shape.key}
    fused = {name for name in widths if name in targets.names or "qkv" in targets.names}
    inside, attention_out = targets.names & {"gate", "up", "gate_up"}, "o" in targets.names
    kept = 3 * shape.hidden if fused else 0
    if fused and len(fused) < len(widths):  # all three need no padding
        kept += 2 * sum(widths[name] for name in fused)
    kept += 3 * shape.query if attention_out else 0
    kept += 3 * shape.hidden * ((2 if shape.family.gated else 1) if inside else 0)
    return kept + (3 * shape.ffn if "down" in targets.names else 0)


def _stored(shape: Shape, plan: TrainingPlan, kept: int) -> int:
    return shape.layers * (2 * shape.hidden if plan.gradient_checkpointing else kept)


def _last(shape: Shape, plan: TrainingPlan, targets: Adapters) -> int:
    """The norm before the head, and the head's input where it is kept."""
    full = plan.method is Method.FULL
    kept = (2 if shape.family.layer_norm else 4) * shape.hidden
    kept += 2 * shape.hidden if full or _holds(plan) else 0
    return kept + (3 * shape.hidden if targets.head else 0)


def _backward(shape: Shape) -> int:
    return 2 * shape.hidden + 4 * shape.ffn


class _Weights(NamedTuple):
    blocks: int
    tables: int
    """Embeddings and head."""
    rest: int
    each: float
    """Bytes of a matrix' weight; the head is one."""


def _weights(shape: Shape, plan: TrainingPlan) -> _Weights:
    rest = shape.parameters - shape.block_weights
    counted = 2 if rest >= 1.9 * shape.embedding else 1  # checkpoints of tied models may count the table twice
    each = (
        quantised_base_bytes(plan.quantized_base, double=plan.double_quantization)
        if plan.method is Method.QLORA
        else 2.0
    )
    return _Weights(shape.block_weights, 2 * shape.embedding, max(0, rest - counted * shape.embedding), each)


def _trained(shape: Shape, plan: TrainingPlan, targets: Adapters) -> int:
    if plan.method is Method.FULL:
        weights = _weights(shape, plan)
        return weights.blocks + weights.tables + weights.rest
    return plan.rank * (shape.layers * sum(_adapted(shape, targets)) + _head(shape, targets))


def _adapted(shape: Shape, targets: Adapters) -> Iterable[int]:
    names = targets.names | ({"q", "k", "v"} if "qkv" in targets.names else frozenset())
    names |= {"gate", "up"} if "gate_up" in names else frozenset()
    sizes = {"q": shape.query, "k": shape.key, "v": shape.key, "o": shape.query, "down": shape.ffn, "up": shape.ffn}
    sizes |= {"gate": shape.ffn} if shape.family.gated else {}
    return (shape.hidden + size for name, size in sizes.items() if name in names)


def _head(shape: Shape, targets: Adapters) -> int:
    return shape.hidden + shape.vocabulary if targets.head else 0


def _parts(shape: Shape, weights: _Weights, trained: int, states: int, *, full: bool) -> sharding.Parts:
    matrices = weights.blocks + weights.tables // 2
    total = int(matrices * weights.each) + 2 * (weights.tables // 2 + weights.rest)
    block = weights.blocks // shape.layers
    return sharding.Parts(
        trained=trained,
        trained_bytes=2,
        states=states,
        frozen=0 if full else total,
        block=int(block * weights.each),
        outside=2 * weights.tables,
        trained_in_block=block if full else 0,
        trained_outside=weights.tables if full else 0,
        with_gradient=weights.blocks + weights.tables + weights.rest,
    )
