"""Compute the loss over the vocabulary in one fused step."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.plan import Loss
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"training-fits"})
SIZE = 1
IS_GRADED = True
_COSTS = (
    Cost(Aspect.NOTHING, "the same loss up to rounding (Liger kernels, arXiv:2410.10989)", Grounds.PUBLISHED),
    Cost(Aspect.WORK, "the training software has to have such a kernel for this model", Grounds.HEURISTIC),
)


def steps(case: Case) -> tuple[Step, ...]:
    """The fused loss, where it is not used."""
    tuning = case.entry.fine_tuning
    if tuning is None or (tuning.loss is not None and tuning.loss.value is Loss.FUSED_LINEAR):
        return ()
    edit = Edit(case.path("fine_tuning", "loss"), Loss.FUSED_LINEAR.value)
    return (Step((edit,), f"use loss {Loss.FUSED_LINEAR}", _COSTS),)
