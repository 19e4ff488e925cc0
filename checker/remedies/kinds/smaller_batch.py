"""Train on fewer samples at once, with as many more steps before an update."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"training-fits"})
READS = ("manifest.fine_tuning.micro_batch_size",)
SIZE = 2
IS_GRADED = True
_COSTS = (
    Cost(Aspect.SPEED, "more and smaller steps; gradient accumulation keeps the batch of an update", Grounds.HEURISTIC),
)


def steps(case: Case) -> tuple[Step, ...]:
    """Each smaller micro batch."""
    tuning = case.entry.fine_tuning
    asked = tuning.micro_batch_size.value if tuning and tuning.micro_batch_size else 1
    path = case.path("fine_tuning", "micro_batch_size")
    return tuple(
        Step((Edit(path, str(size)),), f"lower micro_batch_size from {asked} to {size}", _COSTS)
        for size in range(min(asked, _MOST) - 1, 0, -1)
    )


_MOST = 4096
"""No micro batch beyond it is looked at one by one."""
