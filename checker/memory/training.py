"""Memory of one training step on one device: every moment at which it could peak, and the fullest of them.

Closed form: weights, states and gradients by their formats, what each block keeps and allocates by its operations, the
loss by tokens times vocabulary. Nothing is fitted. Lengths are those of the plan: no padding, no packing.
"""

from collections.abc import Sequence

from checker.facts.model import ArchitectureClass
from checker.memory import activations, adapters, bands, optimizer_state
from checker.memory.adapters import NO_ADAPTERS, Adapters
from checker.memory.estimate import Estimate, NotEstimable, Term, estimate_of
from checker.memory.guide import Figures, figure_for
from checker.memory.logits import LossBytes, loss_bytes
from checker.memory.model import Model, Shape, contradiction, is_encoder, shape_of, unknown
from checker.memory.numerics import Numerics, numerics_of
from checker.memory.overhead import CUDA_CONTEXT
from checker.memory.plan import Loss, Method, Precision, Task, TrainingPlan
from checker.value import NamedTuple


def estimate(model: Model, plan: TrainingPlan, guide: Sequence[Figures] = ()) -> Estimate | NotEstimable:
    """What one device needs for a step of `plan`; several devices each hold all of it, for sharding is not modelled.

    Args:
        model: the facts.
        plan: what is trained, and how.
        guide: the guidance's published figures, one of which stands beside the result.
    """
    if refusal := _refused(model):
        return refusal
    shape = contradiction(model) or shape_of(model)
    if isinstance(shape, NotEstimable):
        return shape
    targets = NO_ADAPTERS if plan.method is Method.FULL else adapters.adapters_of(plan.target_modules)
    if isinstance(targets, NotEstimable):
        return targets
    step = _step(shape, plan, targets)
    peak = max(_moments(step), key=lambda moment: sum(term.bytes for term in moment.terms))
    terms = (*_resident(step), *peak.terms, _context())
    spread = bands.of_training(encoder=is_encoder(model), known=shape.family.known)
    figure = figure_for(shape.parameters, plan.method, guide)
    return estimate_of(terms, peak.name, _assumptions(step, model), spread, figure)


_NOT_MODELLED = {
    "albert": "its layers share their weights",
    "big_bird": "its attention is sparse",
    "deberta": "its attention adds scores of relative positions, which no fused kernel computes",
    "deberta-v2": "its attention adds scores of relative positions, which no fused kernel computes",
    "gemma3n": "its layers share caches and embeddings",
    "gemma4": "its layers share caches and differ in their heads",
    "longformer": "its attention is sparse",
    "mllama": "some of its layers attend to images",
}


def _refused(model: Model) -> NotEstimable | None:
    if model.architecture is None:
        return unknown(("architecture_class",))
    if model.architecture is not ArchitectureClass.DECODER and not is_encoder(model):
        return NotEstimable(f"training is modelled for decoders and encoders, not for class {model.architecture}")
    if model.architecture is ArchitectureClass.SPARSE_RETRIEVER:
        return NotEstimable("the vocabulary-wide outputs of a sparse retriever are not modelled")
    if model.state_space:
        return NotEstimable("the training memory of recurrent layers is not modelled")
    if model.dimensions.num_experts:
        return NotEstimable("the training memory of a mixture of experts is not modelled")
    if model.dimensions.kv_lora_rank:
        return NotEstimable("the training memory of latent attention is not modelled")
    reason = _NOT_MODELLED.get(model.model_type or "")
    return NotEstimable(f"`{model.model_type}` is not modelled: {reason}") if reason else None


class _Step(NamedTuple):
    """Everything that the moments have in common."""

    shape: Shape
    plan: TrainingPlan
    numerics: Numerics
    adapter_weights: int
    trained: int
    kept: float
    """Bytes a token that a block keeps for its backward pass."""
    stored: float
    """Bytes a token that stay of every block until then."""
    backward: float
    """Bytes a token that the backward pass of a block allocates."""
    loss: LossBytes

    @property
    def full(self) -> bool:
        return self.plan.method is Method.FULL

    @property
    def causal(self) -> bool:
        return self.plan.task is Task.CAUSAL

    @property
    def casts(self) -> int:
        """16-bit copies of the weights that autocast multiplies: all matrices, or the adapters."""
        if not self.numerics.autocast:
            return 0
        frozen = self.shape.block_weights if self.numerics.weight == 4 else 0
        return 2 * (frozen + (0 if self.full else self.adapter_weights))

    @property
    def head_cast(self) -> int:
        wide = self.numerics.autocast and self.numerics.other == 4
        return 2 * self.shape.embedding if wide and self.causal else 0

    @property
    def dequantised(self) -> int:
        return activations.dequantised(self.shape.linears) if self.plan.method is Method.QLORA else 0


def _step(shape: Shape, plan: TrainingPlan, targets: Adapters) -> _Step:
    numerics, full = numerics_of(plan), plan.method is Method.FULL
    passes = 2 if plan.task is Task.EMBED else 1
    rank, sequence = plan.rank, plan.sequence_length
    kept = activations.kept_by_block(shape, numerics, targets, rank=rank, sequence=sequence, full=full)
    narrow = 0 if full else adapters.adapter_weights(shape, targets, rank) + adapters.table_weights(shape, targets)
    head = shape.hidden * (shape.hidden + 1) if plan.task is Task.CLASSIFY and not full else 0
    return _Step(
        shape=shape,
        plan=plan,
        numerics=numerics,
        adapter_weights=narrow,
        trained=shape.parameters if full else narrow + head,
        kept=kept,
        stored=passes * (activations.checkpoint(shape, numerics) if plan.gradient_checkpointing else kept),
        backward=activations.backward_of_block(shape, numerics, targets, sequence, full=full),
        loss=loss_bytes(plan.loss, soft_cap=shape.family.soft_cap),
    )


def _resident(step: _Step) -> tuple[Term, ...]:
    """What is there from the first step to the last."""
    shape, numerics = step.shape, step.numerics
    weights = int(shape.block_weights * numerics.weight + shape.other_weights * numerics.other)
    formula = (
        f"{shape.block_weights} in blocks, of {numerics.weight:.4g} bytes; {shape.other_weights} of {numerics.other}"
    )
    states = optimizer_state.state_bytes(step.plan.optimizer, step.trained, numerics.trained)
    return (
        Term("weights", weights, formula),
        Term(
            "adapters",
            0 if step.full else step.trained * numerics.trained,
            f"{step.trained} weights of {numerics.trained} bytes",
        ),
        Term("optimizer states", states, optimizer_state.formula(step.plan.optimizer, numerics.trained)),
    )


class _Moment(NamedTuple):
    name: str
    terms: tuple[Term, ...]
    """What is alive beside the resident terms."""


def _moments(step: _Step) -> tuple[_Moment, ...]:
    checkpointing = step.plan.gradient_checkpointing
    layers = step.shape.layers
    one_block = step.casts // layers
    return (
        _Moment(
            "end of the forward pass",
            (_activations(step), _logits(step, step.loss.forward), _copies(step, step.casts)),
        ),
        _Moment(
            "backward pass of the loss",
            (
                _activations(step),
                _logits(step, step.loss.backward),
                _copies(step, 0 if checkpointing else step.casts),
            ),
        ),
        _Moment(
            "backward pass of the last block",
            (
                _activations(step, computing=True),
                _copies(step, one_block if checkpointing else step.casts, head=False),
                _gradients(step, _head_gradient(step)),
            ),
        ),
        _Moment(
            "backward pass of the first block",
            (
                _activations(step, blocks=1, computing=True),
                _copies(step, one_block, head=False),
                _gradients(step, step.trained - _late_gradient(step)),
            ),
        ),
        _Moment(
            "gradient of the embeddings",
            (_residual(step), _gradients(step, step.trained + _added_gradient(step))),
        ),
        _Moment("the optimizer's update", (_gradients(step, step.trained * (2 if step.plan.foreach else 1)),)),
    )


def _activations(step: _Step, blocks: int | None = None, *, computing: bool = False) -> Term:
    """What is kept of `blocks` blocks, and one block that is computed back."""
    count = step.shape.layers if blocks is None else blocks
    token = count * step.stored
    words = f"{count} blocks keep {step.stored:.0f} bytes a token"
    if computing:
        again = step.kept if step.plan.gradient_checkpointing else 0
        token += again + step.backward
        words += f", one takes {again + step.backward:.0f}"
    if not computing and step.causal:
        last = activations.last_norm(step.shape, step.numerics)
        token += last
        words += f", the last norm {last:.0f}"
    dequantised = step.dequantised if computing else 0
    words += ", one matrix is de-quantised" if dequantised else ""
    return Term("activations", int(step.plan.tokens * token) + dequantised, f"{step.plan.tokens} tokens: {words}")


def _logits(step: _Step, each: int) -> Term:
    shape, tokens = step.shape, step.plan.tokens
    count = tokens * shape.vocabulary if step.causal else 0
    return Term("logits and loss", count * each, f"{tokens} tokens · {shape.vocabulary} entries · {each} bytes")


def _copies(step: _Step, casts: int, *, head: bool = True) -> Term:
    return Term("16-bit copies", casts + (step.head_cast if head else 0), "weights that autocast multiplies")


def _gradients(step: _Step, trained: int) -> Term:
    return Term("gradients", trained * step.numerics.trained, f"{trained} weights of {step.numerics.trained} bytes")


def _residual(step: _Step) -> Term:
    token = activations.checkpoint(step.shape, step.numerics)
    return Term("activations", int(step.plan.tokens * token), f"{step.plan.tokens} tokens · {token:.0f} bytes")


def _head_gradient(step: _Step) -> int:
    return step.shape.embedding if step.full and step.causal else 0


def _late_gradient(step: _Step) -> int:
    """The embedding's gradient comes last, unless the head has made it already."""
    return step.shape.embedding if step.full and not (step.causal and step.shape.tied) else 0


def _added_gradient(step: _Step) -> int:
    """A tied table gets a second gradient, which is added to the head's."""
    return step.shape.embedding if step.full and step.causal and step.shape.tied else 0


def _context() -> Term:
    return Term("CUDA context", CUDA_CONTEXT, "fixed, 0.3 to 0.6 GB are seen", outside=True)


def _assumptions(step: _Step, model: Model) -> tuple[str, ...]:
    plan, family = step.plan, step.shape.family
    said = ["every sample is sequence_length tokens long, without padding"]
    said.append("attention as the library writes it out" if family.eager else "fused attention (flash or SDPA)")
    if plan.task is Task.CAUSAL and plan.loss is Loss.FULL:
        each = step.loss.backward
        said.append(f"loss as transformers 4.46 and newer computes it, {each} bytes a token and vocabulary entry")
    if plan.method is Method.FULL and plan.precision is Precision.BF16_MIXED:
        said.append("full fine-tuning keeps weights and states in 32 bits, under autocast")
    if plan.method is Method.QLORA:
        said.append(f"frozen norms, embeddings and head are held in {8 * step.numerics.other} bits")
    if plan.task is Task.EMBED:
        said.append("two passes of micro_batch_size texts, in-batch negatives")
    if not family.known:
        like = "BERT" if is_encoder(model) else "Llama"
        said.append(f"the block of `{model.model_type or 'an unnamed family'}` is taken for that of {like}")
    if model.multimodal:
        said.append("text only; the vision part is counted in the weights")
    if model.dimensions.tie_word_embeddings is None and not step.shape.headless:
        said.append(f"by the total of parameters the head is {'tied to' if step.shape.tied else 'not'} the embeddings")
    return tuple(said)
