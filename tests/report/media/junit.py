"""The report as JUnit's XML."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from fuzz.wellformed import xml
from tests.hostile import oracles
from tests.report.told import UNUSABLE, Medium, Told, Verdicts, remarked


def read(text: str) -> Verdicts:
    found = set()
    for suite in ET.fromstring(text):
        for case in suite.iter("testcase"):
            rule, (result, said) = case.get("name", ""), ("passed", "")
            for one in case:
                result, said = one.tag, one.get("message", "").partition(": ")[0]
            _, _, model = case.get("classname", "").partition(".")
            who = suite.get("name", "") if rule == UNUSABLE else model
            found.add((rule, who, f"{result}: {said}"))
    return found


MEDIUM = Medium(
    read,
    {
        **remarked(("failure", "error", "skipped", "error"), "skipped"),
        Told.PASS: "passed: ",
        Told.NOT_APPLICABLE: "skipped: not applicable",
        Told.REFUSED: "error: cannot be used",
    },
    oracle=oracles.junit,
    well_formed=xml,
)
