"""Estimates of many plans of one model: what plans that differ in their micro batch have in common is counted once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from checker.memory import training
from checker.memory.count.step import Moment
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.guide import Figures
from checker.memory.model import Model
from checker.memory.plan import TrainingPlan, absurd


def estimate(model: Model, plan: TrainingPlan, guide: Sequence[Figures] = ()) -> Estimate | NotEstimable:
    """What `training.estimate` gives: memory grows with the tokens of a step, so that one count serves all batches."""
    if words := absurd(plan):
        return NotEstimable(words)
    counted = _count(model, plan._replace(micro_batch_size=1))
    return counted if isinstance(counted, NotEstimable) else counted.estimate(plan.tokens, guide)


@lru_cache(256)
def _count(model: Model, plan: TrainingPlan) -> training.Counted | NotEstimable:
    counted = training.count(model, plan)
    if isinstance(counted, NotEstimable):
        return counted
    return counted._replace(events=_highest(counted.events))


def _highest(events: Sequence[Moment]) -> tuple[Moment, ...]:
    """The events that can be the fullest of their place for some number of tokens: a few of hundreds, in their order.

    Bytes are a + b · tokens, so that an event with both smaller than another's is never above it.
    """
    places: dict[tuple[str, int], list[tuple[float, float, int]]] = {}
    for index, event in enumerate(events):
        total = sum(event.live)
        places.setdefault((event.phase, event.place), []).append((total.real, total.imag, -index))
    kept: list[int] = []
    for found in places.values():
        steepest = -1.0
        for _, slope, index in sorted(found, reverse=True):
            if slope > steepest:
                steepest = slope
                kept.append(-index)
    return tuple(events[index] for index in sorted(kept))
