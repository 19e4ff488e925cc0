"""Which number format each part of a training step has, by method and stack."""

from checker.memory.plan import Method, Stack, TrainingPlan
from checker.value import NamedTuple


class Numerics(NamedTuple):
    """Bytes a number."""

    weight: float
    """A weight of the matrices of the blocks, with its share of scales."""
    other: int
    """A weight outside them."""
    trained: int
    """A trained weight, and its gradient."""
    residual: int
    """A value of the residual stream."""
    autocast: bool
    """Whether matrices multiply 16-bit copies of their inputs and weights."""


def numerics_of(plan: TrainingPlan) -> Numerics:
    """The formats of a plan.

    lean: all 2 bytes. peft: 2-byte base, 4-byte adapters under autocast; with PEFT's k-bit preparation the frozen
    norms, embeddings and head are 4 bytes, and so is the residual stream. mixed, and full fine-tuning under peft: all
    4 bytes under autocast.
    """
    lean = plan.stack is Stack.LEAN
    if plan.method is Method.FULL:
        return Numerics(2, 2, 2, 2, autocast=False) if lean else Numerics(4, 4, 4, 4, autocast=True)
    wide = plan.stack is Stack.MIXED or (plan.method is Method.QLORA and not lean and plan.frozen_in_32_bits)
    other = 4 if wide else 2
    weight: float = other
    if plan.method is Method.QLORA:
        weight = quantised_bytes(double=plan.double_quantization)
    return Numerics(weight, other, 2 if lean else 4, other, autocast=not lean)


def quantised_bytes(*, double: bool) -> float:
    """Bytes of a 4-bit weight: half a byte and a 4-byte scale for each 64, or scales of one byte and 4 for each 256."""
    return 0.5 + ((1 + 4 / 256) / 64 if double else 4 / 64)
