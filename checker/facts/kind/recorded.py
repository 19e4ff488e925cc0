"""Signals out of recorded facts, and what the record itself says of the kind held against the tables' answer."""

from __future__ import annotations

from typing import TypeVar

from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.kind.decide import Evidence, Kind, Standing, Training
from checker.facts.kind.signals import Signals
from checker.facts.model import Facts, Head, Variant

T = TypeVar("T")
U = TypeVar("U")
_PROBLEMS = {Head.SIGMOID: "multi_label_classification", Head.SOFTMAX: "single_label_classification"}
_FIELDS = {
    "architectures": "architectures",
    "model_type": "model_type",
    "pipeline_tag": "pipeline_tag",
    "library_name": "library_name",
    "head": "problem_type",
}
"""Facts that are signals, and the fields of `Signals` that they fill."""
_TRAININGS = {
    Variant.BASE: Training.BASE,
    Variant.INSTRUCT: Training.INSTRUCT,
    Variant.EMBEDDING: Training.EMBEDDING,
    Variant.RERANKER: Training.RERANKER,
    Variant.CLASSIFIER: Training.CLASSIFIER,
    Variant.OTHER: Training.OTHER,
}


def signals_of(facts: Facts) -> Signals:
    """The signals that recorded facts state; what somebody judged the model to be is none of them."""
    head = _value(facts.head, None)
    return Signals(
        id=facts.model,
        architectures=_value(facts.architectures, ()),
        model_type=_value(facts.model_type, ""),
        pipeline_tag=_value(facts.pipeline_tag, ""),
        library_name=_value(facts.library_name, ""),
        parents=_value(facts.parents, ()),
        problem_type=_PROBLEMS[head] if head else "",
        settings=("vision",) if _value(facts.multimodal, False) else (),
        unsure=frozenset(
            field
            for name, field in _FIELDS.items()
            if isinstance(fact := getattr(facts, name), Fact) and not fact.certainty.reaches(Certainty.DECLARED)
        ),
    )


def held_against_record(kind: Kind, facts: Facts) -> Kind:
    """The answer together with what the record says: a contradiction makes it ambiguous, and a gap is filled."""
    built, variant = facts.architecture_class, facts.variant
    if isinstance(built, Unknown):
        return kind
    if kind.architecture_class is None:
        training = _TRAININGS[variant.value] if isinstance(variant, Fact) else None
        evidence = (_told("architecture_class", built),)
        return kind._replace(
            architecture_class=built.value,
            training=training,
            standing=Standing.INFERRED if training else Standing.UNKNOWN,
            evidence=(*kind.evidence, *evidence, *((_told("variant", variant),) if isinstance(variant, Fact) else ())),
        )
    told = [_told("architecture_class", built)] if built.value is not kind.architecture_class else []
    judged = kind.training.variant if kind.training else None
    if isinstance(variant, Fact) and judged is not None and variant.value is not judged:
        told.append(_told("variant", variant))
    if not told:
        return kind
    return kind._replace(standing=Standing.AMBIGUOUS, evidence=(*kind.evidence, *told))


def _told(decides: str, fact: Fact[T]) -> Evidence:
    return Evidence(decides, str(fact.value), f"the catalogue's record ({fact.source.detail})", (), Standing.INFERRED)


def _value(fact: Fact[T] | Unknown, otherwise: U) -> T | U:
    return fact.value if isinstance(fact, Fact) else otherwise
