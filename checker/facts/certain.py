"""The view of a model's facts that a rule gets: nothing in it is less sure than the rule asks for."""

from __future__ import annotations

from typing import Any

from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.model import Facts


def at_least(facts: Facts, minimum: Certainty) -> Facts:
    """The same facts, those less sure than `minimum` as unknown, with that as the reason."""
    if minimum is Certainty.CLAIMED:
        return facts
    dropped: dict[str, Any] = {
        name: too_unsure(name, fact, minimum)
        for name, fact in zip(Facts._fields, facts, strict=True)
        if isinstance(fact, Fact) and not fact.certainty.reaches(_AT_MOST.get(name, minimum))
    }
    scores = tuple(score for score in facts.benchmarks if score.certainty.reaches(minimum))
    return facts._replace(benchmarks=scores, **dropped)


def one_at_least(name: str, facts: Facts, minimum: Certainty) -> object:
    """One field of that view, without making the others."""
    fact = getattr(facts, name)
    if name == "benchmarks":
        return tuple(score for score in facts.benchmarks if score.certainty.reaches(minimum))
    if (
        type(fact) is Fact
        and minimum is not Certainty.CLAIMED
        and not fact.certainty.reaches(_AT_MOST.get(name, minimum))
    ):
        return too_unsure(name, fact, minimum)
    return fact


_AT_MOST = {"multimodal": Certainty.INFERRED}
"""What our own judgement is good enough for, whatever a rule asks of the other facts: it decides which terms apply."""


def too_unsure(name: str, fact: Fact[object], minimum: Certainty) -> Unknown:
    """What stands in for a fact that is less sure than a rule asks for."""
    source = fact.source
    return Unknown(name, f"it is only {fact.certainty} ({source.origin}: {source.detail}); the rule asks for {minimum}")
