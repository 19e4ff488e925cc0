"""The report as a page."""

from __future__ import annotations

import re

from fuzz.wellformed import html
from tests.hostile import oracles
from tests.report.told import UNUSABLE, Medium, Told, Verdicts


def read(text: str) -> Verdicts:
    rows = re.findall(r"<tr data-verdict[^>]*><td>([^<]*)</td><td>([^<]*)</td><td>(.*?)</td>", text)
    found = {(rule, model, re.sub("<[^>]*>", "", said)) for model, rule, said in rows}
    found |= {
        ("nothing-judged", model, "nothing was judged")
        for model in re.findall(r"<strong>([^<]*)</strong>: nothing was judged", text)
    }
    found |= {
        (UNUSABLE, file, "cannot be used")
        for file in re.findall(r"<strong>([^<]*) cannot be used and was not judged", text)
    }
    _, _, waivers = text.partition("what the rules say of it</caption>")
    for waiver, cells in re.findall(r'<tr><th scope="row">([^<]*)<br>(.*?)</tr>', waivers):
        for verdict, rule, blocks in re.findall(r"<span[^>]*>([a-z-]+)</span> ([a-z-]+)( \(blocks\))?", cells):
            found.add((rule, f"waiver {waiver}", f"{verdict}{blocks}"))
    return found


MEDIUM = Medium(
    read,
    {
        Told.PASS: "pass",
        Told.NOT_APPLICABLE: "not-applicable",
        Told.WAIVED: "waived",
        Told.ADVICE: "fail",
        Told.BLOCKS: "fail (blocks)",
        Told.REFUSED: "cannot be used",
        Told.UNKNOWN_ADVICE: "not-evaluated",
        Told.UNKNOWN_BLOCKS: "not-evaluated (blocks)",
        Told.UNJUDGED: "nothing was judged",
    },
    oracle=oracles.page,
    well_formed=html,
)
