"""Finds where in a JSON text a value stands, for messages: nothing is looked up unless something is wrong."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TypeAlias

from checker.document.place import Place, SourceFile
from checker.document.read import place_of

Path: TypeAlias = tuple[str | int, ...]
"""Keys and indices that lead from the top of a document to a value."""

_BLANK = re.compile(r"[\s,:]*")
_DECODER = JSONDecoder()


class Places:
    """The places of one text that is JSON, which is gone through once, however many of them are asked for."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._known: dict[int, _Members] = {}
        """What is known of objects and lists, by where they begin."""

    def of(self, path: Path, *, of_key: bool = False, again: bool = False) -> Place:
        """The place of the value at `path`, or of its key; of the last step that is there, where the path ends early.

        Args:
            path: what leads to the value.
            of_key: whether the key is meant, where the last step is one.
            again: whether the second member of the last step's name is meant, where a key stands twice.
        """
        text = self._source.text
        index, key_at, width = _blank(text, 0), 0, 1
        for number, step in enumerate(path, 1):
            members = self._known.setdefault(index, _Members(text, index))
            found = members.find(step, int(again and number == len(path)))
            if found is None:
                break
            key_at, index = found
        if of_key and path and isinstance(path[-1], str):
            index, width = key_at, len(path[-1]) + 2
        return place_of(self._source, index, width)


def place_in(source: SourceFile, path: Path, *, of_key: bool = False, again: bool = False) -> Place:
    """One place, as `Places.of` finds it, in a text of which no other is asked for."""
    return Places(source).of(path, of_key=of_key, again=again)


class _Members:
    """The members of the object or list that begins at an index, as far as somebody has asked for them."""

    def __init__(self, text: str, index: int) -> None:
        self._text = text
        self._closing = {"{": "}", "[": "]"}.get(text[index : index + 1])
        self._next = _blank(text, index + 1)
        """Where the next member begins, unless `_value` is not None."""
        self._value: int | None = None
        """Where the last value begins that was found and not read: it may hold nearly all of the text."""
        self._count = 0
        self._found: dict[str | int, list[tuple[int, int]]] = {}

    def find(self, step: str | int, skip: int) -> tuple[int, int] | None:
        """Where the key (or the item) and its value begin, after `skip` others of the name; None for no such member."""
        while len(self._found.get(step, ())) <= skip:
            if not self._take_next():
                return None
        return self._found[step][skip]

    def _take_next(self) -> bool:
        """Whether there was one more member."""
        if self._value is not None:
            self._next, self._value = self._behind(self._value), None
        if self._closing is None or self._text.startswith(self._closing, self._next):
            return False
        name: str | int = self._count
        key_at = value_at = self._next
        if self._closing == "}":
            name, end = _DECODER.raw_decode(self._text, key_at)
            value_at = _blank(self._text, end)
        self._found.setdefault(name, []).append((key_at, value_at))
        self._value, self._count = value_at, self._count + 1
        return True

    def _behind(self, index: int) -> int:
        return _blank(self._text, _DECODER.raw_decode(self._text, index)[1])


def _blank(text: str, index: int) -> int:
    found = _BLANK.match(text, index)
    return found.end() if found else index
