"""Take a larger GPU of those that are widely sold or rented."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.gpus import gpus
from checker.memory.hardware import hardware_of
from checker.memory.plan import Hardware
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"serving-fits", "training-fits"})
SIZE = 7
IS_GRADED = True
_COSTS = (Cost(Aspect.MONEY, "a larger GPU", Grounds.UNKNOWN),)


def steps(case: Case) -> tuple[Step, ...]:
    """Every common GPU with more memory than the present one, the smallest first."""
    block = "fine_tuning" if case.rule == "training-fits" else "deployment"
    part = case.entry.fine_tuning if block == "fine_tuning" else case.entry.deployment
    stated = (part.hardware if part else None) or case.manifest.hardware
    if stated is None or stated.instance is not None:
        return ()  # an instance has the GPUs that it has
    present = hardware_of(stated.stated)
    if not isinstance(present, Hardware):
        return ()
    path = case.hardware_path(block)
    shared = " for all models on it" if path == ("hardware",) else ""
    larger = [one for one in gpus() if one.common and one.kind != "unified" and one.usable_bytes > present.bytes]
    return tuple(
        Step((_edit(path, one.name, is_named=stated.gpu is not None),), f"take a {one.name}{shared}", _COSTS)
        for one in sorted(larger, key=lambda one: one.usable_bytes)
    )


def _edit(path: tuple[str | int, ...], name: str, *, is_named: bool) -> Edit:
    return Edit((*path, "gpu"), name) if is_named else Edit((*path, "vram"), name, key="gpu")
