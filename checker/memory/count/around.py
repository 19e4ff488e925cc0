"""What stands around the blocks: embeddings and positions, last norms, heads, and the loss behind them."""

from __future__ import annotations

from checker.memory.count import ops
from checker.memory.count.blocks import norm_of
from checker.memory.count.losses import LOSSES, cross_entropy, fused_linear
from checker.memory.count.parts import LayerNorm, Matrix, soft_capped
from checker.memory.count.program import Program
from checker.memory.count.tape import Group, Leaf, Storage, Tape, Tensor
from checker.memory.plan import Loss, Task


class Around:
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
        self.late = family.embedding_back
        """Positions are added to the widened embeddings (OPT)."""
        rows = program.positions * (sizes.hidden if self.late else width)
        self.positions = Leaf(rows, formats.other, trained=formats.trained)
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
        if family.positions and not self.late:
            x = self._placed(tape, x)
        if self.embedding_norm is not None:
            x = self.embedding_norm(tape, x)
        x = ops.dropped(tape, x, family.embedding_dropout)
        x = x if self.into is None else self.into(tape, x)
        return self._placed(tape, x) if family.positions and self.late else x

    def _placed(self, tape: Tape, x: Tensor) -> Tensor:
        """With learned positions, a row for each token of a sample."""
        sequence = self.program.sizes.sequence
        return ops.add(tape, x, _looked_up(tape, self.positions, (x.values / 1j).real * sequence))

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
            return fused_linear(tape, x, self.head.weight)
        with tape.within(Group.LOGITS):
            logits = self.head(tape, x)
            if self.family.soft_cap:
                logits = soft_capped(tape, logits)
            if family.logits_bias:
                logits = ops.pointwise(tape, logits)
            if program.memory is not None and program.loss is Loss.FULL:
                return cross_entropy(tape, logits)
            return LOSSES[program.loss](tape, logits)


def _looked_up(tape: Tape, table: Leaf, values: complex) -> Tensor:
    def backward(grad: Storage, kept: object) -> tuple[Storage | None]:
        return (tape.new(table.count, table.item, Group.GRADIENTS) if table.trained else None,)

    return tape.op((table,), values, table.item, backward)
