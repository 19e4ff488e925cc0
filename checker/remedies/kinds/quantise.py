"""Load the weights in fewer bits."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.memory.alternatives import smaller_weights
from checker.memory.plan import Runtime
from checker.memory.weights import canonical, format_in_name
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"serving-fits"})
READS = ("manifest.deployment.quantization",)
SIZE = 5
IS_GRADED = True
_COSTS = (
    Cost(Aspect.QUALITY, "some is lost, how much depends on the task: evaluate the artefact", Grounds.HEURISTIC),
    Cost(Aspect.WORK, "weights in this format have to be made or found, and pinned", Grounds.BY_DEFINITION),
)


def steps(case: Case) -> tuple[Step, ...]:
    """The formats that the runtime loads below the present one; none for an artefact that has its own."""
    deployment = case.entry.deployment
    if deployment is None or deployment.weights is not None or format_in_name(case.entry.model.value):
        return ()
    runtime = Runtime(deployment.runtime.value) if deployment.runtime else Runtime.VLLM
    stated = deployment.quantization
    present = canonical(stated.value.value) if stated else "none"
    before = stated.value.value if stated else "the published weights"
    path = case.path("deployment", "quantization")
    return tuple(
        Step((Edit(path, name),), f"quantise the weights to {name} instead of {before}", _COSTS)
        for name in smaller_weights(runtime, present)
    )
