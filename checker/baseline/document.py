"""Reads a JSON file of results within limits: size, depth, each key once, every wrong type with its place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from checker.document.characters import HALF
from checker.document.errors import InputError, Problem, shown
from checker.document.json_bounded import decoded
from checker.document.json_place import Path as Steps
from checker.document.json_place import Places
from checker.document.place import SourceFile

MAX_BYTES = 16 * 1024 * 1024
"""The largest file of results that is read: 16 MiB. A run of all of MMLU with its configurations has below 1 MiB."""
MOST = 1e150
"""How large a number may be, below 0 too: the sum of as many squares of it as a file can hold is still finite.
Perplexities, the largest scores there are, stay below: 1e150 is 345 nats for each word."""
MAX_PROBLEMS = 20
_MAX_TEXT = 300


class Found:
    """A value of the document and the way to it."""

    def __init__(self, places: Places, value: Any, path: Steps, problems: list[Problem]) -> None:
        self._places = places
        self._path = path
        self._problems = problems
        self.value = value

    def refuse(self, expected: str, *, sentence: str = "", of_key: bool = False) -> None:
        """Note that this value is not what belongs here.

        Raises:
            InputError: as many values are known not to belong as anybody is told of: the rest is not worth reading.
        """
        at = self._places.of(self._path, of_key=of_key)
        self._problems.append(Problem(sentence or f"{self._named} is {kind(self.value)}", expected=expected, at=at))
        if len(self._problems) >= MAX_PROBLEMS:
            raise InputError(tuple(self._problems))

    @property
    def _named(self) -> str:
        if not self._path:
            return "the file"
        return f"`{shown('.'.join(map(str, self._path[-3:])))}`"

    def get(self, key: str) -> Found | None:
        """The value of a key; None where it is absent or null."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return None if value is None else self._inner(key, value)

    def _inner(self, step: str | int, value: Any) -> Found:
        return Found(self._places, value, (*self._path, step), self._problems)

    def mapping(self, key: str) -> Found | None:
        """The object under a key; None where it is absent, null, or refused for being something else."""
        found = self.get(key)
        if found is not None and not isinstance(found.value, dict):
            found.refuse("an object")
            return None
        return found

    def members(self) -> Iterator[tuple[str, Found]]:
        """The members of an object whose names can be printed; others are refused."""
        for key, value in self.value.items():
            inner = self._inner(key, value)
            if not key or len(key) > _MAX_TEXT or HALF.search(key):
                inner.refuse(f"a name of 1 to {_MAX_TEXT} characters", sentence=f"a key is {kind(key)}", of_key=True)
                continue
            yield key, inner

    def items(self) -> Iterator[Found]:
        """The items of a list; anything else is refused."""
        if not isinstance(self.value, list):
            self.refuse("a list")
            return
        for index, value in enumerate(self.value):
            yield self._inner(index, value)

    def text(self, key: str) -> str | None:
        """The text under a key; None where it is absent, null or empty, or refused for being something else."""
        found = self.get(key)
        if found is None:
            return None
        if not isinstance(found.value, str) or HALF.search(found.value) or len(found.value) > _MAX_TEXT:
            found.refuse(f"a text of at most {_MAX_TEXT} characters")
            return None
        return found.value or None

    def number(self) -> float | None:
        """This value as a number: a score, a standard error, a time; refused where it is none, or is beyond `MOST`.

        How small it may be is not bounded: a mean of probabilities can honestly be 1e-200. Whoever divides by a number
        or squares it has to do without the square of a small one, which is 0.
        """
        if not _is_number(self.value):
            self.refuse("a number")
            return None
        if isinstance(self.value, float) and not math.isfinite(self.value):
            self.refuse("a finite number")
            return None
        if abs(self.value) > MOST:  # a whole number need not fit into a float
            self.refuse(f"a number of at most {MOST:g}")
            return None
        return float(self.value)

    def time(self, key: str) -> float | None:
        """The number under a key, in seconds; None where it is absent or something else, which says nothing."""
        found = self.get(key)
        return found.number() if found is not None and _is_number(found.value) else None

    def count(self) -> int | None:
        """This value as a whole number from 0; 5.0 is one."""
        number = self.number()
        if number is None:
            return None
        if number < 0 or number != int(number):
            self.refuse("a whole number from 0")
            return None
        return int(number)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def kind(value: Any) -> str:
    """What a value is, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinite"
    return f"`{shown(str(value)) if not isinstance(value, str) else shown(HALF.sub('?', value))}`"


def decimals(value: Any) -> int:
    """The digits behind the point that the file writes."""
    written = repr(value)
    return 17 if "e" in written else len(written.partition(".")[2])


def parse(source: SourceFile, problems: list[Problem]) -> Found:
    """The document, of which nothing but its top is known: an object.

    Raises:
        InputError: it is no JSON object, or `checker.document.json_bounded` refuses it.
    """
    value = decoded(source)
    if not isinstance(value, dict):
        raise InputError.one(f"the file is {kind(value)}", expected="an object with results", file=source.name)
    return Found(Places(source), value, (), problems)
