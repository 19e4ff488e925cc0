"""Finds in a model's configuration what Python writes and JSON does not have: NaN and infinities in a number's place.

Some configurations end a list of limits with `Infinity`, which nothing here reads. Under a key of its own such a value
stands where a size is meant, and whoever computes with it gets anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from checker.document.errors import InputError, shown
from checker.document.json_place import Path, place_in
from checker.document.place import SourceFile
from checker.value import NamedTuple

SIZED = frozenset(("config.json", "sentence_bert_config.json"))
"""The files of a model whose numbers are facts."""


class NoNumber(NamedTuple):
    """A key whose value is no number."""

    path: Path
    word: str
    """The value, as Python writes it."""

    @property
    def sentence(self) -> str:
        """What is wrong, as every command says it."""
        return f"`{shown('.'.join(map(str, self.path)))}` is {self.word}, which is no number of JSON"


def no_number_in(config: Mapping[str, Any]) -> NoNumber | None:
    """The first key of a configuration, or of what lies in it, that has no number; None where each has one."""
    waiting: list[tuple[Path, Mapping[str, Any]]] = [((), config)]
    while waiting:
        inside, around = waiting.pop()
        for key, value in around.items():
            if isinstance(value, float) and not math.isfinite(value):
                word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
                return NoNumber((*inside, key), word)
            if isinstance(value, dict):
                waiting.append(((*inside, key), value))
    return None


def refuse_no_number(config: Mapping[str, Any], source: SourceFile) -> None:
    """Refuse a configuration of which a key has no number.

    Args:
        config: its content.
        source: its text.

    Raises:
        InputError: one has none.
    """
    if found := no_number_in(config):
        at = place_in(source, found.path)
        raise InputError.one(found.sentence, expected="a number of JSON", at=at._replace(width=len(found.word)))
