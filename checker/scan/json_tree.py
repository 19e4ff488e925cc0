"""Reads JSON of any layout into a tree of nodes, with the line of each value as near as its text can be found."""

from __future__ import annotations

import json

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.tree import MAX_DEPTH, Entry, Mapping, Node, Scalar, Sequence


def parse(source: SourceFile) -> Node:
    """The tree of a JSON file.

    Raises:
        InputError: it is no JSON, or nested too deeply.
    """
    try:
        loaded = json.loads(source.text)
    except RecursionError:
        raise InputError.one("nested too deeply", expected="a flatter file", file=source.name) from None
    except ValueError as error:
        raise InputError.one(f"no JSON ({error})", expected="JSON", file=source.name) from None
    return _Finder(source).node(loaded, 0)


class _Finder:
    """Finds each text in the order of the file: a value stands behind the one before it."""

    def __init__(self, source: SourceFile) -> None:
        self._source = source
        self._text = source.text
        self._index = 0
        self._line = 1
        self._start = 0
        """Where the current line begins."""

    def node(self, value: object, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise InputError.one("nested too deeply", expected="a flatter file", file=self._source.name)
        if isinstance(value, dict):
            at, items = self._here(), {}
            for key, inner in value.items():
                key_at = self._find(key)
                items[key] = Entry(key_at, self.node(inner, depth + 1))
            return Mapping(items, at)
        if isinstance(value, list):
            at = self._here()
            return Sequence([self.node(item, depth + 1) for item in value], at)
        if isinstance(value, str):
            return Scalar(value, False, self._find(value))
        return Scalar(json.dumps(value), True, self._here())

    def _find(self, text: str) -> Place:
        written = json.dumps(text, ensure_ascii=False)
        index = self._text.find(written, self._index)
        if index < 0:  # written with escapes
            return self._here()
        newlines = self._text.count("\n", self._index, index)
        if newlines:
            self._line += newlines
            self._start = self._text.rfind("\n", 0, index) + 1
        self._index = index + len(written)
        return Place(self._source, self._line, index - self._start + 1, len(written))

    def _here(self) -> Place:
        return Place(self._source, self._line, max(self._index - self._start, 0) + 1)
