"""Train adapters instead of all weights, or adapters on weights of four bits."""

from __future__ import annotations

from checker.manifest.choices import Method
from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds
from checker.selection.changes import SAID

RULES = frozenset({"training-fits"})
READS = ("manifest.fine_tuning.method",)
SIZE = 5
IS_GRADED = True
_COSTS = {
    Method.LORA: (Cost(Aspect.QUALITY, "adapters may learn less than all weights: evaluate", Grounds.HEURISTIC),),
    Method.QLORA: (
        Cost(Aspect.SPEED, "steps are slower, since weights are unpacked for each product", Grounds.HEURISTIC),
        Cost(Aspect.QUALITY, "close to 16 bits in what was published (arXiv:2305.14314): evaluate", Grounds.PUBLISHED),
    ),
}


def steps(case: Case) -> tuple[Step, ...]:
    """LoRA and QLoRA, as far as they ask for less than the present method."""
    tuning = case.entry.fine_tuning
    if tuning is None or tuning.method is None:
        return ()
    present, methods = tuning.method.value, list(Method)
    path = case.path("fine_tuning", "method")
    return tuple(
        Step((Edit(path, method.value),), f"use {SAID[method]} instead of {SAID[present]}", _COSTS[method])
        for method in methods[methods.index(present) + 1 :]
    )
