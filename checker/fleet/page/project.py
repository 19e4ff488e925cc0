"""The page of one project."""

from __future__ import annotations

from collections.abc import Iterator

from checker.fleet.page.cells import CODES, Cell, Content, Pages, Section, code_cell, filled, section
from checker.fleet.record import FoundRecord, LackRecord, ManifestRecord, ProjectRecord

_ROOT = "../"


def project_page(record: ProjectRecord, pages: Pages) -> Content:
    """Everything that its record holds."""
    words, mark = CODES.get(record.code, (str(record.code), "fail"))
    return Content(
        title=record.path,
        lead=f"Exit code {record.code}: {words}." + (f" {record.broken}" if record.broken else ""),
        mark=mark,
        pairs=(
            ("Commit", record.commit or "not known"),
            ("Manifests", ", ".join(one.file for one in record.manifests) or "none that can be used"),
            ("Owners", ", ".join(dict.fromkeys(one.owner for one in record.manifests if one.owner)) or "none stated"),
            ("Policy", ", ".join(dict.fromkeys(_policy(one) for one in record.manifests)) or "not applied"),
        ),
        sections=filled((*_whole(record), *(one for each in record.manifests for one in _manifest(each, pages)))),
        root=_ROOT,
    )


def _policy(manifest: ManifestRecord) -> str:
    return f"{manifest.policy_name} {manifest.policy_version} (SHA-256 {manifest.policy})"


def _whole(record: ProjectRecord) -> Iterator[Section]:
    lost = (*record.refused, *record.unread)
    yield section("Cannot be used", ("File", "Why"), ((one.file, one.sentence) for one in lost))
    yield section(
        "Used without a manifest",
        ("Model", "How", "Where"),
        ((one.model, one.how, one.at) for one in record.used),
        said=f"{record.unnamed} further uses name no model." if record.unnamed else "",
    )
    yield section(
        "Waivers",
        ("Waiver", "Rule", "Model", "Reason", "Approver", "Approved", "Expires", "Covers", "Counts"),
        (
            (
                *(one.id, one.rule, one.model, f"{one.kind}: {one.reason}", one.approver, one.approved_on.isoformat()),
                *(one.expires.isoformat(), one.covers, "yes" if one.counts else "no"),
            )
            for one in record.waivers
        ),
    )
    yield section(
        "Turns red by itself",
        ("Day", "Rule", "Model", "Found", "Where"),
        ((one.day.isoformat(), one.rule, one.model, one.found, one.at) for one in record.turns),
    )
    yield section(
        "History, judged again",
        ("Day", "Commit", "File", "Verdict", "What stops it"),
        (
            (one.day.isoformat(), one.commit[:12], one.file, code_cell(one.code), ", ".join(one.stops))
            for one in reversed(record.history)
        ),
        said="By the policy and catalogue of this run; it does not show that a gate ran.",
    )


def _manifest(manifest: ManifestRecord, pages: Pages) -> Iterator[Section]:
    yield section(
        f"{manifest.file}: models",
        ("Entry", "Model", "Revision", "Licence", "Objective", "Facts from", "Tuning"),
        (
            (
                *(one.name, pages.model_cell(one.id, _ROOT), one.revision or one.locked or "not pinned"),
                *(one.license or "none known", one.objective, one.origin or "nowhere", one.method),
            )
            for one in manifest.models
        ),
    )
    yield section(
        f"{manifest.file}: findings",
        ("Effect", "Rule", "Entry", "Found", "Expected", "Where", "Who can settle it"),
        (
            (_effect(one), one.rule, one.model, one.found, one.expected, one.at, one.settled_by)
            for one in sorted(manifest.findings, key=lambda one: not one.blocks)
        ),
    )
    yield section(
        f"{manifest.file}: missing",
        ("Effect", "Rule", "Entry", "What", "Why", "Where", "Who can settle it"),
        (
            (_effect(one), one.rule, one.model, one.key, one.reason, one.at, one.settled_by)
            for one in sorted(manifest.lacks, key=lambda one: not one.blocks)
        ),
    )
    yield section(
        f"{manifest.file}: duties",
        ("Entry", "Duty", "Shown by", "Why not", "Looked at"),
        (
            (one.model, one.duty, one.shown, one.why_not, one.checked_on.isoformat() if one.checked_on else "")
            for one in manifest.duties
        ),
    )


def _effect(one: FoundRecord | LackRecord) -> Cell:
    if one.waived:
        return Cell("waived", mark="waived")
    if one.blocks:
        return Cell("blocks", mark="fail" if isinstance(one, FoundRecord) else "not-evaluated")
    return Cell(one.enforcement, mark="not-applicable")
