"""Compute activations again in the backward pass instead of keeping them."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"training-fits"})
READS = ("manifest.fine_tuning.gradient_checkpointing",)
SIZE = 2
IS_GRADED = True
_COSTS = (
    Cost(Aspect.SPEED, "one forward pass more for each step (arXiv:1604.06174), a third longer", Grounds.PUBLISHED),
)


def steps(case: Case) -> tuple[Step, ...]:
    """Checkpointing, where it is not asked for."""
    tuning = case.entry.fine_tuning
    if tuning is None or (tuning.gradient_checkpointing is not None and tuning.gradient_checkpointing.value):
        return ()
    edit = Edit(case.path("fine_tuning", "gradient_checkpointing"), "true")
    return (Step((edit,), "turn gradient_checkpointing on", _COSTS),)
