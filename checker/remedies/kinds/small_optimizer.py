"""Keep the optimizer's states in eight bits."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.plan import Optimizer
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"training-fits"})
READS = ("manifest.fine_tuning.optimizer",)
SIZE = 2
IS_GRADED = True
_COSTS = (
    Cost(
        Aspect.QUALITY,
        "close to 32-bit states in what was published (arXiv:2110.02861); compare one run",
        Grounds.PUBLISHED,
    ),
)


def steps(case: Case) -> tuple[Step, ...]:
    """AdamW of eight bits in the place of AdamW of 32."""
    tuning = case.entry.fine_tuning
    if tuning is None or (tuning.optimizer is not None and tuning.optimizer.value is not Optimizer.ADAMW):
        return ()
    edit = Edit(case.path("fine_tuning", "optimizer"), Optimizer.ADAMW_8BIT.value)
    return (Step((edit,), f"use optimizer {Optimizer.ADAMW_8BIT}", _COSTS),)
