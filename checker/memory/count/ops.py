"""Operations as PyTorch's CUDA build runs them: what each allocates, what it keeps, and what its gradient allocates."""

from __future__ import annotations

from collections.abc import Sequence

from checker.memory.count.tape import Group, Leaf, Saved, Storage, Tape, Tensor


def cast(tape: Tape, x: Tensor, item: int) -> Tensor:
    """A copy in another format; nothing where the format is the same."""
    if x.item == item:
        return x
    values, before = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, before, grad.group),)

    return tape.op((x,), values, item, backward)


def pointwise(tape: Tape, x: Tensor, *, keeps_input: bool = False, keeps_output: bool = False) -> Tensor:
    """A function of each value: negation, scaling by a number (which keep nothing), an activation, a tanh."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    saves = (x,) if keeps_input else ()
    return tape.op((x,), values, item, backward, saves=saves, keeps_output=keeps_output)


def add(tape: Tape, a: Tensor, b: Tensor) -> Tensor:
    """A sum in the wider format; both gradients are the sum's own, cast where a summand is narrower."""
    item = max(a.item, b.item)
    items, values = (a.item, b.item), a.values

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage, ...]:
        return tuple(grad if each == item else tape.new(values, each) for each in items)

    return tape.op((a, b), a.values, item, backward)


def squared(tape: Tape, x: Tensor) -> Tensor:
    """A power, which keeps its input; its gradient goes through two tensors as large."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        power = tape.new(values, item)
        doubled = tape.new(values, item)
        made = tape.new(values, item)
        del power, doubled
        return (made,)

    return tape.op((x,), values, item, backward, saves=(x,))


def repeated(tape: Tape, x: Tensor, times: float) -> Tensor:
    """Each head several times over, in a new tensor; its gradient is a sum, as large as the original."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    return tape.op((x,), values * times, item, backward)


def widened(tape: Tape, x: Tensor, item: int) -> Tensor:
    """A new tensor in a format at least as wide: a sum with something that needs no gradient."""
    values, before = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (grad if before == item else tape.new(values, before),)

    return tape.op((x,), values, item, backward)


def chosen(tape: Tape, a: Tensor, b: Tensor) -> Tensor:
    """One or the other value, by a mask of a byte a value that is kept."""
    values, item = a.values, a.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage, Storage]:
        return tape.new(values, item), tape.new(values, item)

    return tape.op((a, b), values, item, backward, extra=(values,))


def centred(tape: Tape, x: Tensor, mean: Tensor) -> Tensor:
    """A difference to one value a row."""
    item, rows = x.item, mean.values

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage, Storage]:
        return grad, tape.new(rows, item)

    return tape.op((x, mean), x.values, item, backward)


def multiply(tape: Tape, a: Tensor, b: Tensor, *, row: bool = False) -> Tensor:
    """A product of two tensors of the same shape, or of `b` with one value a row; each keeps the other if it must."""
    item = max(a.item, b.item)
    saves: list[Saved] = []
    if b.needs_grad:
        saves.append(a)
    if a.needs_grad:
        saves.append(b)
    wanted = (a.needs_grad, b.needs_grad)
    sizes = ((a.values, a.item), (b.values, b.item))
    values = a.values

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage | None]:
        out: list[Storage | None] = []
        for (each, width), needed in zip(sizes, wanted, strict=True):
            made = None
            if needed:
                made = tape.new(values, item)
                if each != values or width != item:
                    made = tape.new(each, width)
            out.append(made)
        return out

    return tape.op((a, b), values, item, backward, saves=tuple(saves))


def scale(tape: Tape, x: Tensor, weight: Leaf) -> Tensor:
    """A product with one trained or frozen value a feature."""
    item = max(x.item, weight.item)
    values, before, needed = x.values, x.item, x.needs_grad
    saves: list[Saved] = []
    if x.needs_grad:
        saves.append(weight)
    if weight.trained:
        saves.append(x)

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage | None]:
        of_x = None
        if needed:
            of_x = tape.new(values, item)
            if before != item:
                of_x = tape.new(values, before)
        of_weight = None
        if weight.trained:
            product = tape.new(values, item)
            of_weight = tape.new(weight.count, weight.item, Group.GRADIENTS)
            del product
        return [of_x, of_weight]

    return tape.op((x, weight), values, item, backward, saves=tuple(saves))


def by_constant(tape: Tape, x: Tensor, item: int) -> Tensor:
    """A product with a table that is not trained (cosines and sines), kept only as a reference to that table."""
    values, before = x.values, x.item
    wide = max(item, x.item)

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        made = tape.new(values, wide)
        if wide != before:
            made = tape.new(values, before)
        return (made,)

    return tape.op((x,), values, wide, backward, saves=(None,) if x.needs_grad else ())


def joined(tape: Tape, parts: tuple[Tensor, ...]) -> Tensor:
    """Tensors one behind the other in a new one; the gradients are views of the whole's."""
    item = max(part.item for part in parts)
    total = sum(part.values for part in parts)

    count = len(parts)

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage]:
        return [grad] * count

    return tape.op(parts, total, item, backward)


def spread(tape: Tape, x: Tensor, times: int) -> Tensor:
    """A view that repeats a tensor; its gradient is a sum, as large as the tensor."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    return tape.op((x,), values * times, item, backward, view_of=x)


def part(tape: Tape, x: Tensor, share: float) -> Tensor:
    """A view of a part of a tensor; its gradient is a whole tensor of zeros around it."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    return tape.op((x,), values * share, item, backward, view_of=x)


def gathered(tape: Tape, x: Tensor, share: float) -> Tensor:
    """A copy of some rows, perhaps several times each; its gradient is a whole tensor around them."""
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    return tape.op((x,), values * share, item, backward, saves=(None,) if x.needs_grad else ())


def scattered(tape: Tape, total: Tensor | None, x: Tensor, values: complex) -> Tensor:
    """Rows added into a tensor in place; the first call makes that tensor."""
    rows, item, first = x.values, x.item, total is None

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage | None]:
        made: list[Storage | None] = [tape.new(rows, item)]
        return made if first else [grad, *made]

    inputs = (x,) if total is None else (total, x)
    return tape.op(inputs, values, item, backward, saves=(None,) if x.needs_grad else (), view_of=total)


def split(tape: Tape, x: Tensor, shares: tuple[float, ...]) -> tuple[Tensor, ...]:
    """Views of all parts of a tensor; their gradients are joined into one."""
    values, item = x.values, x.item
    if x.node is None:
        return tuple(Tensor(x.storage, values * share, item, None) for share in shares)
    held: dict[int, Storage] = {}

    def gather(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        made = tape.new(values, item)
        held.clear()
        return (made,)

    whole = tape.op((x,), values, item, gather, view_of=x)

    def of(index: int) -> Tensor:
        def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
            held[index] = grad
            return (grad,)

        return tape.op((whole,), values * shares[index], item, backward, view_of=x)

    return tuple(of(index) for index in range(len(shares)))


def dropped(tape: Tape, x: Tensor, share: float) -> Tensor:
    """Dropout: a new tensor, and a mask of one byte a value that is kept; nothing where the share is 0."""
    if not share:
        return x
    values, item = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    return tape.op((x,), values, item, backward, extra=(values,))


def weight_copy(tape: Tape, weight: Leaf) -> Tensor | None:
    """The 16-bit copy that autocast multiplies, made once a pass where the weight is trained; None where none is."""
    if not tape.autocast or weight.item == 2:
        return None
    key = id(weight)
    if key in tape.casts:
        return tape.casts[key]
    count, item = weight.count, weight.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(count, item, Group.GRADIENTS),)

    with tape.within(Group.COPIES):
        made = tape.op((weight,), count, 2, backward)
    if weight.trained:
        tape.casts[key] = made
    return made


def product(tape: Tape, x: Tensor, weight: Leaf, outputs: complex, bias: Leaf | None = None) -> Tensor:
    """A product with a weight: keeps its input where the weight is trained, the weight where the input is.

    Args:
        tape: what follows.
        x: the input.
        weight: the matrix.
        outputs: values of the result.
        bias: added to it, where there is one.
    """
    if tape.autocast:
        x = cast(tape, x, 2)
    held: Tensor | Leaf = weight_copy(tape, weight) or weight
    item = 2 if tape.autocast else x.item
    saves: list[Saved] = []
    if weight.trained:
        saves.append(x)
    if x.needs_grad:
        saves.append(held)
    values, needed = x.values, x.needs_grad

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage | None]:
        out: list[Storage | None] = [tape.new(values, item) if needed else None]
        for parameter in (weight, bias):
            if parameter is not None:
                out.append(tape.new(parameter.count, item, Group.GRADIENTS) if parameter.trained else None)
        return out

    inputs = (x, held) if bias is None else (x, held, bias)
    return tape.op(inputs, outputs, item, backward, saves=tuple(saves))


def quantised_product(tape: Tape, x: Tensor, count: int, outputs: complex, *, keeps_input: bool) -> Tensor:
    """A product with a matrix that is brought back to 16 bits for it, forth and back (QLoRA, arXiv:2305.14314)."""
    if tape.autocast:
        x = cast(tape, x, 2)
    item, values = x.item, x.values

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        matrix = tape.new(count, 2, Group.DEQUANTISED)
        made = tape.new(values, item)
        del matrix
        return (made,)

    matrix = tape.new(count, 2, Group.DEQUANTISED)
    out = tape.op((x,), outputs, item, backward, saves=(x,) if keeps_input and x.needs_grad else ())
    del matrix
    return out


def row_sum(tape: Tape, x: Tensor, rows: complex) -> Tensor:
    """A mean or sum over features, which keeps nothing; its gradient is spread as a view."""

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, item),)

    values, item = x.values, x.item
    return tape.op((x,), rows, item, backward)


def layer_norm(tape: Tape, x: Tensor, rows: complex, weights: tuple[Leaf, ...]) -> Tensor:
    """LayerNorm (arXiv:1607.06450): keeps its input, and mean and deviation of each row in 32 bits."""
    values, item, needed = x.values, x.item, x.needs_grad

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage | None]:
        out: list[Storage | None] = [tape.new(values, item) if needed else None]
        out += [tape.new(leaf.count, leaf.item, Group.GRADIENTS) if leaf.trained else None for leaf in weights]
        return out

    return tape.op((x, *weights), values, item, backward, saves=(x, *weights[:1]), extra=(rows * 4, rows * 4))


def fused_attention(tape: Tape, parts: tuple[Tensor, Tensor, Tensor], output: complex, rows: complex) -> Tensor:
    """Flash attention (arXiv:2205.14135): keeps queries, keys, values, output, and 32 bits a row and head."""
    sizes = tuple((one.values, one.item) for one in parts)

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage]:
        return [tape.new(values, item) for values, item in sizes]

    return tape.op(parts, output, parts[0].item, backward, saves=parts, keeps_output=True, extra=(rows * 4,))


def batched_product(tape: Tape, a: Tensor, b: Tensor, values: complex) -> Tensor:
    """A product of two computed tensors; each keeps the other."""
    if tape.autocast:
        a, b = cast(tape, a, 2), cast(tape, b, 2)
    sizes = ((a.values, a.item), (b.values, b.item))
    item = a.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> list[Storage]:
        return [tape.new(each, width) for each, width in sizes]

    return tape.op((a, b), values, item, backward, saves=(a, b))


def softmax(tape: Tape, x: Tensor, item: int) -> Tensor:
    """A softmax with its result in a format of its own, which is kept."""
    values, before = x.values, x.item

    def backward(grad: Storage, kept: Sequence[Saved]) -> tuple[Storage]:
        return (tape.new(values, before),)

    return tape.op((x,), values, item, backward, keeps_output=True)
