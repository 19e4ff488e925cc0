"""A sum of memory as a picture shows it."""

from collections.abc import Sequence

from checker.memory.estimate import Estimate
from checker.memory.fit import Fitting
from checker.rulebook.outcome import Stack


def stack_of(what: str, estimates: Sequence[tuple[str, Estimate]], fitting: Fitting) -> Stack:
    """The terms of all estimates, the largest first, beside what one device has.

    Args:
        what: what is added up, on what.
        estimates: each with the name of its model; empty where there is only one.
        fitting: what the device has, and what of it may be used.
    """
    parts = [
        (f"{name}: {term.name}" if name else term.name, term.bytes)
        for name, estimate in estimates
        for term in estimate.terms
    ]
    return Stack(what, tuple(sorted(parts, key=lambda part: -part[1])), fitting.capacity, fitting.limit)
