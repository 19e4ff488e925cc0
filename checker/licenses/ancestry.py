"""Which ancestors of a model have a say in its licence, and through which kind of step."""

from collections.abc import Iterator

from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.lineage import CYCLE, Ancestor, Lineage
from checker.facts.model import Facts, Relation
from checker.licenses.declared import declared
from checker.licenses.derivative import RelationName
from checker.licenses.license import License
from checker.value import NamedTuple


class Link(NamedTuple):
    """One ancestor whose licence is known, and the way to it."""

    model: str
    """The ancestor's id."""
    license: License
    relation: RelationName
    """How all the steps that matter act together: what was trained on outputs is that, however it was copied on."""
    way: str
    """The steps in words, with how sure each is: "finetune of meta-llama/Llama-3.1-8B (inferred)"."""
    evidence: tuple[Fact[object], ...]


class Gap(NamedTuple):
    """A place where the lineage or a licence in it is not known."""

    reason: str
    is_cycle: bool = False
    """Whether sources say that a model descends from itself: one of them is wrong."""


def links(facts: Facts, lineage: Lineage) -> Iterator[Link | Gap]:
    """Every ancestor with a known licence, and every gap.

    A licensor is not bound by the licence that it gives: what the publisher of an ancestor made of it comes with the
    terms that the publisher chose for that.
    """
    if lineage.unnamed is not None:
        yield Gap(f"what {facts.model} descends from is not known: {lineage.unnamed.reason}")
    for path in lineage.paths():
        yield from _link(facts, path)


def _link(facts: Facts, path: tuple[Ancestor, ...]) -> Iterator[Link | Gap]:
    ancestor = path[-1]
    model = _model(ancestor)
    is_cycle = ancestor.above.unnamed is not None and ancestor.above.unnamed.name == CYCLE
    if isinstance(ancestor.facts, Unknown):
        yield Gap(f"{_way(path)}: {ancestor.facts.reason}", is_cycle)
        return
    if ancestor.above.unnamed is not None:
        yield Gap(f"what {model} descends from is not known: {ancestor.above.unnamed.reason}", is_cycle)
    stated = declared(ancestor.facts)
    relation = _relation(facts.model, path)
    if relation is None:
        return
    if isinstance(stated, Unknown) or not stated.texts:
        reason = stated.reason if isinstance(stated, Unknown) else stated.problem
        yield Gap(f"the licence of {model} is not known: {reason}")
        return
    evidence = (*(step.parent for step in path), *stated.evidence)
    for text in stated.texts:
        yield Link(model, text, relation, _way(path), evidence)


def _model(ancestor: Ancestor) -> str:
    return ancestor.parent.value.model if isinstance(ancestor.facts, Unknown) else ancestor.facts.model


def _publisher(model: str) -> str:
    return model.partition("/")[0].casefold() if "/" in model and not model.startswith(".") else ""


def _relation(child: str, path: tuple[Ancestor, ...]) -> RelationName | None:
    """The relation to the last of a path; None where its own publisher took the step from it, and so gave new terms."""
    licensor = _publisher(_model(path[-1]))
    makers = [child, *(_model(step) for step in path[:-1])]
    if licensor and _publisher(makers[-1]) == licensor:
        return None
    taken = [step.parent.value.relation for step in path]
    if Relation.DISTILL in taken:
        return "distill"
    if all(relation is Relation.QUANTIZED for relation in taken):
        return "quantized"
    if Relation.MERGE in taken:
        return "merge"
    return "finetune" if {Relation.FINETUNE, Relation.ADAPTER} & set(taken) else "unstated"


def _way(path: tuple[Ancestor, ...]) -> str:
    return ", ".join(_step(step) for step in path)


def _step(step: Ancestor) -> str:
    relation = step.parent.value.relation
    verb = "made from" if relation is Relation.UNSTATED else f"{relation.value} of"
    unsure = step.parent.certainty in (Certainty.INFERRED, Certainty.CLAIMED)
    return f"{verb} {_model(step)}{f' ({step.parent.certainty.value})' if unsure else ''}"
