"""Judges one project by the gate, as `check` would in its folder, and keeps what an inventory needs of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from checker import gate
from checker.compared import judge as judge_scan
from checker.document.errors import InputError, NoInputError, Problem
from checker.document.place import Place
from checker.exit_code import ExitCode
from checker.facts.dossier import Dossier
from checker.facts.fact import Unknown
from checker.fleet.allowed import used_entries
from checker.fleet.commit import head, is_bare
from checker.fleet.history import looked_back
from checker.fleet.look import TODAY, Look
from checker.fleet.record import (
    DutyRecord,
    FoundRecord,
    LackRecord,
    ManifestRecord,
    ModelRecord,
    ProblemRecord,
    ProjectRecord,
    TurnRecord,
    UsedRecord,
    WaiverRecord,
)
from checker.licenses.declared import declared
from checker.licenses.registry import Resolved
from checker.manifest.model import Manifest, ModelEntry
from checker.request import Request
from checker.scan.use import Scan
from checker.verdict import Evaluation, JudgedManifest, JudgedModel, JudgedWaivers, Report, Verdict, fingerprint


def judge_project(folder: Path, request: Request, look: Look = TODAY) -> ProjectRecord:
    """Everything that is known of one project; one that cannot be judged is a record that says why.

    Args:
        folder: the project's folder, or a manifest that lies beside repositories.
        request: what the run is asked to do; its paths do not count.
        look: how far to look ahead and back.
    """
    shown = folder.as_posix()
    # A manifest without models is refused, as `check` refuses it; a project without any manifest is not.
    own = request._replace(paths=(folder,), allow_empty=False, keep_basis=True, jobs=1, standard_input=None)
    try:
        if folder.is_file():  # a manifest beside repositories
            return _record(folder.parent, own, gate.judge(own), look).model_copy(update={"path": shown})
        with os.scandir(folder):
            pass
        if is_bare(folder):
            return _broken(shown, "a bare repository: none of its files is checked out", ExitCode.BAD_INPUT)
        return _looked_at(folder, own, look)
    except InputError as error:
        return _broken(shown, "; ".join(problem.sentence for problem in error.problems), ExitCode.BAD_INPUT)
    except OSError as error:
        return _broken(shown, error.strerror or "the folder cannot be read", ExitCode.BAD_INPUT)
    except RecursionError:
        return _broken(shown, "something in it is nested too deeply", ExitCode.BAD_INPUT)
    except Exception as error:  # one project must not end the audit of the others; code 70 says so
        return _broken(shown, f"a bug in Weighbridge: {type(error).__name__}: {error}", ExitCode.BUG)


def _looked_at(folder: Path, request: Request, look: Look) -> ProjectRecord:
    try:
        report = gate.judge(request)
    except NoInputError:
        record = _without_manifest(folder, request._replace(allow_empty=True))
        return looked_back(record, folder, request, look._replace(back=False))
    return looked_back(_record(folder, request, report, look), folder, request, look)


def _broken(path: str, why: str, code: ExitCode) -> ProjectRecord:
    return ProjectRecord(path=path, commit="", code=int(code), broken=why)


def _record(folder: Path, request: Request, report: Report, look: Look) -> ProjectRecord:
    turns: tuple[TurnRecord, ...] = ()
    if look.ahead_days is not None:
        from checker.forecast import forecast

        turns = tuple(
            TurnRecord(day=one.day, rule=one.rule, model=one.model, found=one.found, at=_place(one.at, folder))
            for one in forecast(request, report, look.ahead_days)
        )
    return ProjectRecord(
        path=folder.as_posix(),
        commit=head(folder),
        code=int(report.exit_code),
        manifests=tuple(_manifest(one, report, folder) for one in report.manifests),
        refused=tuple(_problem(one, folder) for refused in report.refused for one in refused.problems),
        waivers=tuple(_waivers(report.waivers, folder)),
        relaxations=report.relaxations,
        turns=turns,
        allowed=used_entries(report, request, folder) if report.manifests else {},
    )


def _without_manifest(folder: Path, request: Request) -> ProjectRecord:
    """A project that declares nothing: what its code uses, judged as `scan` does."""
    result = judge_scan(request)
    used = tuple(
        UsedRecord(model=model.model, how=use.kind.value, at=_place(use.at, folder))
        for part in result.parts
        for model in part.undeclared
        for use in model.uses[:1]
    )
    return ProjectRecord(
        path=folder.as_posix(),
        commit=head(folder),
        code=int(result.report.exit_code),
        used=used,
        unnamed=sum(not one.is_unread for part in result.parts for one in part.scan.unresolved),
        unread=tuple(one for part in result.parts for one in _unread(part.scan, folder)),
    )


def _unread(scan: Scan, folder: Path) -> Iterator[ProblemRecord]:
    """The files of which nobody knows what they use, and the commands and cells of others."""
    for file in scan.unread:
        yield ProblemRecord(file=_relative(file.file, folder), sentence=file.why)
    for one in scan.unresolved:
        if one.is_unread:
            yield ProblemRecord(file=_place(one.at, folder), sentence=f"{one.what}: {one.why}")


def _manifest(judged: JudgedManifest, report: Report, folder: Path) -> ManifestRecord:
    assert judged.basis is not None  # the request asks for it
    manifest = judged.basis.manifest
    own = report._replace(manifests=(judged,), refused=(), waivers=())
    evaluations = [(model, one) for model in judged.models for one in model.evaluations]
    return ManifestRecord(
        file=_relative(judged.file, folder),
        project=judged.project,
        owner=judged.owner,
        status=judged.status,
        purpose=manifest.use.purpose.value if manifest.use and manifest.use.purpose else "",
        distribution=tuple(one.value for one in manifest.use.distribution) if manifest.use else (),
        regions=tuple(one.value for one in manifest.use.regions) if manifest.use else (),
        policy=judged.policy.project_sha256 or judged.policy.sha256,
        policy_name=judged.policy.name,
        policy_version=judged.policy.version,
        lock=judged.lock.sha256 if judged.lock else "",
        code=int(own.exit_code),
        models=tuple(_models(judged, manifest, judged.basis.dossiers)),
        findings=tuple(one for _, each in evaluations for one in _findings(each, judged.project, folder)),
        lacks=tuple(one for model, each in evaluations for one in _lacks(model, each, folder)),
        duties=tuple(one for _, each in evaluations for one in _duties(each)),
        notes=judged.notes,
    )


def _models(judged: JudgedManifest, manifest: Manifest, dossiers: tuple[Dossier, ...]) -> Iterator[ModelRecord]:
    models = iter(judged.models)
    for entry, dossier in zip(manifest.models, dossiers, strict=True):
        yield _model(next(models), entry, dossier, is_weights=False)
        if dossier.weights is not None:
            yield _model(next(models), entry.as_loaded_weights(), dossier.weights, is_weights=True)


def _model(judged: JudgedModel, entry: ModelEntry, dossier: Dossier, *, is_weights: bool) -> ModelRecord:
    license_id, spelling = _license(dossier)
    tuning = entry.fine_tuning
    made = tuning.produces.name if tuning and tuning.produces else None
    locked = dossier.lock.entry or dossier.lock.approved
    parents = dict.fromkeys(
        path[-1].parent.value.model if isinstance(path[-1].facts, Unknown) else path[-1].facts.model
        for path in dossier.lineage.paths()
    )
    return ModelRecord(
        name=judged.name,
        id=judged.id,
        revision=judged.revision or "",
        locked=(locked.commit or "") if locked else "",
        origin=judged.origin or "",
        license=license_id or spelling,
        license_id=license_id,
        objective=entry.task.value if entry.task else entry.objective.value,
        access=entry.access.value,
        provider=entry.provider.value if entry.provider else "",
        parents=tuple(parents),
        method=tuning.method.value if tuning and tuning.method else "",
        produces=made.value if made else "",
        context_window=entry.context_window.value if entry.context_window else None,
        is_weights=is_weights,
        verdicts={
            one.rule: one.verdict.value for one in judged.evaluations if one.verdict is not Verdict.NOT_APPLICABLE
        },
    )


def _license(dossier: Dossier) -> tuple[str, str]:
    """The canonical id, empty where the spelling names no single text, and the spelling."""
    stated = declared(dossier.facts)
    if isinstance(stated, Unknown):
        return "", ""
    named = stated.resolution.license.id if isinstance(stated.resolution, Resolved) else ""
    return named, stated.spelling


def _findings(evaluation: Evaluation, project: str, folder: Path) -> Iterator[FoundRecord]:
    for one in evaluation.findings:
        yield FoundRecord(
            rule=evaluation.rule,
            model=evaluation.model,
            enforcement=evaluation.enforcement.value,
            settled_by=evaluation.settled_by.value,
            blocks=one.blocks,
            waived=one.waiver is not None,
            at=_place(one.at, folder),
            expected=one.expected,
            found=one.found,
            fingerprint=fingerprint(evaluation.rule, project, evaluation.model, one),
        )


def _lacks(model: JudgedModel, evaluation: Evaluation, folder: Path) -> Iterator[LackRecord]:
    for one in evaluation.missing:
        yield LackRecord(
            rule=evaluation.rule,
            model=evaluation.model,
            model_id=model.id,
            key=one.name,
            reason=one.reason,
            enforcement=evaluation.enforcement.value,
            settled_by=evaluation.settled_by.value,
            blocks=evaluation.blocks and one.waiver is None,
            waived=one.waiver is not None,
            at=_place(one.at, folder),
        )


def _duties(evaluation: Evaluation) -> Iterator[DutyRecord]:
    for one in evaluation.duties:
        yield DutyRecord(
            model=evaluation.model,
            duty=one.asks,
            shown=one.shown,
            why_not=one.why_not,
            checked_on=one.checked_on,
            age_days=one.age_days,
            only_if=one.only_if,
            by_omission=one.by_omission,
        )


def _waivers(files: tuple[JudgedWaivers, ...], folder: Path) -> Iterator[WaiverRecord]:
    for file in files:
        for one in file.waivers:
            yield WaiverRecord(
                file=_relative(file.file, folder),
                id=one.waiver.id,
                rule=one.waiver.rule,
                model=one.model,
                kind=one.waiver.kind,
                reason=one.waiver.reason,
                approver=one.waiver.approver,
                approved_on=one.waiver.approved_on,
                expires=one.waiver.expires,
                days_left=one.waiver.days_left,
                ticket=one.waiver.ticket,
                counts=one.counts,
                covers=len(one.matches),
            )


def _problem(problem: Problem, folder: Path) -> ProblemRecord:
    where = str(problem.at) if problem.at else problem.file
    return ProblemRecord(file=_relative(where, folder), sentence=problem.sentence)


def _place(at: Place, folder: Path) -> str:
    return _relative(str(at), folder)


def _relative(name: str, folder: Path) -> str:
    """A file from the project's folder, so that where the audit was started makes no difference."""
    return name.removeprefix(f"{folder.as_posix()}/")
