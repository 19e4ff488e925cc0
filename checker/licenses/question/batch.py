"""Answers many questions, one JSON line each, in order; what is wrong with one is its answer and stops no other.

A file is CSV with a header, or JSON lines: whichever its first line is.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO

from checker.document.as_json import dumps
from checker.document.errors import InputError, shown
from checker.document.json_line import parse_line
from checker.document.lines import Answered, Numbered, bug_in_words, numbered, source_of
from checker.licenses.question.answer import Record, answer, refused
from checker.licenses.question.question import BESIDE, COLUMNS, of_columns

_KNOWN = frozenset((*COLUMNS, *BESIDE, "id"))


def answers(stream: BinaryIO, name: str) -> Iterator[Answered]:
    """One JSON line for each question, in order.

    Args:
        stream: the file.
        name: what errors call it.

    Raises:
        InputError: it has neither a header with the columns of a question nor JSON objects.
    """
    lines = numbered(stream)
    first = next(lines, (1, b""))
    if first[1].removeprefix(BOM_UTF8).lstrip().startswith(b"{"):
        yield from (_answered_json(line, name) for line in chain([first], lines))
        return
    header = _header(source_of(name, first[1]).text, name)
    yield from (_answered_csv(line, header, name) for line in lines if line[1])


def _answered_json(line: Numbered, name: str) -> Answered:
    number, data = line
    try:
        source = source_of(f"{name}:{number}", data)
        if not source.text.strip():
            raise InputError.one("the line is empty")
        read = parse_line(source, _KNOWN)
    except InputError as error:
        return _as_line(refused(error.problems), number, None)
    row = {**dict.fromkeys(read.root.items, ""), **{key: _as_column(value) for key, value in read.raw.items()}}
    return _answered(row, number)


def _as_column(value: Any) -> str:
    """A JSON value as the column of a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(_as_column(part) for part in value)
    if isinstance(value, dict):
        return ";".join(f"{key}={_as_column(part)}" for key, part in value.items())
    return str(value)


def _header(text: str, name: str) -> list[str]:
    """The columns of a CSV file, by its first line.

    Raises:
        InputError: the licences have none, or one is there twice: the first would be passed over in silence.
    """
    try:
        header = [cell.strip() for cell in _cells(text)]
    except csv.Error:
        header = []
    if "base_licenses" not in header:
        expected = f"a header with the columns {', '.join(COLUMNS)}, or one JSON object a line"
        raise InputError.one("the file has no column `base_licenses`", expected=expected, file=name)
    twice = next((column for column in header if header.count(column) > 1), None)
    if twice is not None:
        raise InputError.one(f"the file has two columns `{shown(twice)}`", expected="each once", file=name)
    return header


def _answered_csv(line: Numbered, header: list[str], name: str) -> Answered:
    """The answer to one line, which is one question: a quote that is not closed spoils its own line and no other."""
    number, data = line
    try:
        cells = _cells(source_of(f"{name}:{number}", data).text)
    except InputError as error:
        return _as_line(refused(error.problems), number, None)
    except csv.Error as error:
        return _as_line(_no_question(f"this is no line of CSV ({error})"), number, None)
    if len(cells) != len(header):
        found = f"the line has {len(cells)} cells"
        return _as_line(_no_question(f"{found}: expected {len(header)}, as in the header"), number, None)
    # A column that is empty states nothing, whatever it is called.
    row = {key: cell for key, cell in zip(header, cells, strict=True) if key in _KNOWN or cell.strip()}
    return _answered(row, number)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], strict=True), [])


def _answered(row: dict[str, str], number: int) -> Answered:
    name = row.get("case_id") or row.get("id") or None
    try:
        record = answer(of_columns({key: value for key, value in row.items() if key != "id"}))
    except InputError as error:
        record = refused(error.problems)
    except Exception as error:  # the other lines are still to be answered
        return _as_line(_bug(error), number, name, bug=True)
    return _as_line(record, number, name)


def _no_question(sentence: str) -> Record:
    return refused(InputError.one(sentence).problems)


def _bug(error: Exception) -> Record:
    return _no_question(bug_in_words(error))


def _as_line(record: Record, number: int, name: str | None, *, bug: bool = False) -> Answered:
    record["line"] = number
    if name:
        record["id"] = name
    return Answered(dumps(record, ensure_ascii=True, allow_nan=False) + "\n", bug)
