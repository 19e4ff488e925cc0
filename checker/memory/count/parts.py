"""The parts of a block as the library writes them: matrices with adapters, norms, activations, rotary positions."""

from __future__ import annotations

from checker.memory.count import ops
from checker.memory.count.tape import Group, Leaf, Tape, Tensor
from checker.memory.families import Family
from checker.value import NamedTuple


class Formats(NamedTuple):
    """Bytes a value of what a model consists of."""

    matrix: int
    """A weight of the blocks' matrices; 0 where they are quantised."""
    other: int
    """A weight of norms, embeddings and head."""
    adapter: int
    trained: bool
    """Whether the model's own weights are trained."""
    keeps_quantised_inputs: bool = False


class Matrix:
    """One matrix, perhaps quantised, perhaps with an adapter."""

    def __init__(self, formats: Formats, inputs: int, outputs: int, *, bias: bool = False, rank: int = 0) -> None:
        count, trained = inputs * outputs, formats.trained
        self.inputs, self.outputs, self.count = inputs, outputs, count
        self.quantised = not formats.matrix
        self.keeps_inputs = formats.keeps_quantised_inputs
        self.weight = Leaf(count, formats.matrix or 2, trained=trained)
        self.bias = Leaf(outputs, formats.matrix or formats.other, trained=trained) if bias else None
        self.down = Leaf(inputs * rank, formats.adapter, trained=True) if rank else None
        self.up = Leaf(outputs * rank, formats.adapter, trained=True) if rank else None
        self.rank = rank
        self.several = 1.0

    @property
    def adapter_count(self) -> int:
        """Weights of the adapter: rank · (inputs + outputs), for each of those that this one stands for."""
        return round(self.several * self.rank * (self.inputs + self.outputs))

    def multiply(self, times: float) -> None:
        """Let this matrix stand for several of its size, each of which multiplies some of the rows."""
        self.count = round(self.count * times)
        self.several = times
        for leaf in (self.weight, self.bias, self.down, self.up):
            if leaf is not None:
                leaf.count = round(leaf.count * times)

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The product, and what an adapter adds to it (LoRA, arXiv:2106.09685, as PEFT computes it)."""
        rows = x.values / self.inputs
        if self.quantised:
            one = round(self.count / self.several)
            result = ops.quantised_product(tape, x, one, rows * self.outputs, keeps_input=self.keeps_inputs)
        else:
            result = ops.product(tape, x, self.weight, rows * self.outputs, self.bias)
        if self.down is None or self.up is None:
            return result
        given = ops.cast(tape, x, self.down.item)
        narrow = ops.product(tape, given, self.down, rows * self.rank)
        wide = ops.pointwise(tape, ops.product(tape, narrow, self.up, rows * self.outputs))
        before = result.item
        result = ops.add(tape, result, wide)
        return ops.cast(tape, result, before)


class RmsNorm:
    """RMSNorm (arXiv:1910.07467) as Llama's code has it: in 32 bits, the weight applied in the format of the input."""

    def __init__(self, formats: Formats, width: int, *, wide_weight: bool = False) -> None:
        self.width, self.wide_weight = width, wide_weight
        self.weight = Leaf(width, 4 if wide_weight else formats.other, trained=formats.trained)

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The normed values in the format of the input."""
        before = x.item
        wide = ops.cast(tape, x, 4)
        rows = x.values / self.width
        inverse = ops.pointwise(tape, ops.row_sum(tape, ops.squared(tape, wide), rows), keeps_output=True)
        normed = ops.multiply(tape, wide, inverse, row=True)
        del wide, inverse
        if self.wide_weight:
            return ops.cast(tape, ops.scale(tape, normed, self.weight), before)
        return ops.scale(tape, ops.cast(tape, normed, before), self.weight)


class CenteredNorm:
    """Cohere's LayerNorm, written out in 32 bits: the centred values exist twice."""

    def __init__(self, formats: Formats, width: int) -> None:
        self.width = width
        self.weight = Leaf(width, formats.other, trained=formats.trained)

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The normed values in the format of the input."""
        rows, before = x.values / self.width, x.item
        wide = ops.cast(tape, x, 4)
        mean = ops.row_sum(tape, wide, rows)
        inverse = ops.row_sum(tape, ops.squared(tape, ops.centred(tape, wide, mean)), rows)
        inverse = ops.pointwise(tape, inverse, keeps_output=True)
        normed = ops.multiply(tape, ops.centred(tape, wide, mean), inverse)
        del wide, mean, inverse
        return ops.cast(tape, ops.scale(tape, normed, self.weight), before)


class LayerNorm:
    """LayerNorm, with a bias or without."""

    def __init__(
        self, formats: Formats, width: int, *, bias: bool = True, weights: bool = True, wide: bool = False
    ) -> None:
        self.width, self.wide = width, wide
        count = (2 if bias else 1) if weights else 0
        self.weights = tuple(Leaf(width, formats.other, trained=formats.trained) for _ in range(count))

    def __call__(self, tape: Tape, x: Tensor) -> Tensor:
        """The normed values, in 32 bits and cast back where the family's code does so (OLMo)."""
        rows = x.values / self.width
        if self.wide:
            return ops.cast(tape, ops.layer_norm(tape, ops.cast(tape, x, 4), rows, self.weights), x.item)
        return ops.layer_norm(tape, x, rows, self.weights)


Norm = RmsNorm | LayerNorm | CenteredNorm


def rotated(tape: Tape, x: Tensor, item: int, share: float = 1.0) -> Tensor:
    """Rotary positions (arXiv:2104.09864): x · cos + rotated half · sin, on a share of each head's features."""
    if share < 1:
        turned, rest = ops.split(tape, x, (share, 1 - share))
        return ops.joined(tape, (_rotated(tape, turned, item), rest))
    return _rotated(tape, x, item)


def _rotated(tape: Tape, x: Tensor, item: int) -> Tensor:
    first = ops.by_constant(tape, x, item)
    left, right = ops.part(tape, x, 0.5), ops.part(tape, x, 0.5)
    half = ops.joined(tape, (ops.pointwise(tape, right), left))
    del left, right
    second = ops.by_constant(tape, half, item)
    del half
    return ops.add(tape, first, second)


def activated(tape: Tape, x: Tensor, kind: str) -> Tensor:
    """An activation; those that the library composes of several operations keep what each of them keeps."""
    if kind == "gelu_new":
        return _gelu_new(tape, x)
    if kind == "gelu_fast":
        return _gelu_fast(tape, x)
    if kind == "xielu":
        return _xielu(tape, x)
    if kind in ("relu2", "squared_relu"):
        return ops.squared(tape, ops.pointwise(tape, x, keeps_output=True))
    if kind == "relu":
        return ops.pointwise(tape, x, keeps_output=True)
    if kind == "quick_gelu":
        gate = ops.pointwise(tape, ops.pointwise(tape, x), keeps_output=True)
        return ops.multiply(tape, x, gate)
    return ops.pointwise(tape, x, keeps_input=True)


def _gelu_new(tape: Tape, x: Tensor) -> Tensor:
    """0.5 · x · (1 + tanh(c · (x + 0.044715 · x³))), each operation for itself; the power in 32 bits under autocast."""
    half = ops.pointwise(tape, x)
    cubed = ops.squared(tape, ops.cast(tape, x, 4) if tape.autocast else x)
    inner = ops.add(tape, x, ops.pointwise(tape, cubed))
    del cubed
    bent = ops.pointwise(tape, ops.pointwise(tape, inner), keeps_output=True)
    del inner
    return ops.multiply(tape, half, ops.pointwise(tape, bent))


def _gelu_fast(tape: Tape, x: Tensor) -> Tensor:
    """0.5 · x · (1 + tanh(x · c · (1 + 0.044715 · x · x))), each operation for itself."""
    half = ops.pointwise(tape, x)
    scaled = ops.pointwise(tape, x)
    inner = ops.pointwise(tape, ops.multiply(tape, ops.pointwise(tape, x), x))
    bent = ops.pointwise(tape, ops.multiply(tape, scaled, inner), keeps_output=True)
    del scaled, inner
    return ops.multiply(tape, half, ops.pointwise(tape, bent))


def _xielu(tape: Tape, x: Tensor) -> Tensor:
    """XIELU (arXiv:2411.13010): a square on one side, an exponential on the other, and a choice between them."""
    squared = ops.multiply(tape, ops.pointwise(tape, x), x)
    bent = ops.pointwise(tape, ops.pointwise(tape, x, keeps_input=True), keeps_output=True)
    return ops.chosen(tape, ops.add(tape, squared, ops.pointwise(tape, x)), ops.add(tape, bent, x))


def soft_capped(tape: Tape, x: Tensor) -> Tensor:
    """Cap · tanh(x / cap), as Gemma 2 writes it: the tanh is kept."""
    return ops.pointwise(tape, ops.pointwise(tape, ops.pointwise(tape, x), keeps_output=True))


def eager_attention(
    tape: Tape, parts: tuple[Tensor, Tensor, Tensor], scores: complex, *, repeats: float, mask: int, family: Family
) -> Tensor:
    """Attention as the library writes it: scores, a mask, their softmax in 32 bits, and its copy.

    Args:
        tape: what follows.
        parts: queries, keys, values.
        scores: values of the scores: heads · length of the keys, for each token.
        repeats: query heads for each key head, each of which gets a copy of its own.
        mask: bytes a value of the mask that is added; 0 for none.
        family: says whether a tanh bounds the scores, and what share of the probabilities is dropped.
    """
    query, key, value = parts
    given, width = query.item, query.values
    if repeats > 1:
        key, value = ops.repeated(tape, key, repeats), ops.repeated(tape, value, repeats)
    weights = ops.pointwise(tape, ops.batched_product(tape, query, key, scores))
    if family.score_cap:
        weights = soft_capped(tape, weights)
    if mask:
        weights = ops.widened(tape, weights, max(mask, weights.item))
    if family.narrow_softmax:
        probabilities = ops.softmax(tape, weights, 4 if tape.autocast else weights.item)
    else:
        probabilities = ops.cast(tape, ops.softmax(tape, weights, 4), given)
    del weights
    probabilities = ops.dropped(tape, probabilities, family.attention_dropout)
    return ops.batched_product(tape, probabilities, value, width)


def copied_to_32_bits(tape: Tape, x: Tensor) -> Tensor:
    """The 32-bit copy of logits that a loss is computed in."""
    with tape.within(Group.LOGITS):
        return ops.cast(tape, x, 4)
