"""The report as a SARIF log."""

from __future__ import annotations

import json

from fuzz.wellformed import sarif
from tests.hostile import oracles
from tests.report.told import Medium, Verdicts, remarked


def read(text: str) -> Verdicts:
    return {
        (
            one["ruleId"],
            one["properties"]["model"] or one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            f"{one['level']}: {one['properties']['outcome']}",
        )
        for one in json.loads(text)["runs"][0]["results"]
    }


MEDIUM = Medium(read, remarked(("error", "error", "warning", "note")), oracle=oracles.sarif, well_formed=sarif)
