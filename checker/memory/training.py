"""Memory of one training step on one device: a count of all tensors, and what stands beside them.

Nothing is fitted. Lengths are those of the plan: no padding, no packing.
"""

from collections.abc import Sequence
from functools import lru_cache

from checker.facts.model import ArchitectureClass
from checker.memory import adapters, bands, litgpt, optimizer_state, sharding
from checker.memory.adapters import Adapters
from checker.memory.count.program import Program, simulated
from checker.memory.count.step import Moment as Event
from checker.memory.count.step import fullest, highest, moments
from checker.memory.count.tape import GROUPS, Group
from checker.memory.estimate import Estimate, Moment, NotEstimable, Term, estimate_of
from checker.memory.families import SEQUENCE_TO_SEQUENCE
from checker.memory.guide import Figures, figure_for
from checker.memory.model import Model, Shape, contradiction, is_encoder, unknown
from checker.memory.moments import NAMES, UPDATE, moment_of
from checker.memory.overhead import CUDA_CONTEXT
from checker.memory.plan import Loss, Method, Optimizer, Precision, Stack, Task, TrainingPlan, absurd
from checker.memory.program import Prepared, prepared
from checker.memory.total import two_stacks
from checker.memory.weights import quantised_base_bytes
from checker.value import NamedTuple


def estimate(model: Model, plan: TrainingPlan, guide: Sequence[Figures] = ()) -> Estimate | NotEstimable:
    """What one device needs for a step of `plan`.

    Args:
        model: the facts.
        plan: what is trained, and how.
        guide: the guidance's published figures, one of which stands beside the result.
    """
    counted = count(model, plan)
    return counted if isinstance(counted, NotEstimable) else counted.estimate(plan.tokens, guide)


class Counted(NamedTuple):
    """A plan whose tensors are counted, for any number of samples of its length."""

    model: Model
    plan: TrainingPlan
    shape: Shape
    program: Program
    standing: tuple[Term, ...]
    """What is there from the first step to the last."""
    trained: int
    events: tuple[Event, ...]
    shares: sharding.Shares
    targets: Adapters

    def estimate(self, tokens: int, guide: Sequence[Figures] = ()) -> Estimate:
        """What one device needs for a step of so many tokens."""
        if _by_own_loop(self.plan):
            return self._by_litgpt(tokens, guide)
        update = self._update()
        gathered = sum(term.bytes for term in self._gathered())
        peak = max(self.events, key=lambda event: event.bytes(tokens))
        resident = sum(term.bytes for term in self.standing if not term.outside)
        fullest = int(peak.bytes(tokens)) + gathered
        moving: tuple[Term, ...]
        if update > fullest:
            name, moving = UPDATE, (Term("gradients", update, self._gradients()),)
        else:
            name, moving = moment_of(peak, self.program), (*self._moving(peak, tokens), *self._gathered())
        spread = bands.of_training(encoder=is_encoder(self.model), known=self.shape.family.known, plan=self.plan)
        figure = figure_for(self.shape.parameters, self.plan.method, guide)
        terms = (*self.standing, *moving, _context())
        made = estimate_of(terms, name, _assumptions(self), spread, figure)
        return self._ranged(made, self._moments(tokens, resident, gathered, update), tokens)

    def _by_litgpt(self, tokens: int, guide: Sequence[Figures]) -> Estimate:
        """The same for litgpt, whose blocks and loop are not transformers'."""
        plan = self.plan._replace(micro_batch_size=max(1, tokens // self.plan.sequence_length))
        moments = litgpt.moments(self.shape, plan, self.targets)
        peak = max(moments, key=lambda moment: moment.bytes)
        spread = bands.of_training(encoder=False, known=self.shape.family.known, plan=plan)
        figure = figure_for(self.shape.parameters, plan.method, guide)
        made = estimate_of((*peak.terms, _context()), peak.name, _assumptions(self), spread, figure)
        return self._ranged(made, tuple(Moment(moment.name, moment.bytes) for moment in moments), tokens)

    def _ranged(self, made: Estimate, moments: tuple[Moment, ...], tokens: int) -> Estimate:
        """With its moments, and what the allocator's pool and the device are likely to show."""
        plan = self.plan._replace(micro_batch_size=max(1, tokens // self.plan.sequence_length))
        held = bands.Held(
            allocated=made.allocated_bytes,
            at_loss=max((moment.bytes for moment in moments if moment.name in _LOSS), default=0),
            standing=sum(term.bytes for term in made.terms if term.name in _STANDING and not term.outside),
            vocabulary=self.shape.vocabulary if plan.task is Task.CAUSAL else 0,
        )
        pool, device = bands.reserved_range(held, plan), bands.device_range(held, plan)
        return made._replace(moments=moments, reserved_bytes=pool, device_bytes=device)

    def _moving(self, peak: Event, tokens: int) -> tuple[Term, ...]:
        found = []
        for name, live in zip(GROUPS, peak.live, strict=True):
            words = f"{tokens} tokens of {live.imag:.0f} bytes" if live.imag else "for any number of tokens"
            words += f", and {live.real:.0f} bytes" if live.real and live.imag else ""
            found.append(Term(name, int(live.real + live.imag * tokens), words))
        return tuple(found)

    def _gathered(self) -> tuple[Term, ...]:
        bytes_ = self.shares.gathered_outside + self.shares.gathered_block
        return (Term("gathered weights", bytes_, "the block at work, and what belongs to no block"),) if bytes_ else ()

    def _moments(self, tokens: int, resident: int, gathered: int, update: int) -> tuple[Moment, ...]:
        found: dict[str, int] = {}
        for event in self.events:
            name = moment_of(event, self.program)
            found[name] = max(found.get(name, 0), int(event.bytes(tokens)) + gathered)
        found[UPDATE] = update
        return tuple(Moment(name, resident + found[name]) for name in NAMES if name in found)

    def _update(self) -> int:
        return self.shares.gradients * (2 if self.plan.foreach else 1) + self.shares.update

    def _gradients(self) -> str:
        copy = ", and a temporary copy" if self.plan.foreach else ""
        if self.shares.gradients == self.trained * _trained_bytes(self.plan) and not self.shares.update:
            return f"{self.trained} weights of {_trained_bytes(self.plan)} bytes{copy}"
        update = f", and {self.shares.update} bytes of the update" if self.shares.update else ""
        return f"{self.shares.gradients} bytes of {self.trained} weights by {self.plan.sharding}{copy}{update}"


_ROUNDED = 1.02
"""A stated total may be rounded by so much before it contradicts the blocks."""


def floor(model: Model, plan: TrainingPlan) -> int | None:
    """Bytes below which the lower end of `estimate` cannot lie: what stands through the whole step, no tensor counted.

    None where there is no estimate, or where the software's own loop is counted in another way.
    """
    made = _settled(model, plan)
    if isinstance(made, NotEstimable) or _by_own_loop(plan):
        return None
    _, program = made
    trained = _trained(program, plan)
    shares = sharding.resident(_parts(program, plan, trained), plan)
    terms = (*_standing(program, plan, trained, shares), _context())
    spread = bands.of_training(encoder=is_encoder(made[0]), known=program.shape.family.known, plan=plan)
    return estimate_of(terms, "", (), spread).least_bytes


@lru_cache(maxsize=512)
def count(model: Model, plan: TrainingPlan) -> Counted | NotEstimable:
    """Count the tensors of a step, or say why they cannot be counted."""
    settled = _settled(model, plan)
    if isinstance(settled, NotEstimable):
        return settled
    model, made = settled
    trained = _trained(made, plan)
    shares = sharding.resident(_parts(made, plan, trained), plan)
    if plan.optimizer_in_backward:
        one = _trained_bytes(plan) * max(made.shape.embedding, *(matrix.parameters for matrix in made.shape.linears))
        shares = shares._replace(gradients=one)
    return Counted(
        model=model,
        plan=plan,
        shape=made.shape,
        program=made.program,
        standing=_standing(made, plan, trained, shares),
        trained=trained,
        events=() if _by_own_loop(plan) else _events(made, plan, shares),
        shares=shares,
        targets=made.targets,
    )


@lru_cache(maxsize=16)  # `floor` and `count` ask one after the other
def _settled(model: Model, plan: TrainingPlan) -> tuple[Model, Prepared] | NotEstimable:
    """The model as it is counted, and its program."""
    if words := absurd(plan):
        return NotEstimable(words)
    if refusal := _refused(model):
        return refusal
    settled = two_stacks(model)
    if isinstance(settled, NotEstimable):
        return settled
    model = settled
    if refusal := contradiction(model):
        return refusal
    made = prepared(model, sharding.computing(plan))
    if isinstance(made, NotEstimable):
        return made
    if made.held.blocks > made.shape.parameters * _ROUNDED:
        words = f"{made.shape.parameters} parameters are fewer than the {made.held.blocks} of its blocks"
        return NotEstimable(f"{words}: not all layers are alike", ("parameters", "dimensions"))
    return model, made


def _by_own_loop(plan: TrainingPlan) -> bool:
    """Whether the software runs blocks that are not transformers', so that none of theirs are counted."""
    return plan.stack is Stack.LITGPT and plan.task is Task.CAUSAL


def _events(made: Prepared, plan: TrainingPlan, shares: sharding.Shares) -> tuple[Event, ...]:
    """The moments that may be the fullest on one of the devices."""
    if plan.devices == 1 and not plan.optimizer_in_backward:
        return highest(made.program)
    return fullest(_divided(moments(made.program), made, plan, shares))


def _divided(
    events: tuple[Event, ...], made: Prepared, plan: TrainingPlan, shares: sharding.Shares
) -> tuple[Event, ...]:
    """The moments on one of several devices, or without gradients that are kept."""
    program = made.program
    short = sum(simulated(run) for run in program.runs)

    def runs_back(event: Event) -> bool:
        return event.phase != "forward" and event.place >= 0 and event.place % (short + 2) < short

    fullest = max((event.live[Group.ACTIVATIONS].imag for event in events if runs_back(event)), default=0.0)
    stored = made.shape.layers * made.shape.hidden * program.formats.other if plan.gradient_checkpointing else 0
    at_work = complex(0, fullest - stored) if plan.gradient_checkpointing else 0j
    return tuple(
        event.holding(
            sharding.divided(
                event.live,
                shares,
                at_work=at_work,
                backward=runs_back(event),
                gradients=Group.GRADIENTS,
                logits=Group.LOGITS,
            )
        )
        for event in events
    )


def _parts(made: Prepared, plan: TrainingPlan, trained: int) -> sharding.Parts:
    """What one device would hold without sharding."""
    full, each = plan.method is Method.FULL, _trained_bytes(plan)
    size, _ = _weights(made, plan)
    other, blocks = made.program.formats.other, made.held.blocks
    outside = max(0, made.parameters - blocks)
    held = size - outside * other if not full else 2 * blocks
    share = made.held.largest_block / max(1, blocks)
    return sharding.Parts(
        trained=trained,
        trained_bytes=each,
        states=optimizer_state.state_bytes(plan.optimizer, trained, each),
        frozen=0 if full else size,
        block=int(held * share),
        outside=outside * other,
        trained_in_block=int((blocks if full else trained) * share),
        trained_outside=outside if full else 0,
    )


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
    if model.architecture is ArchitectureClass.ENCODER_DECODER:
        known = model.model_type in SEQUENCE_TO_SEQUENCE
        return None if known else NotEstimable(f"the two stacks of `{model.model_type}` are not modelled")
    if model.architecture is not ArchitectureClass.DECODER and not is_encoder(model):
        return NotEstimable(f"training is not modelled for models of class {model.architecture}")
    if model.architecture is ArchitectureClass.SPARSE_RETRIEVER:
        return NotEstimable("the vocabulary-wide outputs of a sparse retriever are not modelled")
    if model.state_space:
        return NotEstimable("the training memory of recurrent layers is not modelled")
    reason = _NOT_MODELLED.get(model.model_type or "")
    return NotEstimable(f"`{model.model_type}` is not modelled: {reason}") if reason else None


def _trained_bytes(plan: TrainingPlan) -> int:
    """Bytes of a trained weight, of its gradient, and of each state of it."""
    if plan.method is Method.FULL:
        return 2 if plan.precision is Precision.BF16 else 4
    return plan.adapter_bytes


def _trained(made: Prepared, plan: TrainingPlan) -> int:
    if plan.method is Method.FULL:
        return made.parameters + made.fresh
    return made.held.adapters + adapters.table_weights(made.shape, made.targets) + made.fresh


_LOSS = frozenset({"end of the forward pass", "backward pass of the loss", "forward pass of the head"})
_STANDING = frozenset({"weights", "adapters", "optimizer states"})
_PAGED = frozenset({Optimizer.PAGED_ADAMW, Optimizer.PAGED_ADAMW_8BIT})
"""Their states are managed memory, on the device as far as there is room: not the allocator's."""


def _standing(made: Prepared, plan: TrainingPlan, trained: int, shares: sharding.Shares) -> tuple[Term, ...]:
    _, formula = _weights(made, plan)
    each = _trained_bytes(plan)
    adapters_bytes = _beside(made, plan, trained) if plan.devices == 1 else 0
    where = "" if plan.devices == 1 else f", on {plan.devices} devices by {plan.sharding}"
    return (
        Term("weights", shares.weights - adapters_bytes, formula + where),
        Term("adapters", adapters_bytes, _adapter_words(made, trained, each)),
        Term(
            "optimizer states",
            shares.states,
            optimizer_state.formula(plan.optimizer, each),
            outside=plan.optimizer in _PAGED,
        ),
        Term("communication", shares.buffers, "buckets of gradients"),
    )


def _adapter_words(made: Prepared, trained: int, each: int) -> str:
    words = f"{trained - made.fresh} weights of {each} bytes"
    return f"{words}, {made.fresh} of a new head" if made.fresh else words


def _beside(made: Prepared, plan: TrainingPlan, trained: int) -> int:
    """Bytes of what is trained beside the model's own weights."""
    if plan.method is Method.FULL:
        return 0
    return trained * plan.adapter_bytes


def _weights(made: Prepared, plan: TrainingPlan) -> tuple[int, str]:
    formats, quantised = made.program.formats, made.held.matrices
    # Beside adapters a new head is trained as a copy, and what it was copied from stays (PEFT's `modules_to_save`).
    rest = made.parameters + made.fresh - quantised
    size, words = rest * formats.other, f"{rest} weights of {formats.other} bytes"
    if quantised:
        each = quantised_base_bytes(plan.quantized_base, double=plan.double_quantization)
        size, words = size + int(quantised * each), f"{words}, {quantised} quantised to {each:.4g}"
    buffers = _buffers(made)
    return size + buffers, words + (f", masks of {buffers} bytes" if buffers else "")


def _buffers(made: Prepared) -> int:
    """Bytes of masks that the family's code holds as buffers."""
    held = made.program.sizes.family.causal_buffers
    each = made.program.positions**2
    return {"layer": made.shape.layers * each, "model": each}.get(held, 0)


def _context() -> Term:
    return Term("CUDA context", CUDA_CONTEXT, "fixed, 0.3 to 0.6 GB are seen", outside=True)


def _assumptions(counted: Counted) -> tuple[str, ...]:
    plan, family, model = counted.plan, counted.shape.family, counted.model
    said = ["every sample is sequence_length tokens long, without padding"]
    eager = counted.program.sizes.eager
    said.append("attention as the library writes it out" if eager else "fused attention (flash or SDPA)")
    if plan.task is Task.CAUSAL and plan.loss is Loss.FULL:
        said.append("loss as transformers 4.46 and newer computes it, in 32 bits over all tokens")
    if plan.method is Method.FULL and plan.precision is Precision.BF16_MIXED:
        said.append("full fine-tuning keeps weights and states in 32 bits, under autocast")
    if plan.method is Method.QLORA:
        said.append(f"frozen norms, embeddings and head are held in {8 * counted.program.formats.other} bits")
    if plan.task is Task.EMBED:
        said.append("two passes of micro_batch_size texts, in-batch negatives")
    if not family.known:
        like = "BERT" if is_encoder(model) else "Llama"
        said.append(f"the block of `{model.model_type or 'an unnamed family'}` is taken for that of {like}")
    if model.multimodal:
        said.append("text only; the vision part is counted in the weights")
    if model.dimensions.tie_word_embeddings is None and not counted.shape.headless:
        tied = "tied to" if counted.shape.tied else "not"
        said.append(f"by the total of parameters the head is {tied} the embeddings")
    return tuple(said)
