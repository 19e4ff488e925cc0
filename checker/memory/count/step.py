"""One training step: embeddings, blocks, head and loss, back through all of it, and every moment on the way.

Blocks that are alike are run three times and extended to as many as the model has: what one more of them keeps, and what
gradients it leaves, is the same for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.memory.count import ops
from checker.memory.count.parts import Formats, LayerNorm, Matrix, copied_to_32_bits, soft_capped
from checker.memory.count.blocks import Sizes, norm_of
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
    live: tuple[complex, ...]

    def bytes(self, tokens: int) -> float:
        """Bytes with that many tokens in a pass."""
        return sum(part.real + part.imag * tokens for part in self.live)


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
    for index in range(passes):
        start = index * (len(chain) + 2)
        tape.place = start - 1
        x = given = model.embedded(tape)
        for place, block in enumerate(chain, start):
            tape.place = place
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
    del masks, tables
    return forth, back


class _Model:
    """What stands around the blocks."""

    def __init__(self, program: Program) -> None:
        sizes, formats = program.sizes, program.formats
        family = sizes.family
        self.program, self.family = program, family
        table = sizes.hidden * program.vocabulary
        trained = formats.trained or program.tables_trained
        item = formats.adapter if program.tables_trained else formats.other
        self.table = Leaf(table, item, trained=trained)
        self.embedding_norm = LayerNorm(formats, sizes.hidden) if family.embedding_norm else None
        self.norm = norm_of(formats, sizes) if family.final_norm else None
        self.types = Leaf(program.types * sizes.hidden, formats.other, trained=formats.trained)
        self.positions = Leaf(program.positions * sizes.hidden, formats.other, trained=formats.trained)
        plain = formats._replace(matrix=item)
        self.head: Matrix | None = None
        if program.task is Task.CAUSAL:
            bias = family.head_bias
            whole = plain._replace(trained=trained)
            self.head = Matrix(whole, sizes.hidden, program.vocabulary, bias=bias, rank=program.head_rank)
            if program.tied:
                self.head.weight = self.table
        self.pooler: Matrix | None = None
        self.classifier: tuple[Matrix, ...] = ()
        if family.pooler:
            self.pooler = Matrix(plain, sizes.hidden, sizes.hidden, bias=True)
        if program.task is Task.CLASSIFY:
            fresh, bias = plain._replace(trained=True), family.layer_norm and not family.rotary
            self.classifier = (Matrix(fresh, sizes.hidden, program.labels, bias=bias),)
            if family.head_dense:
                self.classifier = (Matrix(fresh, sizes.hidden, sizes.hidden, bias=True), *self.classifier)

    def embedded(self, tape: Tape) -> Tensor:
        """Token embeddings, and what is added to them."""
        family, program = self.family, self.program
        values = program.sizes.hidden * 1j
        x = _looked_up(tape, self.table, values)
        if program.inputs_need_gradients and x.node is None:
            x.node = Leaf(0, x.item, trained=True, held=x.storage)
        if family.embedding_scale:
            x = ops.pointwise(tape, x)
        if self.types.count:
            x = ops.add(tape, x, _looked_up(tape, self.types, values))
        if family.positions:
            rows = program.sizes.sequence * program.sizes.hidden
            x = ops.add(tape, x, _looked_up(tape, self.positions, rows))
        if self.embedding_norm is not None:
            x = self.embedding_norm(tape, x)
        return ops.dropped(tape, x, family.embedding_dropout)

    def finished(self, tape: Tape, x: Tensor) -> Tensor:
        """The last norm."""
        return x if self.norm is None else self.norm(tape, x)

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
        program = self.program
        assert self.head is not None
        if program.loss is Loss.FUSED_LINEAR:
            return _fused_linear(tape, x, self.head.weight)
        with tape.within(Group.LOGITS):
            logits = self.head(tape, x)
            if self.family.soft_cap:
                logits = soft_capped(tape, logits)
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
    values = logits.values

    def of_softmax(grad: Storage, kept: object) -> tuple[Storage]:
        return (tape.new(values, 4, Group.LOGITS),)

    logged = tape.op((logits,), values, 4, of_softmax, keeps_output=True)

    def of_choice(grad: Storage, kept: object) -> tuple[Storage]:
        return (tape.new(values, 4, Group.LOGITS),)

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


class _Stretch(NamedTuple):
    """Blocks that were left out, for which the middle one of three stands."""

    middle: int
    more: int
    kept: _Live
    """What one of them keeps while the forward pass runs: autocast's copies too."""
    stays: _Live
    """What of it is there when the backward pass begins."""
    left: _Live
    """What one of them leaves on the way back: its gradients."""


def _stretch(middle: int, more: int, forth: dict[int, _Live], back: dict[int, _Live]) -> _Stretch:
    kept = tuple(b - a for a, b in zip(forth[middle], forth[middle + 1], strict=True))
    change = tuple(b - a for a, b in zip(back[middle + 1], back[middle], strict=True))
    stays = tuple(0j if group == Group.GRADIENTS else -one for group, one in enumerate(change))
    left = tuple(one if group == Group.GRADIENTS else 0j for group, one in enumerate(change))
    return _Stretch(middle, more, kept, stays, left)


def _extended(event: Event, stretches: Sequence[_Stretch]) -> list[Moment]:
    """An event of the short run, where it stands in the whole: for the first and the last block that it stands for."""
    totals: list[_Live] = [event.live]
    for stretch in stretches:
        totals = [_moved(live, stretch, event.phase == "forward", ends) for live in totals for ends in _ends(event, stretch)]
    return [Moment(event.phase, event.place, live) for live in totals]


def _ends(event: Event, stretch: _Stretch) -> tuple[tuple[int, int], ...]:
    """How many of the left-out blocks are kept at that moment, and how many have left their gradients."""
    more, before, at = stretch.more, event.place < stretch.middle, event.place == stretch.middle
    if event.phase == "forward":
        return ((0, 0), (more, 0)) if at else ((0 if before else more, 0),)
    return ((more, 0), (0, more)) if at else ((0, more) if before else (more, 0),)


def _moved(live: _Live, stretch: _Stretch, forward: bool, ends: tuple[int, int]) -> _Live:
    kept, left = ends
    held = stretch.kept if forward else stretch.stays
    return tuple(a + kept * b + left * c for a, b, c in zip(live, held, stretch.left, strict=True))
