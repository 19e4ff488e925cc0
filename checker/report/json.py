"""For programs: every evaluation of the run, in a format with a version and a published schema.

The classes here, in `_json_judged.py` and in `_json_added.py` are the schema's source: mypy holds the code against
them, and `weighbridge schema report` is made from them. Keys are sorted and nothing depends on the clock, so equal
inputs and an equal date give equal bytes.
"""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checker.document.as_json import dumps
from checker.report._json_added import (
    JsonForecast,
    JsonManifestRemedies,
    JsonScan,
    JsonSince,
)
from checker.report._json_beside import json_forecast, json_remedies, json_scan, json_since
from checker.report._json_judged import (
    JsonCatalogue,
    JsonEvaluation,
    JsonEvidence,
    JsonFinding,
    JsonManifest,
    JsonModel,
    JsonRefused,
    JsonTool,
    JsonWaiver,
    JsonWaivers,
)
from checker.report._json_places import json_lock, json_place, json_policy, json_policy_place, json_problem
from checker.rulebook.outcome import Evidence
from checker.verdict import (
    Detail,
    Evaluation,
    JudgedManifest,
    JudgedModel,
    JudgedWaivers,
    Missing,
    RefusedManifest,
    Report,
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
        "since": json_since(report.since) if report.since else None,
        "forecast": json_forecast(report.forecast) if report.forecast else None,
        "remedies": None if report.remedies is None else [json_remedies(one) for one in report.remedies],
        "scans": [json_scan(scan) for scan in report.scans],
    }


def _manifest(manifest: JudgedManifest) -> JsonManifest:
    return {
        "file": manifest.file,
        "project": manifest.project,
        "owner": manifest.owner,
        "status": manifest.status,
        "lock": json_lock(manifest.lock) if manifest.lock else None,
        "policy": json_policy(manifest.policy),
        "notes": list(manifest.notes),
        "waivers": manifest.waivers,
        "models": [_model(model, manifest.project) for model in manifest.models],
    }


def _waivers(judged: JudgedWaivers) -> JsonWaivers:
    return {
        "file": judged.file,
        "sha256": judged.sha256,
        "policy": json_policy(judged.policy),
        "waivers": [
            {
                "waiver": _waiver(one.waiver),
                "project": one.project,
                "model": one.model,
                "revision": one.revision,
                "counts": one.counts,
                "matches": [
                    {"rule": match.rule, "model": match.model, "place": json_place(match.at)} for match in one.matches
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
        "place": json_place(waiver.at),
        "commit": waiver.commit,
        "author": waiver.author,
        "approver_is_author": waiver.approver_is_author,
    }


def _model(model: JudgedModel, project: str) -> JsonModel:
    return {
        "name": model.name,
        "id": model.id,
        "found_as": model.found_as,
        "place": json_place(model.at),
        "revision": model.revision,
        "facts_from": model.origin,
        "nearest": model.nearest,
        "recorded_at": model.recorded_at,
        "assumptions": list(model.assumptions),
        "is_unjudged": model.is_unjudged,
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
        "place": json_place(evaluation.at),
        "policy": json_policy_place(evaluation.policy),
        "findings": [_finding(detail, this(detail)) for detail in evaluation.findings],
        "missing": [
            {
                "name": missing.name,
                "reason": missing.reason,
                "where": missing.where,
                "yaml": missing.yaml,
                "place": json_place(missing.at),
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
        "place": json_place(detail.at),
        "policy": json_policy_place(detail.policy),
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
    return {"file": refused.file, "problems": [json_problem(problem) for problem in refused.problems]}
