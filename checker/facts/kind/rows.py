"""Reads the decision tables and says which of their rows hold for the signs of a model."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from checker.value import NamedTuple

FOLDER = Path(__file__).parent / "table"
SIGNS = {
    "architecture": "a class in `architectures` of config.json",
    "model_type": "`model_type` of config.json",
    "body": "half of the transformer that the family is built from",
    "class": "the architecture class decided so far",
    "variant": "the variant decided so far",
    "standing": "how sure the variant is",
    "head": "what the classification head computes",
    "task": "pipeline tag",
    "library": "library name",
    "tag": "a tag of the Hub or of the card",
    "file": "a file's name",
    "module": "a type in modules.json",
    "template": "whether there is a chat template: yes or no",
    "template_text": "text of the chat template",
    "labels": "outputs of the head: none, one, two, many",
    "label": "the name of a label",
    "problem": "`problem_type` of config.json",
    "adapter": "`task_type` of adapter_config.json",
    "config": "a statement of config.json: encoder-decoder, is-decoder, vision, audio, quantized",
    "owner": "who publishes it: the first part of the id",
    "name": "the model's name, whole or one of its words",
    "size": "billions of parameters in the name, or in that of what it was made from: 7b",
    "last": "the last word of the name that speaks of training",
    "parent": "the name of a model that it descends from, whole or one of its words",
    "relation": "how it descends",
    "said": "words of the card or of a remark",
}
"""What a condition can look at; text is compared without capitals, and `*` stands for any run of characters."""


class Condition(NamedTuple):
    """One sign and the patterns of which one has to match."""

    sign: str
    patterns: tuple[str, ...]
    negated: bool

    def holds(self, signs: Mapping[str, tuple[str, ...]]) -> str | None:
        """What was seen that makes it hold; None where it does not, and an empty text where nothing was to be seen."""
        seen = next(
            (value for pattern in self.patterns for value in signs.get(self.sign, ()) if _matches(value, pattern)), None
        )
        if self.negated:
            return "" if seen is None else None
        return seen


class Row(NamedTuple):
    """One line of a table: a reason, when it holds, and what follows."""

    gives: str
    certainty: str
    """How sure what follows is at most; empty where the table does not say."""
    when: tuple[Condition, ...]
    written: str
    """The conditions as the table writes them."""
    because: str

    def evidence(self, signs: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, str], ...] | None:
        """The signs that make the row hold, each with what was seen; None where it does not hold."""
        found: list[tuple[str, str]] = []
        for condition in self.when:
            seen = condition.holds(signs)
            if seen is None:
                return None
            if seen:
                found.append((condition.sign, seen))
        return tuple(found)


@cache
def table(name: str) -> tuple[Row, ...]:
    """The rows of one table, in order.

    Raises:
        ValueError: a row names a sign that there is not, or lacks a column.
    """
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(line["gives"], line["certainty"], tuple(_conditions(line["when"])), line["when"], line["because"])
            for line in csv.DictReader(file, strict=True)
        )


def first(name: str, signs: Mapping[str, tuple[str, ...]]) -> tuple[Row, tuple[tuple[str, str], ...]] | None:
    """The first row of a table that holds, and what was seen."""
    for row in table(name):
        seen = row.evidence(signs)
        if seen is not None:
            return row, seen
    return None


def patterns_of(sign: str, name: str) -> frozenset[str]:
    """Every pattern that a table has for one sign."""
    return frozenset(
        pattern
        for row in table(name)
        for condition in row.when
        if condition.sign == sign
        for pattern in condition.patterns
    )


def _conditions(text: str) -> Iterator[Condition]:
    """`sign=pattern|pattern & not sign=pattern` as conditions, all of which have to hold; `*` alone always holds."""
    if text == "*":
        return
    for part in text.split(" & "):
        sign, _, patterns = part.removeprefix("not ").partition("=")
        if sign not in SIGNS or not patterns:
            raise ValueError(f"`{part}` is no condition: expected `sign=pattern`, the sign one of {', '.join(SIGNS)}")
        yield Condition(sign, tuple(patterns.split("|")), part.startswith("not "))


def _matches(value: str, pattern: str) -> bool:
    if "*" not in pattern:
        return value == pattern
    start, *middle, end = pattern.split("*")
    if not value.startswith(start) or not value.endswith(end) or len(value) < len(start) + len(end):
        return False
    index = len(start)
    limit = len(value) - len(end)
    for part in middle:
        found = value.find(part, index, limit)
        if found < 0:
            return False
        index = found + len(part)
    return True
