"""The report for a spreadsheet."""

from __future__ import annotations

import csv
import io

from fuzz.wellformed import csv_table
from tests.hostile import oracles
from tests.report.told import Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["verdict"] not in ("relaxed", "note")]
    waiver = {"waiver-expired", "waiver-unused", "waiver-invalid"}
    return {
        (
            row["rule"],
            f"waiver {row['model']}" if row["rule"] in waiver else row["model"] or row["file"],
            f"{row['verdict']}, {row['blocks']}",
        )
        for row in rows
    }


MEDIUM = Medium(
    read,
    {
        Told.PASS: "pass, no",
        Told.NOT_APPLICABLE: "not-applicable, no",
        Told.WAIVED: "waived, no",
        Told.ADVICE: "fail, no",
        Told.BLOCKS: "fail, yes",
        Told.REFUSED: "refused, yes",
        Told.UNKNOWN_ADVICE: "not-evaluated, no",
        Told.UNKNOWN_BLOCKS: "not-evaluated, yes",
        Told.UNJUDGED: "not-evaluated, yes",
    },
    oracle=oracles.table,
    well_formed=csv_table,
)
