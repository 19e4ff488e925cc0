"""For spreadsheets: one row for each evaluation, with every cell safe to open."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from checker.document.errors import no_command
from checker.report._remarks import UNJUDGED, UNUSABLE
from checker.report._unjudged import nothing_judged
from checker.rulebook.settings import Settler
from checker.verdict import Detail, Evaluation, JudgedManifest, JudgedModel, Missing, Report, Verdict

COLUMNS = (
    "file", "project", "owner", "model", "id", "commit", "rule", "verdict", "enforcement", "blocks", "settled_by",
    "place", "policy_place", "expected", "found", "missing", "margin", "reason", "remedy", "waiver", "waiver_expires",
    "approver", "evidence", "notes",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Beginnings that a spreadsheet takes for a formula, full-width forms too (OWASP, CSV injection)."""


def render(report: Report) -> str:
    """The rows below their header, by RFC 4180: CRLF at the end of each, quotes where they are needed.

    What loosens the run is a row of its own, and so is a manifest that cannot be used, what lies beside one and did not
    count, and a model that no rule applies to: neither a file without rows nor one in which nothing is red is by that a
    clean one.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for relaxation in report.relaxations:
        writer.writerow(safe_row({"verdict": "relaxed", "blocks": "no", "notes": relaxation}))
    for refused in report.refused:
        for problem in refused.problems:
            found = f"{problem.sentence}; expected {problem.expected}" if problem.expected else problem.sentence
            row = {"file": refused.file, "rule": UNUSABLE, "verdict": "refused", "blocks": "yes", "found": found}
            writer.writerow(safe_row(row))
    for manifest in report.manifests:
        for note in manifest.notes:
            writer.writerow(safe_row({**_whose(manifest), "verdict": "note", "blocks": "no", "notes": note}))
        for model in manifest.models:
            if model.is_unjudged:
                writer.writerow(safe_row(_unjudged(manifest, model)))
            for evaluation in model.evaluations:
                writer.writerow(safe_row(dict(_row(manifest, model, evaluation))))
    for file in report.waivers:
        for waiver in file.waivers:
            for evaluation in waiver.evaluations:
                row = {"file": file.file, "project": waiver.project, "model": waiver.waiver.id, **dict(_of(evaluation))}
                writer.writerow(safe_row(row))
    return stream.getvalue()


def _whose(manifest: JudgedManifest) -> dict[str, str]:
    return {"file": manifest.file, "project": manifest.project, "owner": manifest.owner}


def _row(manifest: JudgedManifest, model: JudgedModel, evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield from _whose(manifest).items()
    yield from (("model", model.name), ("id", model.id), ("commit", model.revision or ""))
    yield from _of(evaluation)


def _unjudged(manifest: JudgedManifest, model: JudgedModel) -> dict[str, str]:
    """The row that says that nothing speaks for a model."""
    row = _whose(manifest) | {"model": model.name, "id": model.id}
    row |= {"commit": model.revision or "", "rule": UNJUDGED, "verdict": Verdict.NOT_EVALUATED}
    row |= {"blocks": "no" if model.was_unjudged else "yes", "settled_by": Settler.PLATFORM}
    return row | {"place": str(model.at), "reason": nothing_judged(model)}


def _of(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield from (("rule", evaluation.rule), ("verdict", evaluation.verdict), ("enforcement", evaluation.enforcement))
    yield "blocks", "yes" if evaluation.blocks else "no"
    yield from (("settled_by", evaluation.settled_by), ("place", str(evaluation.at)))
    yield "policy_place", str(evaluation.policy.at)
    yield "expected", _joined(one.expected for one in evaluation.findings)
    yield "found", _joined(one.found for one in evaluation.findings)
    yield "missing", _joined(f"{one.name}: {one.reason}" for one in evaluation.missing)
    yield from (("margin", evaluation.margin), ("reason", evaluation.reason))
    yield "remedy", _joined(one.remedy for one in evaluation.findings)
    covered: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
    waivers = dict.fromkeys(one.waiver for one in covered if one.waiver)
    yield "waiver", _joined(f"{one.id}: {one.kind}: {one.reason}" for one in waivers)
    yield "waiver_expires", _joined(one.expires.isoformat() for one in waivers)
    yield "approver", _joined(one.approver for one in waivers)
    facts = dict.fromkeys((*evaluation.evidence, *(fact for one in evaluation.findings for fact in one.evidence)))
    yield "evidence", _joined(f"{fact.certainty} {fact.source.origin}: {fact.source.detail}" for fact in facts)
    yield "notes", _joined(evaluation.notes)


def _joined(texts: Iterator[str] | tuple[str, ...]) -> str:
    return " | ".join(texts)


def safe_row(row: dict[str, str]) -> dict[str, str]:
    """Cells that no spreadsheet runs: what looks like a formula begins with an apostrophe; no control characters."""
    return {name: _cell(value) for name, value in row.items()}


_NEXT_CELL = re.compile(rf"(;\s*)(?=[{re.escape(''.join(_FORMULA))}])")
"""Where programs that part cells by semicolons would begin another one with a formula."""


def _cell(value: str) -> str:
    plain = no_command("".join(letter if letter.isprintable() else " " for letter in value))
    plain = _NEXT_CELL.sub(r"\1'", plain)
    return f"'{plain}" if plain.lstrip().startswith(_FORMULA) or value.startswith(_FORMULA) else plain
