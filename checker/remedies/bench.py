"""Judges one manifest with changes made to it, by the engine and the gate that judge it without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from checker import applying, engine, gate
from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.tree import Mapping, parse
from checker.manifest.edit import Edit, Splice, edited, rebuilt
from checker.manifest.model import Manifest
from checker.remedies.case import Case
from checker.remedies.patch import mark_of
from checker.remedy import After
from checker.request import STANDARD_INPUT, Request
from checker.selection.gathered import Surroundings
from checker.value import NamedTuple
from checker.verdict import Detail, Evaluation, JudgedManifest, Missing, Report, Verdict

Key: TypeAlias = tuple[int | str, bool, str]
"""Which evaluation it is: the entry's position (or the waiver's id), whether it is about its weights, and the rule."""


class Trial(NamedTuple):
    """A changed text and what became of it."""

    text: str
    splices: tuple[Splice, ...]
    report: Report
    evaluations: dict[Key, Evaluation]


class Bench:
    """One manifest, and what changes to it would lead to."""

    def __init__(self, source: SourceFile, request: Request) -> None:
        """Judge the manifest as it is.

        Raises:
            InputError: it cannot be used.
        """
        self.source = source
        self.mark = mark_of(Path(source.name))
        self.folder = Path() if source.name == STANDARD_INPUT else Path(source.name).parent
        self._request = request._replace(
            paths=(Path(source.name),), discovered=False, proposals=False, keep_basis=True, standard_input=None
        )
        self.before = self._trial(source.text, ())
        basis = self._judged(self.before.report).basis
        assert basis is not None  # the request asks to keep it
        root = parse(source)
        assert isinstance(root, Mapping)  # it was read
        self.manifest, self.dossiers, self.root = basis.manifest, basis.dossiers, root
        repository = applying.root_of(self.folder)
        self.standing = applying.standing(applying.key_of(request, repository))._replace(proposals=False)
        lock = gate.lock_beside(self.folder, repository)
        locks = gate.locks_of(lock, self.standing.policy)
        self.around = Surroundings(self.folder, repository, gate.catalogue(), locks)
        self._trials: dict[tuple[Edit, ...], Trial | None] = {}
        self._held: dict[tuple[str, int, tuple[Edit, ...]], bool] = {}
        self._remembered: dict[str, Any] = {}
        self.judged = 0

    @property
    def project(self) -> str:
        """The project of the manifest."""
        return self._judged(self.before.report).project

    def _judged(self, report: Report) -> JudgedManifest:
        return report.manifests[0]

    def _trial(self, text: str, splices: tuple[Splice, ...]) -> Trial:
        source = SourceFile(self.source.name, text)
        judged = gate.judge_source(source, self.folder, self._request)
        report = gate.reported(self._request, (judged,), ())
        return Trial(text, splices, report, dict(_keyed(report)))

    def case(self, key: Key) -> Case:
        """What kinds of change are asked with about one evaluation of an entry."""
        position, of_weights, rule = key
        assert isinstance(position, int)  # waivers are not changed
        stops = self.before.report.stops(self.before.evaluations[key])
        return Case(
            rule=rule,
            position=position,
            of_weights=of_weights,
            manifest=self.manifest,
            root=self.root,
            dossiers=self.dossiers,
            standing=self.standing,
            around=self.around,
            stops=stops,
            remembered=self._remembered,
        )

    def holds(self, rule: str, position: int, edits: tuple[Edit, ...]) -> bool:
        """Whether one rule lets an entry pass with the edits; of changes that leave model and revision as they are."""
        key = rule, position, edits
        if key not in self._held:
            self._held[key] = self._holds(rule, position, edits)
        return self._held[key]

    def _holds(self, rule: str, position: int, edits: tuple[Edit, ...]) -> bool:
        try:
            manifest = bind(rebuilt(self.root, edits), Manifest)
        except InputError:
            return False
        self.judged += 1
        rules = tuple(one for one in self.standing.rules if one.rule.id == rule)
        standing = self.standing._replace(rules=rules)
        models = engine.check(manifest, self.dossiers, standing, only=manifest.models[position])
        return all(_is_settled(one) for model in models for one in model.evaluations)

    def tried(self, edits: tuple[Edit, ...]) -> Trial | None:
        """The file with the edits, judged whole; None where they cannot be made, or the file is none afterwards."""
        if edits not in self._trials:
            self._trials[edits] = self._tried(edits)
        return self._trials[edits]

    def _tried(self, edits: tuple[Edit, ...]) -> Trial | None:
        self.judged += 1
        try:
            text, splices = edited(self.source, edits)
            return self._trial(text, splices) if text != self.source.text else None
        except InputError:
            return None

    def tried_text(self, text: str) -> Trial | None:
        """The file with another text, judged whole; None where that is no manifest."""
        try:
            return self._trial(text, ())
        except InputError:
            return None

    def is_worse(self, trial: Trial) -> bool:
        """Whether anything is refused, unknown or unjudged that was not before."""
        if any(model.is_unjudged for model in self._judged(trial.report).models):
            return True
        return any(
            _weight(trial.report, after) > _weight(self.before.report, self.before.evaluations.get(key))
            for key, after in trial.evaluations.items()
        )

    def adds_a_finding(self, trial: Trial) -> bool:
        """Whether anything fails, as advice too, that did not fail before."""
        was = self.before.evaluations
        return any(
            after.verdict is Verdict.FAIL and (key not in was or was[key].verdict not in _FAILED)
            for key, after in trial.evaluations.items()
        )

    def after(self, trial: Trial) -> After:
        """The whole verdict of a trial, beside that of the file as it is."""
        return after(self.before, trial)


def after(before: Trial, trial: Trial) -> After:
    """The whole verdict of a trial, beside the one before it."""
    was = {key for key, one in before.evaluations.items() if _is_open(before.report, one)}
    now = {key: one for key, one in trial.evaluations.items() if _is_open(trial.report, one)}
    settled = [before.evaluations[key] for key in was if key not in now]
    left = [one for one in now.values() if trial.report.stops(one)]
    return After(
        exit_code=int(trial.report.exit_code),
        settled=tuple(sorted(map(named, settled))),
        left=tuple(map(named, left)),
        advice=sum(one.verdict is Verdict.FAIL and not trial.report.stops(one) for one in now.values()),
    )


def named(evaluation: Evaluation) -> str:
    """`rule of model`."""
    return f"{evaluation.rule} of {evaluation.model}"


def trial_of(report: Report) -> Trial:
    """A report as a trial without a text of its own."""
    return Trial("", (), report, dict(_keyed(report)))


def _keyed(report: Report) -> Iterator[tuple[Key, Evaluation]]:
    for manifest in report.manifests:
        assert manifest.basis is not None  # the request asks to keep it
        names = [entry.display_name for entry in manifest.basis.manifest.models]
        position = -1
        for model in manifest.models:
            # The artefact that is loaded follows its entry, under a name that no entry has.
            of_weights = not (position + 1 < len(names) and model.name == names[position + 1])
            position += not of_weights
            for evaluation in model.evaluations:
                yield (position, of_weights, evaluation.rule), evaluation
    for file in report.waivers:
        for waiver in file.waivers:
            for evaluation in waiver.evaluations:
                yield (waiver.waiver.id, False, evaluation.rule), evaluation


def _is_settled(evaluation: Evaluation) -> bool:
    return evaluation.verdict in (Verdict.PASS, Verdict.NOT_APPLICABLE)


def _is_open(report: Report, evaluation: Evaluation) -> bool:
    return report.stops(evaluation) or (evaluation.verdict is Verdict.FAIL and evaluation.is_open)


def _weight(report: Report, evaluation: Evaluation | None) -> tuple[int, int]:
    """How bad an evaluation is: passed, open, stopping as unknown, stopping as refused; then how much of it is open."""
    if evaluation is None or not evaluation.is_open:
        return 0, 0
    found: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
    found = tuple(one for one in found if one.waiver is None)
    stops = report.stops(evaluation)
    return (2 + (evaluation.verdict is Verdict.FAIL) if stops else 1), len(found)


_FAILED = (Verdict.FAIL, Verdict.WAIVED)
