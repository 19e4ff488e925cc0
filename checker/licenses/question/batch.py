"""Answers many questions, one JSON line each, in order; what is wrong with one is its answer and stops no other.

A file is CSV with a header, or JSON lines: whichever its first line is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from checker.document.as_json import dumps
from checker.document.errors import InputError, shown
from checker.document.json_line import DECODER
from checker.licenses.question.answer import Record, answer, refused
from checker.licenses.question.question import BESIDE, COLUMNS, of_columns
from checker.value import NamedTuple

MAX_CHARACTERS = 1 << 20
"""Characters of the longest line that is read."""


class Line(NamedTuple):
    """The answer to one line."""

    text: str
    bug: bool
    """Whether it is owed to a mistake of ours."""


def answers(stream: TextIO, name: str) -> Iterator[Line]:
    """One JSON line for each question, in order.

    Args:
        stream: the file, opened without translating line ends.
        name: what errors call it.

    Raises:
        InputError: it has neither a header with the columns of a question nor JSON objects.
    """
    lines = (line.removeprefix("\ufeff") if number == 0 else line for number, line in enumerate(stream))
    first = next(lines, "")
    if first.lstrip().startswith("{"):
        yield from _of_json(_chained(first, lines))
        return
    yield from _of_csv(_chained(first, lines), name)


def _chained(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _of_json(lines: Iterator[str]) -> Iterator[Line]:
    waiting: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            waiting.append(number)  # an empty line inside the file is a line without a question; at its end it is none
            continue
        yield from (_as_line(_no_question("the line is empty"), blank, None) for blank in waiting)
        waiting.clear()
        yield _answered_json(line, number)


def _answered_json(line: str, number: int) -> Line:
    try:
        if len(line) > MAX_CHARACTERS:
            raise InputError.one("the line is longer than is read", expected=f"at most {MAX_CHARACTERS} characters")
        decoded = DECODER.decode(line.strip())
    except InputError as error:
        return _as_line(refused(error.problems), number, None)
    except (ValueError, RecursionError) as error:
        return _as_line(_no_question(f"this is no JSON ({error})"), number, None)
    if not isinstance(decoded, dict):
        return _as_line(_no_question(f"`{shown(line)}` is no JSON object"), number, None)
    row = {key: _as_column(value) for key, value in decoded.items()}
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


def _of_csv(lines: Iterator[str], name: str) -> Iterator[Line]:
    """A question is one line: a quote that is not closed spoils its own line and no other."""
    try:
        header = [cell.strip() for cell in _cells(next(lines))]
    except csv.Error:
        header = []
    if "base_licenses" not in header:
        expected = f"a header with the columns {', '.join(COLUMNS)}, or one JSON object a line"
        raise InputError.one("the file has no column `base_licenses`", expected=expected, file=name)
    unknown = [cell for cell in header if cell not in (*COLUMNS, *BESIDE)]
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        try:
            cells = _cells(line)
        except csv.Error as error:
            yield _as_line(_no_question(f"this is no line of CSV ({error})"), number, None)
            continue
        if len(cells) != len(header):
            found = f"the line has {len(cells)} cells"
            yield _as_line(_no_question(f"{found}: expected {len(header)}, as in the header"), number, None)
            continue
        row = dict(zip(header, cells, strict=True))
        # A column that is empty states nothing, whatever it is called.
        yield _answered({key: cell for key, cell in row.items() if key not in unknown or cell.strip()}, number)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line.rstrip("\r\n")], strict=True), [])


def _answered(row: dict[str, str], number: int) -> Line:
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
    return _no_question(f"this is a bug in Weighbridge: {type(error).__name__}: {error}")


def _as_line(record: Record, number: int, name: str | None, *, bug: bool = False) -> Line:
    record["line"] = number
    if name:
        record["id"] = name
    return Line(dumps(record, ensure_ascii=True, allow_nan=False) + "\n", bug)
