"""Train on shorter samples."""

from __future__ import annotations

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds
from checker.selection.changes import LEAST_SAMPLE

RULES = frozenset({"training-fits"})
READS = ("manifest.fine_tuning.sequence_length",)
SIZE = 6
IS_GRADED = True
_UNIT = 512
"""Samples are proposed in whole multiples of this many tokens."""
_MOST = 4096
"""Multiples beyond which nothing is looked at one by one: two million tokens."""


def steps(case: Case) -> tuple[Step, ...]:
    """Every shorter sample, the longest first."""
    tuning = case.entry.fine_tuning
    asked = tuning.sequence_length.value if tuning and tuning.sequence_length else 0
    path = case.path("fine_tuning", "sequence_length")
    return tuple(
        Step((Edit(path, str(size)),), f"shorten sequence_length from {asked} to {size}", _costs(size))
        for size in (
            number * _UNIT for number in range(min((asked - 1) // _UNIT, _MOST), LEAST_SAMPLE // _UNIT - 1, -1)
        )
    )


def _costs(size: int) -> tuple[Cost, ...]:
    words = f"samples beyond {size} tokens are cut or split, and what stands further apart is not learned"
    return (Cost(Aspect.QUALITY, words, Grounds.BY_DEFINITION),)
