"""Remedies as SARIF's `fixes`: what a viewer can apply, with the cost and the verdict after it in its description."""

from __future__ import annotations

from typing import Any

from checker.document.errors import visible
from checker.document.place import SourceFile
from checker.remedy import Remedy, Replacement
from checker.report._remedied import after_words, cost_words


def fix_of(remedy: Remedy, text: str, artifact: dict[str, Any]) -> dict[str, Any]:
    """One fix.

    Args:
        remedy: a remedy with replacements.
        text: the file as it is.
        artifact: where the log says that the file is.
    """
    costs = "".join(f" Costs {cost_words(cost)}." for cost in remedy.costs)
    said = visible(f"{remedy.said}.{costs} After it: {after_words(remedy.after)}.")
    source = SourceFile("", text)
    return {
        "artifactChanges": [
            {
                "artifactLocation": artifact,
                "replacements": [
                    {"deletedRegion": _region(one, source), "insertedContent": {"text": one.text}}
                    for one in remedy.replacements
                ],
            }
        ],
        "description": {"text": said},
    }


def _region(one: Replacement, source: SourceFile) -> dict[str, int]:
    return {
        "startLine": one.line,
        "startColumn": _units(source.line(one.line)[: one.column - 1]) + 1,
        "endLine": one.end_line,
        "endColumn": _units(source.line(one.end_line)[: one.end_column - 1]) + 1,
    }


def _units(text: str) -> int:
    """The length of a text in UTF-16 code units, in which the log's columns count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
