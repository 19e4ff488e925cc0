"""Keep the KV cache in a smaller number format."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.alternatives import smaller_caches
from checker.memory.plan import Runtime
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"serving-fits"})
READS = ("manifest.deployment.kv_cache",)
SIZE = 3
IS_GRADED = True
_COSTS = (
    Cost(Aspect.QUALITY, "a little is lost, more over long contexts; evaluate before relying on it", Grounds.HEURISTIC),
)


def steps(case: Case) -> tuple[Step, ...]:
    """The formats that the runtime has below the present one."""
    deployment = case.entry.deployment
    if deployment is None:
        return ()
    runtime = Runtime(deployment.runtime.value) if deployment.runtime else Runtime.VLLM
    present, path = deployment.kv_cache.value.value, case.path("deployment", "kv_cache")
    return tuple(
        Step((Edit(path, name),), f"keep the KV cache as {name} instead of {present}", _COSTS)
        for name in smaller_caches(runtime, present)
    )
