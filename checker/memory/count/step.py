"""One training step: embeddings, blocks, head and loss, back through all of it, and every moment on the way.

Blocks that are alike are run three times and extended to as many as the model has: what one more of them keeps, and what
gradients it leaves, is the same for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.memory.count import ops
from checker.memory.count.parts import Formats, LayerNorm, Matrix, copied_to_32_bits, soft_capped
from checker.memory.count.blocks import Sizes, norm_of
from checker.memory.count.seq2seq import Memory
from checker.memory.count.tape import GROUPS, Event, Group, Leaf, Storage, Tape, Tensor
from checker.memory.plan import Loss, Task
from checker.value import NamedTuple

Run = Callable[[Tape, Tensor], Tensor]


class Blocks(NamedTuple):
    """Equal blocks in a row."""

    make: Callable[[], Run]
    count: int


class Program(NamedTuple):
    """A model and what one step does with it."""

    sizes: Sizes
    formats: Formats
    runs: tuple[Blocks, ...]
    vocabulary: int
    tied: bool
    task: Task
    loss: Loss
    checkpointing: bool
    autocast: bool
    head_rank: int = 0
    tables_trained: bool = False
    """Whether embeddings and head are trained whole, as copies."""
    inputs_need_gradients: bool = False
    """Whether the embeddings' output gets a gradient though nothing before it is trained (PEFT with checkpointing)."""
    memory: Memory | None = None
    """Where an encoder leaves what the decoder reads; None for a model of one stack."""
    encoder_runs: int = 0
    """How many of the runs are the encoder's."""
    tables: tuple[complex, ...] = ()
    """Bytes of tables that the graph holds to its end: cosines and sines."""
    masks: tuple[complex, ...] = ()
    """Bytes of masks, which live as long as a block may be computed again."""
    labels: int = 2
    types: int = 0
    """Rows of a table of token types."""
    positions: int = 0
    """Rows of a table of learned positions."""


class Moment(NamedTuple):
    """A possible peak: bytes by group, each a part that stands and a part for each token."""

    phase: str
    place: int
    total: complex
    event: Event
    shifts: tuple[tuple[complex, ...], ...]
    """What the blocks that were left out add to the event."""

    def bytes(self, tokens: int) -> float:
        """Bytes with that many tokens in a pass."""
        return self.total.real + self.total.imag * tokens

    @property
    def live(self) -> tuple[complex, ...]:
        """Bytes by group, in the order of `GROUPS`."""
        return tuple(sum(parts) for parts in zip(self.event.live, *self.shifts, strict=True))

    def holding(self, live: tuple[complex, ...]) -> Moment:
        """The same moment with other bytes by group."""
        event = Event(self.phase, self.place, sum(live), live)
        return Moment(self.phase, self.place, event.total, event, ())


def moments(program: Program) -> tuple[Moment, ...]:
    """Every moment of the step that could be the fullest."""
    tape = Tape(autocast=program.autocast)
    simulated = [min(run.count, 3) for run in program.runs]
    chain = [run.make() for run, count in zip(program.runs, simulated, strict=True) for _ in range(count)]
    passes = 2 if program.task is Task.EMBED else 1
    forth, back = _run(tape, program, chain, passes)
    stretches = []
    for index in range(passes):
        start = index * (len(chain) + 2)
        for run, count in zip(program.runs, simulated, strict=True):
            if run.count > count:
                stretches.append(_stretch(start + 1, run.count - count, forth, back))
            start += count
    return tuple(moment for event in tape.events for moment in _extended(event, stretches))


def fullest(moments: Sequence[Moment]) -> tuple[Moment, ...]:
    """Of the moments at each place those that are the fullest for some number of tokens."""
    found: dict[tuple[str, int], list[Moment]] = {}
    for moment in moments:
        found.setdefault((moment.phase, moment.place), []).append(moment)
    return tuple(moment for alike in found.values() for moment in _undominated(alike))


def _undominated(alike: list[Moment]) -> list[Moment]:
    alike.sort(key=lambda moment: (moment.total.real, moment.total.imag), reverse=True)
    kept: list[Moment] = []
    steepest = -1.0
    for moment in alike:
        if moment.total.imag > steepest:
            steepest = moment.total.imag
            kept.append(moment)
    return kept


_Live = tuple[complex, ...]


def _run(
    tape: Tape, program: Program, chain: Sequence[Run], passes: int
) -> tuple[dict[int, _Live], dict[int, _Live]]:
    """Run a step; what lives before each place on the way forth, and after it on the way back.

    Places count on from pass to pass: blocks, then what follows them, then the embeddings of the next pass.
    """
    forth: dict[int, _Live] = {}
    model = _Model(program)
    tables = [tape.new(size, 1) for size in program.tables]
    masks = [tape.new(size, 1) for size in program.masks]
    outs = []
    bridge = sum(min(run.count, 3) for run in program.runs[: program.encoder_runs])
    for index in range(passes):
        start = index * (len(chain) + 2)
        tape.place = start - 1
        x = given = model.embedded(tape)
        for place, block in enumerate(chain, start):
            tape.place = place
            if program.memory is not None and place == bridge:
                program.memory.made = model.bridged(tape, x)
                x = model.embedded(tape)
            forth[place] = tuple(tape.live)
            x = tape.checkpoint(lambda y, b=block: b(tape, y), x) if program.checkpointing else block(tape, x)
        del given  # the model's own function holds it while the blocks run
        tape.place = start + len(chain)
        outs.append(model.finished(tape, x))
        del x
    loss = model.lost(tape, outs)
    outs.clear()
    tape.casts.clear()
    if not program.checkpointing:
        masks.clear()
    back = tape.backward_marked(loss)
    if program.memory is not None:
        program.memory.made = None
    del masks, tables
    return forth, back


class _Model:
    """What stands around the blocks."""

    def __init__(self, program: Program) -> None:
        sizes, formats = program.sizes, program.formats
        family = sizes.family
        self.program, self.family = program, family
        width = family.embedding_size or sizes.hidden
        table = width * program.vocabulary
        trained = formats.trained or program.tables_trained
        item = formats.adapter if program.tables_trained else formats.other
        self.table = Leaf(table, item, trained=trained)
        self.embedding_norm = LayerNorm(formats, width) if family.embedding_norm else None
        self.norm = norm_of(formats, sizes) if family.final_norm else None
        both = program.memory is not None
        self.encoder_norm = norm_of(formats, sizes) if both and family.final_norm else None
        self.decoder_embedding_norm = LayerNorm(formats, width) if both and family.embedding_norm else None
        self.decoder_positions = Leaf(program.positions * width if both else 0, formats.other, trained=formats.trained)
        self.types = Leaf(program.types * width, formats.other, trained=formats.trained)
        self.positions = Leaf(program.positions * width, formats.other, trained=formats.trained)
        rank = sizes.ranks("between")
        self.into = self.out_of = None
        if width != sizes.hidden:
            self.into = Matrix(formats, width, sizes.hidden, bias=family.embedding_bias, rank=rank)
            if program.task is Task.CAUSAL and family.embedding_back:
                self.out_of = Matrix(formats, sizes.hidden, width, rank=rank)
        plain = formats._replace(matrix=item)
        self.head: Matrix | None = None
        if program.task is Task.CAUSAL:
            bias = family.head_bias
            whole = plain._replace(trained=trained)
            self.head = Matrix(whole, width, program.vocabulary, bias=bias, rank=program.head_rank)
            if program.tied:
                self.head.weight = self.table
        self.pooler: Matrix | None = None
        self.classifier: tuple[Matrix, ...] = ()
        if family.pooler:
            self.pooler = Matrix(formats, sizes.hidden, sizes.hidden, bias=True, rank=sizes.ranks("pooler"))
        if program.task is Task.CLASSIFY:
            fresh, bias = plain._replace(trained=True), family.layer_norm and not family.rotary
            self.classifier = (Matrix(fresh, sizes.hidden, program.labels, bias=bias),)
            if family.head_dense:
                self.classifier = (Matrix(fresh, sizes.hidden, sizes.hidden, bias=True), *self.classifier)

    def embedded(self, tape: Tape) -> Tensor:
        """Token embeddings, and what is added to them."""
        family, program = self.family, self.program
        width = family.embedding_size or program.sizes.hidden
        values = width * 1j
        x = _looked_up(tape, self.table, values)
        if program.inputs_need_gradients and x.node is None:
            x.node = Leaf(0, x.item, trained=True, held=x.storage)
        if family.embedding_scale:
            x = ops.pointwise(tape, x)
        if self.types.count:
            x = ops.add(tape, x, _looked_up(tape, self.types, values))
        if family.positions:
            rows = program.sizes.sequence * width
            x = ops.add(tape, x, _looked_up(tape, self.positions, rows))
        if self.embedding_norm is not None:
            x = self.embedding_norm(tape, x)
        x = ops.dropped(tape, x, family.embedding_dropout)
        return x if self.into is None else self.into(tape, x)

    def bridged(self, tape: Tape, x: Tensor) -> Tensor:
        """What the encoder hands over."""
        x = x if self.encoder_norm is None else self.encoder_norm(tape, x)
        return ops.dropped(tape, x, self.family.final_dropout)

    def finished(self, tape: Tape, x: Tensor) -> Tensor:
        """The last norm."""
        x = x if self.norm is None else self.norm(tape, x)
        x = ops.dropped(tape, x, self.family.final_dropout)
        return x if self.out_of is None else self.out_of(tape, x)

    def lost(self, tape: Tape, outs: list[Tensor]) -> Tensor:
        """The loss."""
        program = self.program
        if program.task is Task.CAUSAL:
            return self._over_vocabulary(tape, outs[0])
        if program.task is Task.CLASSIFY:
            return self._over_labels(tape, outs[0])
        pooled = program.sizes.hidden / program.sizes.sequence * 1j
        first, second = (ops.row_sum(tape, out, pooled) for out in outs)
        return ops.batched_product(tape, first, second, 4)

    def _over_labels(self, tape: Tape, x: Tensor) -> Tensor:
        sizes = self.program.sizes
        dense = self.classifier[0] if len(self.classifier) > 1 else self.pooler
        if dense is not None:
            x = ops.part(tape, x, 1 / sizes.sequence)
            x = ops.pointwise(tape, dense(tape, x), keeps_output=True)
            x = ops.dropped(tape, x, sizes.family.hidden_dropout)
        return self.classifier[-1](tape, x)

    def _over_vocabulary(self, tape: Tape, x: Tensor) -> Tensor:
        program, family = self.program, self.family
        assert self.head is not None
        if program.loss is Loss.FUSED_LINEAR:
            return _fused_linear(tape, x, self.head.weight)
        with tape.within(Group.LOGITS):
            logits = self.head(tape, x)
            if self.family.soft_cap:
                logits = soft_capped(tape, logits)
            if family.logits_bias:
                logits = ops.pointwise(tape, logits)
            if program.memory is not None and program.loss is Loss.FULL:
                return _cross_entropy(tape, logits)
            return _LOSSES[program.loss](tape, logits)


def around(program: Program) -> tuple[object, ...]:
    """The modules that stand around the blocks: tables, norms, heads."""
    return (_Model(program),)


def _looked_up(tape: Tape, table: Leaf, values: complex) -> Tensor:
    def backward(grad: Storage, kept: object) -> tuple[Storage | None]:
        return (tape.new(table.count, table.item, Group.GRADIENTS) if table.trained else None,)

    return tape.op((table,), values, table.item, backward)


def _cross_entropy(tape: Tape, logits: Tensor) -> Tensor:
    """Log-softmax, which keeps its result, and the choice of one value a row, whose gradient is as large."""
    logits = ops.cast(tape, logits, 4) if tape.autocast else logits
    values, item = logits.values, logits.item

    def of_softmax(grad: Storage, kept: object) -> tuple[Storage]:
        return (tape.new(values, item, Group.LOGITS),)

    logged = tape.op((logits,), values, item, of_softmax, keeps_output=True)

    def of_choice(grad: Storage, kept: object) -> tuple[Storage]:
        return (tape.new(values, item, Group.LOGITS),)

    return tape.op((logged,), 4, 1, of_choice, saves=(logged,))


def _full(tape: Tape, logits: Tensor) -> Tensor:
    wide = copied_to_32_bits(tape, logits)
    return _cross_entropy(tape, wide)


def _old(tape: Tape, logits: Tensor) -> Tensor:
    """transformers up to 4.45: a shifted copy of the logits stays until the loss has gone back."""
    return _full(tape, ops.pointwise(tape, logits, keeps_output=True))


def _fused_softmax(tape: Tape, logits: Tensor) -> Tensor:
    """One kernel leaves the gradient in the place of the 32-bit logits, which are made of a shifted copy as in `_old`.

    So do the fast kernels of fms-acceleration: 8 bytes a token and vocabulary entry, as measured.
    """
    wide = copied_to_32_bits(tape, ops.pointwise(tape, logits, keeps_output=True))

    def backward(grad: Storage, kept: Sequence[Tensor]) -> tuple[Storage | None]:
        return (kept[0].storage,)

    return tape.op((wide,), 4, 1, backward, saves=(wide,))  # type: ignore[arg-type]


def _chunked(tape: Tape, logits: Tensor) -> Tensor:
    """Pieces of an eighth: one piece's 32-bit copies at a time forth, all of them kept for the way back."""
    pieces, values, item = 8, logits.values, logits.item

    def backward(grad: Storage, kept: object) -> tuple[Storage]:
        piece = tape.new(values / pieces, 4, Group.LOGITS)
        made = tape.new(values, item, Group.LOGITS)
        del piece
        return (made,)

    wide = tape.new(values / pieces, 4, Group.LOGITS)
    out = tape.op((logits,), 4, 1, backward, extra=(values * 4,))
    del wide
    return out


_LOSSES: dict[Loss, Callable[[Tape, Tensor], Tensor]] = {
    Loss.FULL: _full,
    Loss.OLD: _old,
    Loss.FUSED_SOFTMAX: _fused_softmax,
    Loss.CHUNKED: _chunked,
}


def _fused_linear(tape: Tape, x: Tensor, head: Leaf) -> Tensor:
    """Head and loss over pieces of the tokens; the gradients are made on the way forth (Liger, arXiv:2410.10989)."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Tensor]) -> list[Storage | None]:
        return [kept[0].storage, kept[1].storage if head.trained else None]

    made = Tensor(tape.new(values, item), values, item, None)
    saves = [made]
    if head.trained:
        size = head.count
        saves.append(Tensor(tape.new(size, head.item, Group.GRADIENTS), size, head.item, None))
    return tape.op((x, head), 4, 1, backward, saves=tuple(saves))  # type: ignore[arg-type]


class _Stretch:
    """Blocks that were left out, for which the middle one of three stands.

    Args:
        middle: the place of the middle one.
        more: how many were left out.
        kept: what one of them keeps while the forward pass runs, autocast's copies too.
        change: what going back through one of them changes: its own is let go, its gradients stay.
    """

    def __init__(self, middle: int, more: int, kept: _Live, change: _Live) -> None:
        self.middle = middle
        stays = tuple(0j if group == Group.GRADIENTS else -more * one for group, one in enumerate(change))
        left = tuple(more * one if group == Group.GRADIENTS else 0j for group, one in enumerate(change))
        none = tuple(0j for _ in change)
        all_kept = tuple(more * one for one in kept)
        self.none, self.kept, self.stays, self.left = ((sum(one), one) for one in (none, all_kept, stays, left))

    def shifts(self, phase: str, place: int) -> tuple[tuple[complex, _Live], ...]:
        """What they add to a moment: in total, and by group."""
        if phase == "forward":
            if place == self.middle:
                return self.none, self.kept
            return (self.none if place < self.middle else self.kept,)
        if place == self.middle:
            return self.stays, self.left
        return (self.left if place < self.middle else self.stays,)


def _stretch(middle: int, more: int, forth: dict[int, _Live], back: dict[int, _Live]) -> _Stretch:
    kept = tuple(b - a for a, b in zip(forth[middle], forth[middle + 1], strict=True))
    change = tuple(b - a for a, b in zip(back[middle + 1], back[middle], strict=True))
    return _Stretch(middle, more, kept, change)


def _extended(event: Event, stretches: Sequence[_Stretch]) -> list[Moment]:
    """An event of the short run, where it stands in the whole: for the first and the last block that it stands for."""
    found: list[tuple[complex, tuple[_Live, ...]]] = [(event.total, ())]
    for stretch in stretches:
        options = stretch.shifts(event.phase, event.place)
        found = [(total + size, (*shifts, shift)) for total, shifts in found for size, shift in options]
    return [Moment(event.phase, event.place, total, event, shifts) for total, shifts in found]
