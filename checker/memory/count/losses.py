"""Losses over the vocabulary: what exists of tokens · vocabulary, forth and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from checker.memory.count import ops
from checker.memory.count.parts import copied_to_32_bits
from checker.memory.count.tape import Group, Leaf, Storage, Tape, Tensor
from checker.memory.plan import Loss


def cross_entropy(tape: Tape, logits: Tensor) -> Tensor:
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
    return cross_entropy(tape, wide)


def _old(tape: Tape, logits: Tensor) -> Tensor:
    """Transformers up to 4.45: a shifted copy of the logits stays until the loss has gone back."""
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


LOSSES: dict[Loss, Callable[[Tape, Tensor], Tensor]] = {
    Loss.FULL: _full,
    Loss.OLD: _old,
    Loss.FUSED_SOFTMAX: _fused_softmax,
    Loss.CHUNKED: _chunked,
}


def fused_linear(tape: Tape, x: Tensor, head: Leaf) -> Tensor:
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
