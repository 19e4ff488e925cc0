"""Serve a shorter context."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds
from checker.selection.changes import LEAST_WINDOW

RULES = frozenset({"serving-fits", "context-window"})
READS = ("manifest.deployment.context_window",)
SIZE = 4
IS_GRADED = True
_UNIT = 1024
"""Contexts are proposed in whole multiples of this many tokens."""


def steps(case: Case) -> tuple[Step, ...]:
    """Every shorter context, the longest first."""
    deployment = case.entry.deployment
    asked = deployment.context_window.value if deployment and deployment.context_window else 0
    longest = min((asked - 1) // _UNIT, _MOST)
    return tuple(_step(case, size * _UNIT, asked) for size in range(longest, LEAST_WINDOW // _UNIT - 1, -1))


_MOST = 2048
"""Multiples beyond which nothing is looked at one by one: two million tokens."""


def _step(case: Case, size: int, asked: int) -> Step:
    deployment = case.entry.deployment
    assert deployment is not None  # it states the context that is lowered
    edits = [Edit(case.path("deployment", "context_window"), str(size))]
    said = f"lower context_window from {asked} to {size}"
    if deployment.prompt_tokens is not None and deployment.prompt_tokens.value > size:
        edits.append(Edit(case.path("deployment", "prompt_tokens"), str(size)))
        said += f", and prompt_tokens to {size}"
    words = f"requests beyond {size} tokens, prompt and answer together, are refused or cut"
    return Step(tuple(edits), said, (Cost(Aspect.REACH, words, Grounds.BY_DEFINITION),))
