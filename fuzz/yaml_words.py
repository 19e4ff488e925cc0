"""Words of our own YAML files, and the parser that the targets of those files use."""

from __future__ import annotations

from functools import cache
from json import loads
from typing import Any

from checker.document import tree
from fuzz.target import ROOT

MARKS = (
    "\n",
    "\n  ",
    "\n  - ",
    ": ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "'",
    '"',
    "#",
    "~",
    "true",
    "0",
    "-1",
    "1e9",
    "10%",
    "24 GiB",
)


@cache
def words_of(schema: str) -> tuple[str, ...]:
    """The keys and the values that a shipped schema knows."""
    found: dict[str, None] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            found.update(dict.fromkeys(node.get("properties", ())))
            found.update(dict.fromkeys(str(one) for one in node.get("enum", ()) if one is not None))
            found.update(dict.fromkeys(map(str, [node["const"]] if "const" in node else ())))
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(loads((ROOT / "checker" / "schemas" / f"{schema}.schema.json").read_text("utf-8")))
    return (*MARKS, *found)


def only_the_fast_parser() -> None:
    """What the C parser refuses is not read again: the target `yaml` tries both, and the second takes 4 ms a kilobyte."""
    tree._SECOND_OPINION_UP_TO = 0
