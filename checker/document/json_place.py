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


def place_in(source: SourceFile, path: Path, *, of_key: bool = False, again: bool = False) -> Place:
    """The place of the value at `path`, or of its key; of the last step that is there, where the path ends early.

    Args:
        source: a text that is JSON.
        path: what leads to the value.
        of_key: whether the key is meant, where the last step is one.
        again: whether the second member of the last step's name is meant, where a key stands twice.
    """
    index, key_at, width = _blank(source.text, 0), 0, 1
    for number, step in enumerate(path, 1):
        found = _member(source.text, index, step, skip=int(again and number == len(path)))
        if found is None:
            break
        key_at, index = found
    if of_key and path and isinstance(path[-1], str):
        index, width = key_at, len(path[-1]) + 2
    return place_of(source, index, width)


def _member(text: str, index: int, step: str | int, skip: int = 0) -> tuple[int, int] | None:
    """Where the key (or the item) and its value begin; None where the value at `index` has no such member."""
    closing = {"{": "}", "[": "]"}.get(text[index : index + 1])
    if closing is None:
        return None
    count, index = 0, _blank(text, index + 1)
    while not text.startswith(closing, index):
        key_at, name = index, count
        if closing == "}":
            name, end = _DECODER.raw_decode(text, index)
            index = _blank(text, end)
        if name == step and not skip:
            return key_at, index
        skip -= name == step
        _, end = _DECODER.raw_decode(text, index)
        count, index = count + 1, _blank(text, end)
    return None


def _blank(text: str, index: int) -> int:
    found = _BLANK.match(text, index)
    return found.end() if found else index
