"""Reads one line of JSON into a located tree, so that what is wrong with a plan in it is said with its place.

YAML's parser would take more than JSON, and not all of it; the values that nobody binds to a typed model (`raw`) are
decoded at once and within limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any, NoReturn

from checker.document.characters import HALF
from checker.document.each_once import KeyTwice, each_once
from checker.document.errors import InputError, shown
from checker.document.place import Place, SourceFile
from checker.document.scalars import MAX_WHOLE
from checker.document.tree import MAX_DEPTH, Entry, Mapping, Node, Scalar, Sequence
from checker.value import NamedTuple


class Line(NamedTuple):
    """One line of JSON."""

    root: Mapping
    """What stands in it, without the keys that were asked for as they are."""
    raw: dict[str, Any]
    """The values of those keys."""
    raw_at: dict[str, Place]
    """Where those values begin."""


def parse_line(source: SourceFile, raw: Collection[str] = ()) -> Line:
    """The JSON object in `source`; the values of the keys `raw` at its top are decoded and not located.

    Raises:
        InputError: it is no JSON object, or nested deeper, or holds larger numbers than any plan has.
    """
    reader = _Reader(source, raw)
    index = reader.skip(0)
    if source.text[index : index + 1] != "{":
        reader.refuse("this is no JSON object", index, expected="`{…}` on one line")
    root, end = reader.mapping(index, 1)
    if reader.skip(end) != len(source.text):
        reader.refuse("something follows the object", reader.skip(end), expected="one JSON object a line")
    return Line(root, reader.raw, reader.raw_at)


_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"


def _whole(text: str) -> int:
    if len(text) > 20 or abs(int(text)) > MAX_WHOLE:
        raise ValueError(f"{shown(text)} is larger than any size of a model")
    return int(text)


def _decimal(text: str) -> float:
    number = float(text)
    if abs(number) > MAX_WHOLE:
        raise ValueError(f"{shown(text)} is larger than any size of a model")
    return number


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


class _Decoder(json.JSONDecoder):
    """Refuses depth by a limit of its own: how deep Python's decoder goes differs from version to version."""

    def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
        value, end = super().raw_decode(s, idx)
        if _is_deeper(value, MAX_DEPTH):
            raise RecursionError(f"more than {MAX_DEPTH} levels inside each other")
        return value, end


def _is_deeper(value: object, levels: int) -> bool:
    """Whether more than so many mappings and lists stand inside each other."""
    layer = [value]
    for _ in range(levels + 1):
        layer = [
            child
            for one in layer
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
        if not layer:
            return False
    return True


DECODER = _Decoder(parse_int=_whole, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=each_once)
"""Decodes JSON; numbers beyond 64 bits and what JSON does not have (NaN) raise ValueError, depth RecursionError."""
PYTHONS_DECODER = _Decoder(parse_int=_whole, parse_float=_decimal, object_pairs_hook=each_once)
"""The same for a file that Python wrote: NaN and infinities are what they are there, for who reads it to look at."""


class _Reader:
    def __init__(self, source: SourceFile, raw: Collection[str]) -> None:
        self._source = source
        self._text = source.text
        self._raw = raw
        self.raw: dict[str, Any] = {}
        self.raw_at: dict[str, Place] = {}

    def refuse(self, sentence: str, index: int, expected: str = "JSON") -> NoReturn:
        raise InputError.one(sentence, expected=expected, at=self._at(index, index + 1))

    def skip(self, index: int) -> int:
        found = _BLANK.match(self._text, index)
        return found.end() if found else index

    def mapping(self, index: int, depth: int) -> tuple[Mapping, int]:
        """The object that begins at `index`, and the index behind it."""
        at, items = self._at(index, index + 1), dict[str, Entry]()
        index = self.skip(index + 1)
        if self._text.startswith("}", index):
            return Mapping(items, at), index + 1
        while True:
            key, key_at, index = self._key(index)
            if key in items or (depth == 1 and key in self.raw):
                raise InputError.one(f"the key `{shown(key)}` stands here twice", expected="each key once", at=key_at)
            if depth == 1 and key in self._raw:
                self.raw_at[key] = self._at(index, index + 1)
                self.raw[key], index = self._decoded(index)
            else:
                value, index = self._value(index, depth)
                items[key] = Entry(key_at, value)
            index, ended = self._after(index, "}")
            if ended:
                return Mapping(items, at), index

    def _list(self, index: int, depth: int) -> tuple[Sequence, int]:
        at, items = self._at(index, index + 1), list[Node]()
        index = self.skip(index + 1)
        if self._text.startswith("]", index):
            return Sequence(items, at), index + 1
        while True:
            item, index = self._value(index, depth)
            items.append(item)
            index, ended = self._after(index, "]")
            if ended:
                return Sequence(items, at), index

    def _value(self, index: int, depth: int) -> tuple[Node, int]:
        first = self._text[index : index + 1]
        if first in ("{", "["):
            if depth == MAX_DEPTH:
                self.refuse(f"more than {MAX_DEPTH} levels inside each other", index, expected="a flatter line")
            return self.mapping(index, depth + 1) if first == "{" else self._list(index, depth + 1)
        if first == '"':
            text, end = self._string(index)
            return Scalar(text, False, self._at(index, end)), end
        found = _PLAIN.match(self._text, index)
        if not found:
            self.refuse(f"this is no value of JSON: `{shown(self._text[index : index + 20])}`", index)
        return Scalar(found.group(), True, self._at(index, found.end())), found.end()

    def _key(self, index: int) -> tuple[str, Place, int]:
        """A key, its place, and the index of its value."""
        if not self._text.startswith('"', index):
            self.refuse("this is no key of JSON", index, expected="a text in double quotes")
        key, end = self._string(index)
        colon = self.skip(end)
        if not self._text.startswith(":", colon):
            self.refuse(f"no colon follows the key `{shown(key)}`", colon, expected="`:`")
        return key, self._at(index, end), self.skip(colon + 1)

    def _after(self, index: int, closing: str) -> tuple[int, bool]:
        """The index behind a comma or behind the bracket that closes, and whether it was the bracket."""
        index = self.skip(index)
        if self._text.startswith(closing, index):
            return index + 1, True
        if not self._text.startswith(",", index):
            self.refuse("the line ends too early" if index >= len(self._text) else "no comma stands here", index)
        return self.skip(index + 1), False

    def _string(self, index: int) -> tuple[str, int]:
        value, end = self._decoded(index)
        if HALF.search(value):
            self.refuse("an escape that names no character", index, expected="Unicode text")
        return value, end

    def _decoded(self, index: int) -> tuple[Any, int]:
        try:
            return DECODER.raw_decode(self._text, index)
        except RecursionError:
            self.refuse("too many levels inside each other", index, expected="a flatter line")
        except json.JSONDecodeError as error:
            self.refuse(f"this is no JSON ({error.msg})", min(error.pos, len(self._text)))
        except KeyTwice as error:
            self.refuse(str(error), index, expected="each key once")
        except ValueError as error:
            self.refuse(str(error), index, expected="numbers that fit 64 bits")

    def _at(self, start: int, end: int) -> Place:
        return Place(self._source, 1, start + 1, max(end - start, 1))


_PLAIN = re.compile(rf"(?:{_NUMBER}|true|false|null)(?![^\s,\]}}])")
