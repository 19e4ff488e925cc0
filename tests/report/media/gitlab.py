"""The report as GitLab's code quality."""

from __future__ import annotations

import json

from fuzz.wellformed import json_keys
from tests.hostile import oracles
from tests.report.told import UNUSABLE, Medium, Verdicts, remarked


def read(text: str) -> Verdicts:
    found = set()
    for one in json.loads(text):
        said, model, *_ = one["description"].split(": ")
        if not one["check_name"].startswith("weighbridge-"):
            file = one["location"]["path"]
            who = file if one["check_name"] == UNUSABLE else model
            severity = "critical" if one["severity"] == "blocker" else one["severity"]  # its level, told by others
            found.add((one["check_name"], who, f"{severity}: {said}"))
    return found


MEDIUM = Medium(
    read, remarked(("critical", "major", "minor", "minor"), "info"), oracle=oracles.of_json, well_formed=json_keys
)
