"""What a run has to say of single lines, worst first: the one list that formats for other tools are made from."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from checker.document.errors import Problem
from checker.document.place import NOWHERE, Place
from checker.report._unjudged import nothing_judged
from checker.rulebook.schedule import Enforcement
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import (
    Detail,
    Evaluation,
    JudgedManifest,
    JudgedModel,
    Missing,
    RefusedManifest,
    Report,
    WaivedBy,
    fingerprint,
)

UNUSABLE = "unusable-input"
"""Stands in a rule's place where a file cannot be used, so that nothing of it was judged."""
UNJUDGED = "nothing-judged"
"""Stands in a rule's place where no rule applies to a model, so that it cannot pass."""


class Weight(IntEnum):
    """What a remark means for the gate, worst first."""

    UNUSABLE = 0
    """Code 2."""
    BLOCKS = 1
    """Code 1."""
    UNKNOWN = 2
    """A blocking rule could not be evaluated: code 3."""
    ADVICE = 3
    UNKNOWN_ADVICE = 4
    WAIVED = 5

    @property
    def stops(self) -> bool:
        """Whether the gate stops on it."""
        return self <= Weight.UNKNOWN


_WORDS = {
    Weight.UNUSABLE: "cannot be used",
    Weight.BLOCKS: "blocks",
    Weight.UNKNOWN: "blocks, could not be evaluated",
    Weight.ADVICE: "advice",
    Weight.UNKNOWN_ADVICE: "advice, could not be evaluated",
    Weight.WAIVED: "waived",
}


class Remark(NamedTuple):
    """One thing to say of one line."""

    rule: str
    weight: Weight
    at: Place
    found: str
    expected: str
    remedy: str
    fingerprint: str
    """SHA-256 in hex by which it is the same one in another run; unique only together with how often it occurred."""
    file: str
    """The manifest, or the file of waivers, that was judged."""
    project: str = ""
    model: str = ""
    """The entry's name, or the waiver's id."""
    enforcement: Enforcement = Enforcement.HARD_MANDATORY
    settled_by: str = "you"
    evaluation: Evaluation | None = None
    detail: Detail | Missing | None = None
    waiver: WaivedBy | None = None

    @property
    def words(self) -> str:
        """What it means for the gate, in words."""
        return _WORDS[self.weight] + (", was there before" if self.was_before else "")

    @property
    def was_before(self) -> bool:
        """Whether it was there before the change that is judged."""
        return self.detail is not None and self.detail.was_before

    @property
    def sentence(self) -> str:
        """What was found and what was expected, as plain text on one line."""
        expected = f"; expected {self.expected}" if self.expected else ""
        waived = f"; {waived_by(self.waiver)}" if self.waiver else ""
        return f"{self.found}{expected}{waived}"


def place(at: Place, surroundings: Surroundings) -> str:
    """A place as `path:line:column`, by the path inside its repository where it has one."""
    name = at.file.name
    return f"{surroundings.paths.get(name, name)}:{at.line}:{at.column}"


def waived_by(waiver: WaivedBy) -> str:
    """Who lets a finding pass and until when, and whether somebody else wrote that down."""
    days = f"{waiver.days_left} day{'' if waiver.days_left == 1 else 's'} left"
    return (
        f"waived by {waiver.id} until {waiver.expires} ({days}), approved by {waiver.approver},"
        f" {written_by(waiver)}: {waiver.kind}, {waiver.reason}"
    )


def written_by(waiver: WaivedBy) -> str:
    """Who wrote a waiver down; an approver is a name and no signature."""
    if not waiver.commit:
        return "git does not know who wrote it"
    same = "who is also its approver" if waiver.approver_is_author else "not its approver"
    return f"written by {waiver.author}, {same}"


def remarks(report: Report) -> tuple[Remark, ...]:
    """Everything that fails, is unknown, is waived or cannot be used; worst first, else in the order of the report."""
    gate = _Gate(frozenset(map(id, report.stopping)), report.fail_on is Enforcement.ADVISORY)
    found = [remark for refused in report.refused for remark in _refused(refused)]
    for manifest in report.manifests:
        for model in manifest.models:
            if model.is_unjudged:
                found.append(_unjudged(manifest, model))
            for evaluation in model.evaluations:
                found += _evaluated(gate, manifest.file, manifest.project, evaluation)
    for file in report.waivers:
        for waiver in file.waivers:
            for evaluation in waiver.evaluations:
                found += _evaluated(gate, file.file, waiver.project, evaluation)
    return tuple(sorted(found, key=_worst_first))


def files(report: Report) -> Iterator[str]:
    """The names of all files that the report rests on: those that its places are in, and what was read beside them."""
    for manifest in report.manifests:
        locks = (*((manifest.lock,) if manifest.lock else ()), *manifest.policy.facts)
        yield from (lock.file for lock in locks)
        yield from (layer.name for layer in manifest.policy.layers)
        if manifest.waivers is not None:
            yield manifest.waivers
    for remark in remarks(report):
        yield remark.at.file.name
        if isinstance(remark.detail, Detail):
            yield remark.detail.policy.at.file.name


def _worst_first(remark: Remark) -> tuple[int, int]:
    return remark.weight, -remark.enforcement.rank


def _refused(refused: RefusedManifest) -> Iterator[Remark]:
    for problem in refused.problems:
        at = problem.at or NOWHERE._replace(file=NOWHERE.file._replace(name=problem.file or refused.file))
        yield Remark(
            rule=UNUSABLE,
            weight=Weight.UNUSABLE,
            at=at,
            found=problem.sentence,
            expected=_advice(problem),
            remedy="",
            fingerprint=fingerprint(UNUSABLE, "", "", Missing("", "", "", "", at, value=problem.sentence)),
            file=refused.file,
        )


def _advice(problem: Problem) -> str:
    return "; ".join(part for part in (problem.expected, problem.hint) if part)


def _unjudged(manifest: JudgedManifest, model: JudgedModel) -> Remark:
    lack = Missing("", "", "", "", model.at, value=model.id, was_before=model.was_unjudged)
    return Remark(
        rule=UNJUDGED,
        weight=Weight.UNKNOWN_ADVICE if model.was_unjudged else Weight.UNKNOWN,
        at=model.at,
        found=nothing_judged(model),
        expected="a policy with a rule for models of this kind",
        remedy="",
        fingerprint=fingerprint(UNJUDGED, manifest.project, model.name, lack),
        file=manifest.file,
        project=manifest.project,
        model=model.name,
        settled_by="platform",
        detail=lack,
    )


class _Gate(NamedTuple):
    """What the gate stops on in this run."""

    stopping: frozenset[int]
    """The identities of the evaluations."""
    advice_stops: bool
    """Whether what only advises stops too, because `--fail-on` says so."""


def _evaluated(gate: _Gate, file: str, project: str, evaluation: Evaluation) -> Iterator[Remark]:
    stops = id(evaluation) in gate.stopping
    for detail in evaluation.findings:
        blocks = stops and not detail.was_before and (detail.blocks or gate.advice_stops)
        weight = Weight.WAIVED if detail.waiver else Weight.BLOCKS if blocks else Weight.ADVICE
        yield _remark(file, project, evaluation, detail, weight, (detail.found, detail.expected, detail.remedy))
    for missing in evaluation.missing:
        blocks = stops and not missing.was_before
        weight = Weight.WAIVED if missing.waiver else Weight.UNKNOWN if blocks else Weight.UNKNOWN_ADVICE
        found = f"`{missing.name}` is missing: {missing.reason}"
        remedy = f"state it in {missing.where}" if missing.yaml else ""
        yield _remark(file, project, evaluation, missing, weight, (found, "", remedy))


def _remark(
    file: str,
    project: str,
    evaluation: Evaluation,
    detail: Detail | Missing,
    weight: Weight,
    said: tuple[str, str, str],
) -> Remark:
    found, expected, remedy = said
    return Remark(
        rule=evaluation.rule,
        weight=weight,
        at=detail.at,
        found=found,
        expected=expected,
        remedy=remedy,
        fingerprint=fingerprint(evaluation.rule, project, evaluation.model, detail),
        file=file,
        project=project,
        model=evaluation.model,
        enforcement=evaluation.enforcement,
        settled_by=evaluation.settled_by,
        evaluation=evaluation,
        detail=detail,
        waiver=detail.waiver,
    )
