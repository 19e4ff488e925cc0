"""The report for a pull request's comment."""

from __future__ import annotations

import re
from html import unescape

from fuzz.wellformed import markdown
from tests.hostile import oracles
from tests.report.told import GREEN, Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    found = set()
    for part in re.split(r"^(?:### |<details><summary>)", text, flags=re.MULTILINE)[1:]:
        heading = part.splitlines()[0].removesuffix("</summary>").partition(" (")[0]
        for where, rule, model in re.findall(r"^\| ([^|]*) \| `([a-z-]+)` \|([^|]*)\|", part, re.MULTILINE):
            file = unescape(_plain(where)).partition(":")[0]
            found.add((rule, unescape(_plain(model)).strip() or file, heading))
        for model, rules in re.findall(r"^- <code>[^<]*</code> \(<code>([^<]*)</code>\): (.*)$", part, re.MULTILINE):
            found |= {(rule, unescape(model), heading) for rule in re.findall(r"`([a-z-]+)`", rules)}
    return found


def _plain(cell: str) -> str:
    return re.sub(r"</?code>", "", cell)


MEDIUM = Medium(
    read,
    {
        Told.PASS: "Passed",
        Told.WAIVED: "Waived",
        Told.ADVICE: "Advice",
        Told.BLOCKS: "Blocks",
        Told.REFUSED: "Cannot be used",
        Told.UNKNOWN_ADVICE: "Could not be evaluated, advice",
        Told.UNKNOWN_BLOCKS: "Could not be evaluated, and blocks",
        Told.UNJUDGED: "Could not be evaluated, and blocks",
    },
    only_models=GREEN,
    oracle=oracles.markdown,
    well_formed=markdown,
)
