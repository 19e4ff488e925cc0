"""The report for a terminal."""

from __future__ import annotations

import re

from fuzz.wellformed import text
from tests.hostile import oracles
from tests.report.told import GREEN, UNUSABLE, Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    found = {(UNUSABLE, file, "cannot be used") for file in re.findall(r"^(\S+) was not judged$", text, re.MULTILINE)}
    for rule, said, model in re.findall(
        r"^\S+:\d+:\d+: ([a-z-]+): (\w+) \([a-z-]+\), (?:model )?(\S.*)$", text, re.MULTILINE
    ):
        found.add((rule, model, said))
    model = ""
    for line in text.splitlines():
        if one := re.match(r"^(?:model )?(\w+): \S+/\S+", line):
            model = one[1]
        if line.startswith("  nothing was judged"):
            found.add(("nothing-judged", model, "nothing was judged"))
        if one := re.match(r"^  (not evaluated): ([a-z-]+) (\(\w+)", line):
            found.add((one[2], model, f"{one[1]} {one[3]}"))
        if one := re.match(r"^  passed: (.*)", line):
            found |= {(rule, model, "passed") for rule in re.findall(r"(?:^|, )([a-z-]+)", one[1])}
        if one := re.match(r"^  not applicable: ([a-z-, ]+): ", line):
            found |= {(rule, model, "not applicable") for rule in one[1].split(", ")}
    return found


MEDIUM = Medium(
    read,
    {
        Told.PASS: "passed",
        Told.NOT_APPLICABLE: "not applicable",
        Told.WAIVED: "waived",
        Told.ADVICE: "advice",
        Told.BLOCKS: "blocks",
        Told.REFUSED: "cannot be used",
        Told.UNKNOWN_ADVICE: "not evaluated (advice",
        Told.UNKNOWN_BLOCKS: "not evaluated (blocks",
        Told.UNJUDGED: "nothing was judged",
    },
    only_models=GREEN,
    oracle=oracles.terminal,
    well_formed=text,
)
