"""Where a character of a scalar's text stands in its file, whatever style of YAML it is written in."""

import re

from checker.document.place import Place
from checker.document.tree import Scalar

_LONG_ESCAPES = {"x": 4, "u": 6, "U": 10}
"""Characters that an escape by number takes, its backslash included."""
_BLANKS = re.compile(r"[ \t\n]*")
_LINE_END = re.compile(r"[ \t]*\n")
_JOINED_LINES = re.compile(r"(?:\\\n[ \t]*)*")


def place_within(scalar: Scalar, offset: int, width: int = 1) -> Place:
    """The place of the character at `offset` (from 0) of the scalar's text; the scalar's own where it has none.

    The text is followed through the file as YAML joined it: escapes, doubled quotes, folded lines, indentation.
    """
    text = scalar.at.file.text.replace("\r\n", "\n").replace("\r", "\n")
    begin = sum(len(line) + 1 for line in text.split("\n")[: scalar.at.line - 1]) + scalar.at.column - 1
    if not 0 <= offset < len(scalar.text):
        return scalar.at
    mark = "" if scalar.plain else text[begin : begin + 1]
    at = (
        _in_block(text, begin, scalar.text, offset)
        if mark in ("|", ">")
        else _in_flow(text, begin, mark, scalar.text, offset)
    )
    line = text.count("\n", 0, at)
    column = at - (text.rfind("\n", 0, at) + 1)
    end = text.find("\n", at)
    left = (len(text) if end < 0 else end) - at
    return Place(scalar.at.file, line + 1, column + 1, max(1, min(width, left)))


def _in_block(text: str, begin: int, wanted: str, offset: int) -> int:
    """In a block of lines: each begins with the same indentation, which is no part of the text."""
    begin = text.index("\n", begin) + 1
    first = _BLANKS.match(text, begin)
    assert first is not None  # the pattern admits nothing at all
    line = text.rfind("\n", 0, first.end()) + 1
    leading = wanted.lstrip("\n")
    indent = re.compile(f" {{0,{first.end() - line - (len(leading) - len(leading.lstrip(' ')))}}}")
    at = _after(indent, text, begin)
    for character in wanted[:offset]:
        if text[at : at + 1] == "\n" and character in " \n":
            at = _after(indent, text, at + 1)
        else:
            at = _skipped(text, at, character) + 1
    return _skipped(text, at, wanted[offset])


def _in_flow(text: str, begin: int, quote: str, wanted: str, offset: int) -> int:
    """In plain or quoted text: a line's end with the blanks around it is one blank, several are line feeds."""
    at = begin + len(quote)
    for character in wanted[:offset]:
        at = _after(_JOINED_LINES, text, at) if quote == '"' else at
        if character in " \n" and (end := _LINE_END.match(text, at)):
            at = end.end() if character == "\n" else _after(_BLANKS, text, at)
        else:
            at = _skipped(text, at, character)
            at += _written_width(text, at, quote)
    at = _after(_JOINED_LINES, text, at) if quote == '"' else at
    return _skipped(text, at, wanted[offset])


def _skipped(text: str, at: int, character: str) -> int:
    """The next character of the file that is no blank, for one that is none either."""
    return at if character in " \n" else _after(_BLANKS, text, at)


def _after(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _written_width(text: str, at: int, quote: str) -> int:
    """The characters of the file that stand for one of the text."""
    if quote == "'" and text[at : at + 2] == "''":
        return 2
    if quote == '"' and text[at : at + 1] == "\\":
        return _LONG_ESCAPES.get(text[at + 1 : at + 2], 2)
    return 1
