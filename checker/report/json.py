"""For programs: every evaluation of the run, in a format with a version and a published schema.

The classes here, in `_json_judged.py` and in `_json_added.py` are the schema's source: mypy holds the code against
them, and `weighbridge schema report` is made from them. Keys are sorted and nothing depends on the clock, so equal
inputs and an equal date give equal bytes.
"""

from __future__ import annotations

from json import dumps
from typing import Literal

from typing_extensions import TypedDict

from checker.document.errors import Problem
from checker.document.place import Place
from checker.remedy import ManifestRemedies, Remedy
from checker.report._json_added import (
    JsonForecast,
    JsonManifestRemedies,
    JsonRemedy,
    JsonScan,
    JsonSince,
    JsonUse,
)
from checker.report._json_judged import (
    JsonCatalogue,
    JsonEvaluation,
    JsonEvidence,
    JsonFinding,
    JsonLock,
    JsonManifest,
    JsonModel,
    JsonPlace,
    JsonPolicy,
    JsonPolicyPlace,
    JsonProblem,
    JsonRefused,
    JsonTool,
    JsonWaiver,
    JsonWaivers,
)
from checker.rulebook.outcome import Evidence
from checker.scan.use import Scan, Use
from checker.verdict import (
    Detail,
    Evaluation,
    Forecast,
    JudgedManifest,
    JudgedModel,
    JudgedWaivers,
    LockStamp,
    Missing,
    PolicyPlace,
    PolicyStamp,
    RefusedManifest,
    Report,
    Since,
    WaivedBy,
    fingerprint,
)

FORMAT_VERSION: Literal[1] = 1


class JsonReport(TypedDict):
    """A report of `weighbridge check` or `weighbridge scan`."""

    weighbridge_report: Literal[1]
    """The version of this format."""
    tool: JsonTool
    """The program that wrote the report."""
    today: str
    """The day as of which was judged, YYYY-MM-DD."""
    catalogue: JsonCatalogue
    """The facts that are shipped."""
    relaxations: list[str]
    """What loosens the run."""
    exit_code: Literal[0, 1, 2, 3]
    """The code that the command ends with."""
    tally: dict[str, int]
    """How many evaluations there are of each verdict."""
    not_tested: str
    """What nothing here tests, in one sentence."""
    refused: list[JsonRefused]
    """Manifests that could not be judged."""
    foreign: list[str]
    """Files named like manifests that are something else."""
    manifests: list[JsonManifest]
    """What was judged."""
    waivers: list[JsonWaivers]
    """The files of waivers that count for these manifests."""
    since: JsonSince | None
    """The change that was judged; null where everything was."""
    forecast: JsonForecast | None
    """What turns red by itself; null where nobody asked."""
    remedies: list[JsonManifestRemedies] | None
    """Changes that settle findings, each judged; null where nobody asked."""
    scans: list[JsonScan]
    """What code and configuration use; empty where none was read."""


def render(report: Report) -> str:
    """The report as JSON in ASCII: no control or bidirectional character of a manifest gets through as itself."""
    return dumps(to_json(report), indent=2, sort_keys=True, allow_nan=False) + "\n"


def to_json(report: Report) -> JsonReport:
    """The report as the typed structure that `render` writes."""
    return {
        "weighbridge_report": FORMAT_VERSION,
        "tool": {"name": "weighbridge", "version": report.tool_version},
        "today": str(report.today),
        "catalogue": {"sha256": report.catalogue_sha256, "recorded": str(report.catalogue_recorded)},
        "relaxations": list(report.relaxations),
        "exit_code": report.exit_code.value,  # type: ignore[typeddict-item]  # 70 never reaches a report
        "tally": {str(verdict): count for verdict, count in report.tally.items()},
        "not_tested": "outputs, bias, safety, privacy and accuracy in use",
        "refused": [_refused(refused) for refused in report.refused],
        "foreign": list(report.foreign),
        "manifests": [_manifest(manifest) for manifest in report.manifests],
        "waivers": [_waivers(judged) for judged in report.waivers],
        "since": _since(report.since) if report.since else None,
        "forecast": _forecast(report.forecast) if report.forecast else None,
        "remedies": None if report.remedies is None else [_remedies(one) for one in report.remedies],
        "scans": [_scan(scan) for scan in report.scans],
    }


def _remedies(found: ManifestRemedies) -> JsonManifestRemedies:
    return {
        "file": found.file,
        "findings": [
            {
                "rule": one.rule,
                "model": one.model,
                "place": _place(one.at),
                "stops": one.stops,
                "tried": one.tried,
                "remedies": [_remedy(remedy) for remedy in one.remedies],
                "questions": [{"asked": question.asked, "then": question.then} for question in one.questions],
            }
            for one in found.findings
        ],
        "together": _remedy(found.together) if found.together else None,
        "passed_over": found.passed_over,
    }


def _remedy(remedy: Remedy) -> JsonRemedy:
    after = remedy.after
    return {
        "kind": remedy.kind,
        "said": remedy.said,
        "costs": [
            {"aspect": cost.aspect.value, "words": cost.words, "grounds": cost.grounds.value} for cost in remedy.costs
        ],
        "after": {
            "exit_code": after.exit_code,  # type: ignore[typeddict-item]  # one file that was judged has no other
            "settled": list(after.settled),
            "left": list(after.left),
            "advice": after.advice,
        },
        "file": remedy.file,
        "patch": remedy.patch,
        "replacements": [
            {
                "line": one.line,
                "column": one.column,
                "end_line": one.end_line,
                "end_column": one.end_column,
                "text": one.text,
            }
            for one in remedy.replacements
        ],
        "note": remedy.note,
        "is_safe": remedy.is_safe,
        "needs_person": remedy.needs_person,
    }


def _scan(scan: Scan) -> JsonScan:
    return {
        "root": scan.root,
        "files_read": scan.files_read,
        "files_seen": scan.files_seen,
        "whole": scan.whole,
        "uses": [_use(use) for use in scan.uses],
        "unresolved": [{"what": one.what, "why": one.why, "place": _place(one.at)} for one in scan.unresolved],
        "pins": [{"name": pin.name, "place": _place(pin.at)} for pin in scan.pins],
        "unread": [{"file": one.file, "why": one.why} for one in scan.unread],
        "left_out": list(scan.left_out),
    }


def _use(use: Use) -> JsonUse:
    return {
        "model": use.model,
        "revision": use.revision,
        "kind": use.kind.value,
        "place": _place(use.at),
        "options": [{"key": one.key, "value": one.value, "place": _place(one.at)} for one in use.options],
        "note": use.note,
    }


def _forecast(forecast: Forecast) -> JsonForecast:
    return {
        "days": forecast.days,
        "turns": [
            {
                "day": str(turn.day),
                "days": turn.days,
                "rule": turn.rule,
                "model": turn.model,
                "verdict": turn.verdict.value,  # type: ignore[typeddict-item]  # only these two stop the gate
                "place": _place(turn.at),
                "found": turn.found,
            }
            for turn in forecast.turns
        ],
    }


def _since(since: Since) -> JsonSince:
    return {
        "revision": since.revision,
        "base": since.base,
        "removed": list(since.removed),
        "unread_before": list(since.unread_before),
        "unchanged": since.unchanged,
        "everything_because": since.everything_because,
        "policy": _policy(since.policy),
    }


def _manifest(manifest: JudgedManifest) -> JsonManifest:
    return {
        "file": manifest.file,
        "project": manifest.project,
        "owner": manifest.owner,
        "status": manifest.status,
        "lock": _lock(manifest.lock) if manifest.lock else None,
        "policy": _policy(manifest.policy),
        "notes": list(manifest.notes),
        "waivers": manifest.waivers,
        "models": [_model(model, manifest.project) for model in manifest.models],
    }


def _policy(policy: PolicyStamp) -> JsonPolicy:
    return {
        "name": policy.name,
        "version": policy.version,
        "sha256": policy.sha256,
        "project_sha256": policy.project_sha256,
        "chosen_by": policy.chosen_by,
        "layers": [{"rank": layer.rank, "name": layer.name} for layer in policy.layers],
        "facts": [_lock(lock) for lock in policy.facts],
    }


def _waivers(judged: JudgedWaivers) -> JsonWaivers:
    return {
        "file": judged.file,
        "sha256": judged.sha256,
        "policy": _policy(judged.policy),
        "waivers": [
            {
                "waiver": _waiver(one.waiver),
                "project": one.project,
                "model": one.model,
                "revision": one.revision,
                "counts": one.counts,
                "matches": [
                    {"rule": match.rule, "model": match.model, "place": _place(match.at)} for match in one.matches
                ],
                "evaluations": [_evaluation(evaluation, one.project) for evaluation in one.evaluations],
            }
            for one in judged.waivers
        ],
        "others": judged.others,
    }


def _waiver(waiver: WaivedBy) -> JsonWaiver:
    return {
        "id": waiver.id,
        "rule": waiver.rule,
        "kind": waiver.kind,
        "reason": waiver.reason,
        "approver": waiver.approver,
        "approved_on": str(waiver.approved_on),
        "expires": str(waiver.expires),
        "days_left": waiver.days_left,
        "ticket": waiver.ticket,
        "place": _place(waiver.at),
        "commit": waiver.commit,
        "author": waiver.author,
        "approver_is_author": waiver.approver_is_author,
    }


def _lock(lock: LockStamp) -> JsonLock:
    return {"file": lock.file, "sha256": lock.sha256}


def _model(model: JudgedModel, project: str) -> JsonModel:
    return {
        "name": model.name,
        "id": model.id,
        "found_as": model.found_as,
        "place": _place(model.at),
        "revision": model.revision,
        "facts_from": model.origin,
        "nearest": model.nearest,
        "recorded_at": model.recorded_at,
        "assumptions": list(model.assumptions),
        "was_unjudged": model.was_unjudged,
        "evaluations": [_evaluation(evaluation, project) for evaluation in model.evaluations],
    }


def _evaluation(evaluation: Evaluation, project: str) -> JsonEvaluation:
    def this(detail: Detail | Missing) -> str:
        return fingerprint(evaluation.rule, project, evaluation.model, detail)

    return {
        "rule": evaluation.rule,
        "verdict": evaluation.verdict.value,
        "enforcement": evaluation.enforcement.value,  # type: ignore[typeddict-item]  # a rule that is off is not judged
        "blocks": evaluation.blocks,
        "settled_by": evaluation.settled_by,
        "place": _place(evaluation.at),
        "policy": _policy_place(evaluation.policy),
        "findings": [_finding(detail, this(detail)) for detail in evaluation.findings],
        "missing": [
            {
                "name": missing.name,
                "reason": missing.reason,
                "where": missing.where,
                "yaml": missing.yaml,
                "place": _place(missing.at),
                "fingerprint": this(missing),
                "waiver": _waiver(missing.waiver) if missing.waiver else None,
                "was_before": missing.was_before,
            }
            for missing in evaluation.missing
        ],
        "evidence": [_evidence(fact) for fact in evaluation.evidence],
        "margin": evaluation.margin,
        "reason": evaluation.reason,
        "notes": list(evaluation.notes),
        "detail": list(evaluation.lines),
        "upcoming": [
            {"begins": str(change.begins), "days": change.days, "enforcement": change.enforcement}
            for change in evaluation.upcoming
        ],
    }


def _finding(detail: Detail, this: str) -> JsonFinding:
    return {
        "place": _place(detail.at),
        "policy": _policy_place(detail.policy),
        "expected": detail.expected,
        "found": detail.found,
        "remedy": detail.remedy,
        "detail": list(detail.lines),
        "evidence": [_evidence(fact) for fact in detail.evidence],
        "blocks": detail.blocks,
        "fingerprint": this,
        "waiver": _waiver(detail.waiver) if detail.waiver else None,
        "was_before": detail.was_before,
    }


def _evidence(fact: Evidence) -> JsonEvidence:
    return {
        "value": _plain(fact.value),
        "certainty": fact.certainty,
        "origin": fact.source.origin,
        "source": fact.source.detail,
        "model": fact.source.model,
        "revision": fact.source.revision,
    }


def _plain(value: object) -> object:
    """A fact's value in JSON's own types; a record keeps its field names."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _plain(item) for name, item in value._asdict().items() if item is not None}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _refused(refused: RefusedManifest) -> JsonRefused:
    return {"file": refused.file, "problems": [_problem(problem) for problem in refused.problems]}


def _problem(problem: Problem) -> JsonProblem:
    return {
        "sentence": problem.sentence,
        "expected": problem.expected,
        "hint": problem.hint,
        "place": _place(problem.at) if problem.at else None,
        "also": _place(problem.also) if problem.also else None,
        "file": problem.file or (problem.at.file.name if problem.at else ""),
    }


def _policy_place(place: PolicyPlace) -> JsonPolicyPlace:
    return {"layer": place.layer, "place": _place(place.at), "setting": place.setting, "stated": place.stated}


def _place(place: Place) -> JsonPlace:
    return {"file": place.file.name, "line": place.line, "column": place.column, "width": place.width}
