"""Divide the model among more GPUs of the same kind."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.plan import Sharding
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"serving-fits", "training-fits"})
SIZE = 7
IS_GRADED = True
_COUNTS = (2, 4, 8, 16)


def steps(case: Case) -> tuple[Step, ...]:
    """Twice as many and more, up to 8 for serving and 16 for training."""
    is_training = case.rule == "training-fits"
    part = case.entry.fine_tuning if is_training else case.entry.deployment
    stated = (part.hardware if part else None) or case.manifest.hardware
    if stated is None or stated.instance is not None:
        return ()  # an instance has the GPUs that it has
    present, found = stated.count.value, list[Step]()
    path = case.hardware_path("fine_tuning" if is_training else "deployment")
    shared = " for all models on them" if path == ("hardware",) else ""
    shard = (Edit(case.path("fine_tuning", "sharding"), Sharding.FSDP.value),) if is_training else ()
    if shard and present > 1 and case.entry.fine_tuning and case.entry.fine_tuning.sharding is None:
        found.append(Step(shard, f"divide the training among the {present} GPUs (sharding fsdp)", _costs(0)))
    words = ", which divide the training (sharding fsdp)" if is_training else ""
    for count in _COUNTS if is_training else _COUNTS[:-1]:
        if count > present:
            said = f"use {count} GPUs instead of {present}{shared}{words}"
            found.append(Step((Edit((*path, "count"), str(count)), *shard), said, _costs(count - present)))
    return tuple(found)


def _costs(more: int) -> tuple[Cost, ...]:
    exchange = Cost(Aspect.SPEED, "the GPUs exchange data at every step: a slow link shows", Grounds.HEURISTIC)
    if not more:
        return (exchange,)
    return (Cost(Aspect.MONEY, f"{more} more of this GPU", Grounds.UNKNOWN), exchange)
