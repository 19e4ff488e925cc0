"""Serve fewer requests at the same time."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds

RULES = frozenset({"serving-fits"})
READS = ("manifest.deployment.parallel_requests",)
SIZE = 4
IS_GRADED = True
_MOST = 4096
"""Numbers of requests beyond it are not looked at one by one."""


def steps(case: Case) -> tuple[Step, ...]:
    """Every smaller number, the largest first."""
    deployment = case.entry.deployment
    asked = deployment.parallel_requests.value if deployment else 1
    path = case.path("deployment", "parallel_requests")
    return tuple(
        Step((Edit(path, str(count)),), f"lower parallel_requests from {asked} to {count}", _costs(count))
        for count in range(min(asked - 1, _MOST), 0, -1)
    )


def _costs(count: int) -> tuple[Cost, ...]:
    return (Cost(Aspect.LATENCY, f"a request beyond {count} at once waits for another to end", Grounds.BY_DEFINITION),)
