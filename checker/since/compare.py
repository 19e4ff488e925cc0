"""Marks what was there before a change: it stays in the report and does not block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from checker.value import NamedTuple
from checker.verdict import (
    Detail,
    Evaluation,
    JudgedManifest,
    JudgedModel,
    JudgedWaivers,
    Missing,
    Verdict,
    fingerprint,
)


class Before(NamedTuple):
    """What stood at the base, counted: of two equal findings today, one may be new."""

    blocking: Counter[str]
    """By fingerprint, what blocked."""
    any: Counter[str]
    """By fingerprint, all findings and all that was missing, waived ones among them."""
    unjudged: Counter[tuple[str, str]]
    """By project and name, the entries that no rule had anything to judge about."""


def before(manifests: Iterable[JudgedManifest], waivers: Iterable[JudgedWaivers]) -> Before:
    """What the old side of a change says."""
    stood = Before(Counter(), Counter(), Counter())
    for manifest in manifests:
        for model in manifest.models:
            stood.unjudged[manifest.project, model.name] += model.is_unjudged
            for evaluation in model.evaluations:
                _count(stood, evaluation, manifest.project)
    for judged in waivers:
        for waiver in judged.waivers:
            for evaluation in waiver.evaluations:
                _count(stood, evaluation, waiver.project)
    return stood


def _count(stood: Before, evaluation: Evaluation, project: str) -> None:
    for detail in evaluation.findings:
        this = fingerprint(evaluation.rule, project, evaluation.model, detail)
        stood.any[this] += 1
        stood.blocking[this] += detail.blocks
    for missing in evaluation.missing:
        this = fingerprint(evaluation.rule, project, evaluation.model, missing)
        stood.any[this] += 1
        stood.blocking[this] += evaluation.blocks and missing.waiver is None


def marked(manifest: JudgedManifest, stood: Before) -> JudgedManifest:
    """The manifest of today, with what was there before marked; each of these is used up by one finding."""
    return manifest._replace(models=tuple(_model(model, manifest.project, stood) for model in manifest.models))


def marked_waivers(judged: JudgedWaivers, stood: Before) -> JudgedWaivers:
    """The same for the findings that are about waivers."""
    return judged._replace(
        waivers=tuple(
            waiver._replace(evaluations=tuple(_evaluation(one, waiver.project, stood) for one in waiver.evaluations))
            for waiver in judged.waivers
        )
    )


def _model(model: JudgedModel, project: str, stood: Before) -> JudgedModel:
    evaluations = tuple(_evaluation(evaluation, project, stood) for evaluation in model.evaluations)
    was_unjudged = model.is_unjudged and _use_up(stood.unjudged, (project, model.name))
    return model._replace(evaluations=evaluations, was_unjudged=was_unjudged)


def _evaluation(evaluation: Evaluation, project: str, stood: Before) -> Evaluation:
    if not evaluation.findings and not evaluation.missing:
        return evaluation

    def was_before(one: Detail | Missing, blocks: bool) -> bool:
        this = fingerprint(evaluation.rule, project, evaluation.model, one)
        return _use_up(stood.blocking if blocks else stood.any, this)

    findings = tuple(
        detail._replace(was_before=True, blocks=False) if was_before(detail, detail.blocks) else detail
        for detail in evaluation.findings
    )
    missing = tuple(
        one._replace(was_before=was_before(one, evaluation.blocks and one.waiver is None)) for one in evaluation.missing
    )
    if evaluation.verdict is Verdict.FAIL:
        blocks = any(detail.blocks for detail in findings)
    else:
        blocks = evaluation.blocks and any(one.waiver is None and not one.was_before for one in missing)
    return evaluation._replace(findings=findings, missing=missing, blocks=blocks)


KeyT = TypeVar("KeyT")


def _use_up(counted: Counter[KeyT], key: KeyT) -> bool:
    if counted[key] <= 0:
        return False
    counted[key] -= 1
    return True
