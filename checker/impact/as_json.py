"""An impact for programs: every manifest of which something changes, or that cannot be used."""

from __future__ import annotations

from typing import Any

from checker.document.as_json import dumps
from checker.impact.record import Record, Shift
from checker.impact.run import Impact


def render(impact: Impact) -> str:
    """The document."""
    content = {
        "exit_code": int(impact.exit_code),
        "today": impact.today,
        "from": impact.old._asdict(),
        "to": impact.new._asdict(),
        "changes": [{"setting": part.name, "change": part.words} for part in impact.changes],
        "upcoming": list(impact.upcoming),
        "tally": {**impact.tally, "unusable": len(impact.unusable), "manifests": len(impact.records)},
        "foreign": impact.foreign,
        "relaxations": list(impact.relaxations),
        "manifests": [_record(one) for one in impact.records if one.kind is not None or one in impact.unusable],
    }
    return dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _record(record: Record) -> dict[str, Any]:
    return {
        "file": record.file,
        "project": record.project,
        "owner": record.owner,
        "change": record.kind.value if record.kind else None,
        "before": record.before.value,
        "after": record.after.value,
        "problems": list(record.problems),
        "verdicts": [_shift(shift) for shift in record.shifts],
    }


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "rule": shift.rule,
        "model": shift.model,
        "at": shift.at,
        "change": shift.kind.value,
        "before": shift.before._asdict() if shift.before else None,
        "after": shift.after._asdict() if shift.after else None,
        "why": [dict(zip(cause.settings, cause.words, strict=True)) for cause in shift.causes],
    }
