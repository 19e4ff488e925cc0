"""State the size class in which the model's number of parameters lies."""

from __future__ import annotations

from checker.manifest.choices import SizeClass
from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"size-class"})
SIZE = 1
_COSTS = (Cost(Aspect.NOTHING, "it changes what is declared and not what runs", Grounds.BY_DEFINITION),)


def steps(case: Case) -> tuple[Step, ...]:
    """Every other class; the engine knows which is right."""
    stated = case.entry.size_class
    others = [size for size in SizeClass if stated is not None and size is not stated.value]
    return tuple(
        Step((Edit(case.path("size_class"), size.value),), f"state size_class {size}", _COSTS) for size in others
    )
