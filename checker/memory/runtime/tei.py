"""TEI: encoders in batches of a fixed number of tokens, a copy on each device."""

from checker.memory.estimate import Term
from checker.memory.runtime.case import Case, Phase, block_values

BATCH = 16384
"""Tokens of a batch (`--max-batch-tokens`)."""


def phases(case: Case) -> tuple[Phase, ...]:
    """One full batch."""
    weights = Term("weights", case.held.device, case.held.formula)
    return (Phase("a full batch", (weights, block_values(case, max(BATCH, case.plan.context_window)))),)


def notes(case: Case) -> tuple[str, ...]:
    """What is assumed of TEI."""
    return ("each device serves a copy",) if case.devices > 1 else ()
