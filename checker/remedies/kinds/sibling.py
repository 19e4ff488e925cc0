"""Use the sibling of the other kind: the instruct model that was made of this base model, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from checker.facts.fact import Fact
from checker.facts.model import Facts, Relation, Variant
from checker.remedies.case import Case, Step
from checker.remedies.swap import swapped
from checker.remedy import Aspect, Cost, Grounds
from checker.rules.base_or_instruct import Settings, wanted

RULES = frozenset({"base-or-instruct"})
SIZE = 8
MOST = 2
_COSTS = (
    Cost(Aspect.QUALITY, "it answers differently: prompts and evaluations are to be done again", Grounds.HEURISTIC),
)


def steps(case: Case) -> tuple[Step, ...]:
    """The models of the same publisher that the facts join to this one and that are of the kind that is wanted."""
    settings, facts = case.settings, case.dossier.facts
    asked = wanted(case.entry, settings) if isinstance(settings, Settings) else None
    if asked is None:
        return ()
    return tuple(
        Step(edits, f"use {one.model}, the {kind} sibling of {facts.model}", _COSTS)
        for one, kind in _siblings(case, facts, asked[0])
        if (edits := swapped(case, one)) is not None
    )


def _siblings(case: Case, own: Facts, kinds: tuple[Variant, ...]) -> Iterator[tuple[Facts, Variant]]:
    publisher, _, _ = own.model.partition("/")
    parents = _parents(own)
    for model in case.catalogue.ids():
        if model.partition("/")[0] != publisher or model == own.model:
            continue
        facts = case.catalogue.find(model)
        if facts is None or not isinstance(facts.variant, Fact) or facts.variant.value not in kinds:
            continue
        theirs = _parents(facts)
        if own.model in theirs or model in parents or parents & theirs:
            yield facts, facts.variant.value


def _parents(facts: Facts) -> frozenset[str]:
    """The models that it was tuned from."""
    stated = facts.parents.value if isinstance(facts.parents, Fact) else ()
    return frozenset(parent.model for parent in stated if parent.relation in (Relation.FINETUNE, Relation.UNSTATED))
