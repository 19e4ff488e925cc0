"""The report for programs."""

from __future__ import annotations

import json
from typing import Any

from fuzz.wellformed import json_keys
from tests.hostile import oracles
from tests.report.told import UNUSABLE, Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    told = json.loads(text)
    found = {(UNUSABLE, one["file"], Told.REFUSED) for one in told["refused"]}
    for manifest in told["manifests"]:
        for model in manifest["models"]:
            found |= {(one["rule"], model["name"], _told(one)) for one in model["evaluations"]}
            found |= {("nothing-judged", model["name"], Told.UNJUDGED)} if model["is_unjudged"] else set()
    for file in told["waivers"]:
        for one in file["waivers"]:
            found |= {(each["rule"], f"waiver {one['waiver']['id']}", _told(each)) for each in one["evaluations"]}
    return found


def _told(evaluation: dict[str, Any]) -> Told:
    blocks = evaluation["blocks"]
    return {
        "pass": Told.PASS,
        "not-applicable": Told.NOT_APPLICABLE,
        "waived": Told.WAIVED,
        "fail": Told.BLOCKS if blocks else Told.ADVICE,
        "not-evaluated": Told.UNKNOWN_BLOCKS if blocks else Told.UNKNOWN_ADVICE,
    }[evaluation["verdict"]]


MEDIUM = Medium(read, {told: told for told in Told}, oracle=oracles.of_json, well_formed=json_keys)
