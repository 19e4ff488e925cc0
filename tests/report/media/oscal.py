"""The report as OSCAL's assessment results."""

from __future__ import annotations

import json
import re

from fuzz.wellformed import json_keys
from tests.hostile import oracles
from tests.report.told import UNUSABLE, Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    found = set()
    for result in json.loads(text)["assessment-results"]["results"]:
        risks = {one["uuid"]: one for one in result.get("risks", ())}
        for one in result.get("findings", ()):
            rule, _, model = one["title"].partition(" of ")
            status = one["target"]["status"]
            said = [
                f"{risks[each['risk-uuid']]['status']}, {risks[each['risk-uuid']]['statement']}"
                for each in one.get("related-risks", ())
            ]
            if unjudged := re.fullmatch(r"No rule of the policy judges (\S+)\.", one["description"]):
                model = unjudged[1]
            if rule == UNUSABLE:
                model = one["description"].partition(": ")[0]
            found.add((rule, model, ", ".join([status["state"], status["reason"], *said])))
    return found


MEDIUM = Medium(
    read,
    {
        Told.PASS: "satisfied, pass",
        Told.WAIVED: "not-satisfied, other, deviation-approved, It does not stop the gate.",
        Told.ADVICE: "not-satisfied, fail, open, It does not stop the gate.",
        Told.BLOCKS: "not-satisfied, fail, open, It stops the gate.",
        Told.UNKNOWN_ADVICE: "not-satisfied, other, open, It does not stop the gate.",
        Told.UNKNOWN_BLOCKS: "not-satisfied, other, open, It stops the gate.",
        Told.REFUSED: "not-satisfied, other",
        Told.UNJUDGED: "not-satisfied, other",
    },
    oracle=oracles.of_json,
    well_formed=json_keys,
)
