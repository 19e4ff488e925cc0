"""Lets waivers cover findings: what a waiver that counts is meant for is marked with it and blocks no more."""

from __future__ import annotations

from collections.abc import Callable

from checker.rulebook.schedule import Enforcement
from checker.verdict import Detail, Evaluation, JudgedModel, Missing, Verdict, WaivedBy, fingerprint
from checker.waivers.file import Waiver
from checker.waivers.ledger import Weighed, matches

Find = Callable[[Detail | Missing], WaivedBy | None]


def covered(models: tuple[JudgedModel, ...], project: str, weighed: tuple[Weighed, ...]) -> tuple[JudgedModel, ...]:
    """The models of one manifest, with the waivers of its project applied."""
    counting = [one for one in weighed if one.counts]
    if not counting:
        return models
    return tuple(_model(model, project, counting) for model in models)


def _model(model: JudgedModel, project: str, weighed: list[Weighed]) -> JudgedModel:
    meant = [one for one in weighed if is_meant(one.waiver, model)]
    if not meant:
        return model
    return model._replace(
        evaluations=tuple(_evaluation(evaluation, project, meant) for evaluation in model.evaluations)
    )


def is_meant(waiver: Waiver, model: JudgedModel) -> bool:
    """Whether a waiver is about a model: by its name, or by its id where the waiver writes one."""
    names = (model.id, model.found_as, model.name) if "/" in waiver.model.value else (model.name,)
    of_revision = waiver.revision is None or matches(waiver.revision.value, model.revision or "")
    return of_revision and any(matches(waiver.model.value, name) for name in names)


def _evaluation(evaluation: Evaluation, project: str, weighed: list[Weighed]) -> Evaluation:
    # A second bolt: whatever the weighing thought of a waiver, nothing covers what is hard-mandatory.
    if evaluation.enforcement is Enforcement.HARD_MANDATORY:
        return evaluation
    if evaluation.verdict not in (Verdict.FAIL, Verdict.NOT_EVALUATED):
        return evaluation
    meant = [one for one in weighed if matches(one.waiver.rule.value, evaluation.rule)]
    if not meant:
        return evaluation

    def find(detail: Detail | Missing) -> WaivedBy | None:
        this = fingerprint(evaluation.rule, project, evaluation.model, detail)
        return next((one.shown for one in meant if _is_for(one.waiver, this)), None)

    return _marked(evaluation, find)


def _is_for(waiver: Waiver, this: str) -> bool:
    return waiver.fingerprint is None or waiver.fingerprint.value == this


def _marked(evaluation: Evaluation, find: Find) -> Evaluation:
    findings = tuple(
        detail._replace(waiver=waiver, blocks=False) if (waiver := find(detail)) else detail
        for detail in evaluation.findings
    )
    missing = tuple(one._replace(waiver=waiver) if (waiver := find(one)) else one for one in evaluation.missing)
    marked = evaluation._replace(findings=findings, missing=missing)
    covering = [one.waiver for one in findings] + [one.waiver for one in missing]
    if not any(covering):
        return evaluation
    all_covered = all(covering)
    if evaluation.verdict is Verdict.FAIL:
        blocks = any(detail.blocks for detail in findings)
        settled = not blocks if evaluation.blocks else all_covered
    else:
        blocks, settled = evaluation.blocks and not all_covered, all_covered
    return marked._replace(blocks=blocks, verdict=Verdict.WAIVED if settled else evaluation.verdict)
