"""The report as commands of a GitHub workflow."""

from __future__ import annotations

import re
from urllib.parse import unquote

from fuzz.wellformed import workflow_commands
from tests.hostile import oracles
from tests.report.told import Medium, Verdicts, remarked


def read(text: str) -> Verdicts:
    lines = re.findall(r"^::(\w+) file=\S+,title=(.*?)::(.*?): ", text, re.MULTILINE)
    parts = [(kind, *unquote(title).partition(": ")[::2], model) for kind, title, model in lines]
    return {(rule, model, f"{kind}: {said}") for kind, rule, said, model in parts if said}


MEDIUM = Medium(
    read,
    remarked(("error", "error", "warning", "notice"), "notice"),
    oracle=oracles.github,
    well_formed=workflow_commands,
)
