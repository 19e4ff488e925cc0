"""Serve a context that long-form documents need."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds
from checker.rules.context_window import Settings

RULES = frozenset({"context-window"})
SIZE = 4


def steps(case: Case) -> tuple[Step, ...]:
    """The least context that the policy asks for with `documents: long-form`."""
    deployment, settings = case.entry.deployment, case.settings
    asked = deployment.context_window.value if deployment and deployment.context_window else None
    if case.entry.documents is None or asked is None or not isinstance(settings, Settings):
        return ()
    if asked >= settings.long_form:
        return ()
    size = settings.long_form
    costs = (
        Cost(Aspect.MONEY, "the KV cache grows with the context", Grounds.BY_DEFINITION),
        Cost(Aspect.LATENCY, "long prompts take longer until the first word", Grounds.HEURISTIC),
    )
    edit = Edit(case.path("deployment", "context_window"), str(size))
    return (Step((edit,), f"raise context_window from {asked} to {size}", costs),)
