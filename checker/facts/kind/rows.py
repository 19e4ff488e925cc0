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
    """One sign and the patterns of which one has to match, sorted by what is to be compared."""

    sign: str
    negated: bool
    exact: frozenset[str]
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    inside: tuple[str, ...]
    others: tuple[str, ...]
    """Patterns with a star between two texts."""

    def holds(self, signs: Mapping[str, tuple[str, ...]]) -> str | None:
        """What was seen that makes it hold; None where it does not, and an empty text where nothing was to be seen."""
        seen = next((value for value in signs.get(self.sign, ()) if self._matches(value)), None)
        if self.negated:
            return "" if seen is None else None
        return seen

    def _matches(self, value: str) -> bool:
        return (
            value in self.exact
            or value.startswith(self.starts)
            or value.endswith(self.ends)
            or any(part in value for part in self.inside)
            or any(_stretches(value, pattern) for pattern in self.others)
        )


def condition(text: str) -> Condition:
    """`sign=pattern|pattern` or `not sign=pattern` as a condition.

    Raises:
        ValueError: it names no sign, or no pattern.
    """
    sign, _, written = text.removeprefix("not ").partition("=")
    if sign not in SIGNS or not written:
        raise ValueError(f"`{text}` is no condition: expected `sign=pattern`, the sign one of {', '.join(SIGNS)}")
    kinds: dict[str, list[str]] = {"exact": [], "starts": [], "ends": [], "inside": [], "others": []}
    for pattern in written.split("|"):
        kind, part = _kind(pattern)
        kinds[kind].append(part)
    return Condition(
        sign,
        text.startswith("not "),
        frozenset(kinds["exact"]),
        tuple(kinds["starts"]),
        tuple(kinds["ends"]),
        tuple(kinds["inside"]),
        tuple(kinds["others"]),
    )


def _kind(pattern: str) -> tuple[str, str]:
    """How a pattern is compared, and with which text."""
    bare = pattern.strip("*")
    if "*" in bare:
        return "others", pattern
    if pattern == bare:
        return "exact", bare
    if pattern == f"{bare}*" or not bare:
        return "starts", bare
    return ("ends", bare) if pattern == f"*{bare}" else ("inside", bare)


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


@cache
def exact_patterns(sign: str, name: str) -> frozenset[str]:
    """Every text without a star that a table compares a sign with."""
    return frozenset(
        pattern
        for row in table(name)
        for condition in row.when
        if condition.sign == sign
        for pattern in condition.exact
    )


def _conditions(text: str) -> Iterator[Condition]:
    """Conditions that all have to hold, divided by ` & `; `*` alone always holds."""
    return iter(()) if text == "*" else map(condition, text.split(" & "))


def _stretches(value: str, pattern: str) -> bool:
    """Whether the value is the pattern, each star stretched over some characters or none."""
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
