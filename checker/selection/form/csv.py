"""For spreadsheets: one row for each candidate, with every cell safe to open."""

from __future__ import annotations

import csv
import io

from checker.facts.fact import Fact, Unknown
from checker.report.csv import safe_row
from checker.selection.chosen import Chosen, reasons
from checker.selection.rank import Ranked

COLUMNS = (
    "model", "revision", "group", "score", "quality", "benchmark", "setting", "reported_by", "memory_bytes",
    "usable_bytes", "context", "license", "parameters", "front", "changes", "reasons",
)  # fmt: skip


def render(chosen: Chosen) -> str:
    """The rows below their header, by RFC 4180; an empty cell is a value that no source states.

    What loosens the run is a row without a model, of the group `relaxed`.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for relaxation in chosen.basis.relaxations:
        writer.writerow(safe_row({"group": "relaxed", "reasons": relaxation}))
    for one in chosen.all:
        writer.writerow(safe_row(_row(one)))
    return stream.getvalue()


def _row(one: Ranked) -> dict[str, str]:
    judged, facts = one.judged, one.judged.facts
    row = {"model": judged.id, "revision": facts.revision or "", "group": judged.group.value}
    row |= {"score": f"{one.score:.6f}", "front": "yes" if one.front else "no"}
    if one.quality is not None:
        score = one.quality.value
        row |= {"quality": f"{score.score:g}", "benchmark": score.name, "setting": score.setting}
        row["reported_by"] = "publisher" if score.first_party else "third-party"
    row |= {"memory_bytes": str(one.memory or ""), "usable_bytes": str(one.limit or "")}
    row |= {"context": _stated(facts.native_context), "license": _stated(facts.license)}
    row["parameters"] = _stated(facts.parameters)
    row |= {"changes": "; ".join(change.said for change in judged.changes), "reasons": "; ".join(reasons(judged))}
    return row


def _stated(fact: Fact[int] | Fact[str] | Unknown) -> str:
    return str(fact.value) if isinstance(fact, Fact) else ""
