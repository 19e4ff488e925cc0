"""Which number format each part of a training step has, by method and stack."""

from checker.memory.plan import Method, Precision, TrainingPlan
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
    """The formats of a plan: weights by precision and method, and what is held wider for stability."""
    wide = 4 if plan.precision is not Precision.BF16 else 2
    autocast = plan.autocast and (wide == 4 or (plan.method is not Method.FULL and plan.adapter_bytes == 4))
    if plan.method is Method.FULL:
        return Numerics(wide, wide, wide, wide, autocast=autocast)
    other = 4 if plan.upcast_frozen else wide
    weight: float = wide
    if plan.method is Method.QLORA:
        weight = quantised_bytes(double=plan.double_quantization)
    return Numerics(weight, other, plan.adapter_bytes, other, autocast=autocast)


def quantised_bytes(*, double: bool) -> float:
    """Bytes of a 4-bit weight: half a byte and a 4-byte scale for each 64, or scales of one byte and 4 for each 256."""
    return 0.5 + ((1 + 4 / 256) / 64 if double else 4 / 64)
