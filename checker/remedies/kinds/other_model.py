"""Choose another model of the same class that passes everything that can stop the gate."""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from checker import engine
from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.engine import Standing
from checker.facts.fact import Fact
from checker.facts.model import ArchitectureClass, Facts
from checker.guidance.guidance import guidance
from checker.manifest.edit import Edit, rebuilt
from checker.manifest.model import Manifest
from checker.remedies.case import Case, Step
from checker.remedies.swap import OF_ONE_MODEL, is_written, swapped
from checker.remedy import Aspect, Cost, Grounds
from checker.selection.ask import Question
from checker.selection.gathered import of_ids
from checker.verdict import JudgedModel

_PURPOSE = "architecture-objective"
RULES = frozenset(
    (
        *("license-known", "license-allowed", "license-use", "license-lineage", _PURPOSE, "base-or-instruct"),
        *("classification-head", "benchmark-floor", "model-approved", "model-denied", "publisher-allowed"),
        *("remote-code", "weights-format", "gated-access", "context-window", "serving-fits", "training-fits"),
    )
)
"""What depends on the model itself; a wrong line about the right model is not among it."""
READS = ("model.",)
SIZE = 9
MOST = 3
_PASSING = 5
"""How many that pass are enough: some of them may bring advice that the present model does not, and fall out."""
_JUDGED = 48
"""The nearest models that are judged for one entry; the catalogue has hundreds."""
_COSTS = (
    Cost(Aspect.QUALITY, "another model: prompts, evaluations and tuning are to be done again", Grounds.BY_DEFINITION),
)


def steps(case: Case) -> tuple[Step, ...]:
    """Models that pass, those nearest in size first; only for what stops the gate."""
    if not case.stops:
        return ()
    own = case.dossier.facts
    return tuple(
        Step(edits, f"use {facts.model} instead of {own.model}", _COSTS)
        for facts in case.once(f"other models for {case.position}", lambda: _passing(case, own))
        if (edits := swapped(case, facts)) is not None
    )


def _passing(case: Case, own: Facts) -> tuple[Facts, ...]:
    """The first that pass everything that can stop the gate."""
    try:
        manifest = _opened(case)
    except InputError:
        return ()
    question = Question(manifest, manifest.models[case.position], case.root, SourceFile("", ""), written=True)
    found = list[Facts]()
    stages = _stages(case.standing)
    for facts in _nearest(case, own, any_class=_misfit(case))[:_JUDGED]:
        (one,) = of_ids(question, (facts.model,), case.around)
        models = tuple(
            one.entry if position == case.position else entry for position, entry in enumerate(manifest.models)
        )
        dossiers = tuple(
            one.dossier if position == case.position else dossier for position, dossier in enumerate(case.dossiers)
        )
        changed = manifest.model_copy(update={"models": models})
        if all(not _stops(engine.check(changed, dossiers, stage, only=one.entry)) for stage in stages):
            found.append(facts)
        if len(found) == _PASSING:
            break
    return tuple(found)


def _misfit(case: Case) -> bool:
    """Whether the model is built for something else, so that its own class is the wrong one."""
    rules = tuple(rule for rule in case.standing.rules if rule.rule.id == _PURPOSE)
    standing = case.standing._replace(rules=rules)
    return _stops(engine.check(case.manifest, case.dossiers, standing, only=case.entry))


def _stages(standing: Standing) -> tuple[Standing, ...]:
    """The rules that can stop the gate: those that compare values, then serving, then the costly training."""
    deciding = [rule for rule in standing.rules if rule.level.blocks]
    stages = [
        tuple(rule for rule in deciding if rule.rule.id not in _COSTLY),
        *(tuple(rule for rule in deciding if rule.rule.id == name) for name in _COSTLY),
    ]
    return tuple(standing._replace(rules=rules) for rules in stages)


_COSTLY = ("serving-fits", "training-fits")


def _stops(judged: tuple[JudgedModel, ...]) -> bool:
    return any(evaluation.blocks for model in judged for evaluation in model.evaluations)


def _opened(case: Case) -> Manifest:
    """The manifest without what is about the entry's present model alone."""
    node = case.root
    written = [case.path(*keys) for keys in OF_ONE_MODEL if is_written(case, keys)]
    opened = rebuilt(node, (Edit(path, None) for path in written))
    return bind(opened, Manifest)


def _nearest(case: Case, own: Facts, *, any_class: bool) -> list[Facts]:
    """Models of the same class of architecture and size, the nearest in size first, those of the publisher before.

    With `any_class` the architecture may be any.
    """
    publisher = own.model.partition("/")[0]
    ranked = []
    for facts in _of_class(case, own, any_class=any_class):
        distance = abs(log(_size(facts) / _size(own))) if _size(facts) and _size(own) else 0.0
        ranked.append((round(distance, 2), facts.model.partition("/")[0] != publisher, facts.model, facts))
    return [facts for *_, facts in sorted(ranked, key=lambda one: one[:3])]


def _of_class(case: Case, own: Facts, *, any_class: bool) -> Iterator[Facts]:
    for model in case.catalogue.ids():
        facts = case.catalogue.find(model)
        if facts is None or model == own.model or isinstance(facts.hub_status, Fact):
            continue
        alike = any_class or _built(own) is None or _built(facts) is _built(own)
        if alike and _class_of(facts) == _class_of(own):
            yield facts


def _built(facts: Facts) -> ArchitectureClass | None:
    return facts.architecture_class.value if isinstance(facts.architecture_class, Fact) else None


def _class_of(facts: Facts) -> str:
    """The guidance's class of size; of a size between or beyond them, the power of two in billions."""
    billions = _size(facts) / 10**9
    if not billions:
        return ""
    named = (one.name for one in guidance().size_classes if one.least_billions <= billions < one.most_billions + 1)
    return next(named, f"2**{round(log(billions, 2))}")


def _size(facts: Facts) -> int:
    return facts.parameters.value if isinstance(facts.parameters, Fact) else 0
