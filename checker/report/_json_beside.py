"""The JSON report: what stands beside the verdicts, made from a comparison, a forecast, a scan and remedies.

Each value is copied field by field: what a published schema promises does not change because a class of ours did.
"""

from __future__ import annotations

from checker.remedy import ManifestRemedies, Remedy
from checker.report._json_added import (
    JsonForecast,
    JsonManifestRemedies,
    JsonRemedy,
    JsonScan,
    JsonSince,
    JsonUse,
)
from checker.report._json_places import json_place, json_policy
from checker.scan.use import Scan, Use
from checker.verdict import Forecast, Since


def json_remedies(found: ManifestRemedies) -> JsonManifestRemedies:
    """What would settle the findings of one manifest."""
    return {
        "file": found.file,
        "findings": [
            {
                "rule": one.rule,
                "model": one.model,
                "place": json_place(one.at),
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


def json_scan(scan: Scan) -> JsonScan:
    """What code and configuration below one path use."""
    return {
        "root": scan.root,
        "files_read": scan.files_read,
        "files_seen": scan.files_seen,
        "whole": scan.whole,
        "uses": [_use(use) for use in scan.uses],
        "unresolved": [{"what": one.what, "why": one.why, "place": json_place(one.at)} for one in scan.unresolved],
        "pins": [{"name": pin.name, "place": json_place(pin.at)} for pin in scan.pins],
        "unread": [{"file": one.file, "why": one.why} for one in scan.unread],
        "left_out": list(scan.left_out),
    }


def _use(use: Use) -> JsonUse:
    return {
        "model": use.model,
        "revision": use.revision,
        "kind": use.kind.value,
        "place": json_place(use.at),
        "options": [{"key": one.key, "value": one.value, "place": json_place(one.at)} for one in use.options],
        "note": use.note,
    }


def json_forecast(forecast: Forecast) -> JsonForecast:
    """What turns red by itself."""
    return {
        "days": forecast.days,
        "turns": [
            {
                "day": str(turn.day),
                "days": turn.days,
                "rule": turn.rule,
                "model": turn.model,
                "verdict": turn.verdict.value,  # type: ignore[typeddict-item]  # only these two stop the gate
                "place": json_place(turn.at),
                "found": turn.found,
            }
            for turn in forecast.turns
        ],
    }


def json_since(since: Since) -> JsonSince:
    """The change that was judged."""
    return {
        "revision": since.revision,
        "base": since.base,
        "removed": list(since.removed),
        "unread_before": list(since.unread_before),
        "unchanged": since.unchanged,
        "everything_because": since.everything_because,
        "policy": json_policy(since.policy),
    }
