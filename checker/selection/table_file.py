"""Cuts a table into chunks that can be judged anywhere: CSV, JSON lines, or Parquet, read within limits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from checker.document.errors import InputError, shown
from checker.document.json_line import DECODER
from checker.document.nearest import did_you_mean
from checker.document.read import opened
from checker.selection.table import Chunk, Columns

MAX_LINE = 1024 * 1024
"""Characters of one row that are read."""
CHUNK_LINES = 20_000
CHUNK_CHARACTERS = 8 * 1024 * 1024
"""A chunk ends with the row that reaches one of these."""
JSON_LINES = (".jsonl", ".ndjson")
PARQUET = ".parquet"


def chunks(path: Path, columns: Columns) -> Iterator[Chunk]:
    """The table, chunk by chunk. The end of its name says how it is read: .jsonl, .ndjson, .parquet, any other is CSV.

    Raises:
        InputError: the file cannot be read as such a table, or lacks a column that is mapped.
    """
    name = path.as_posix()
    try:
        if path.suffix == PARQUET:
            from checker.selection.parquet import batches

            yield from batches(path, columns)
            return
        with io.TextIOWrapper(opened(path, name, pipe=True), encoding="utf-8", newline="") as stream:
            read = _of_json if path.suffix in JSON_LINES else _of_csv
            yield from read(_lines(stream, name), name, columns)
    except UnicodeDecodeError as error:
        raise InputError.one("it is no text in UTF-8", expected="CSV or JSON lines in UTF-8", file=name) from error
    except OSError as error:
        raise InputError.one(f"cannot be read: {error.strerror}", expected="a readable file", file=name) from error


def rows_of(chunk: Chunk) -> Iterator[Sequence[Any]]:
    """The rows of a chunk; the cells stand where `places` says.

    Raises:
        InputError: a row is not of the chunk's form.
    """
    if chunk.form == "parquet":
        from checker.selection.parquet import rows

        assert isinstance(chunk.data, bytes)
        return rows(chunk.data, [str(column) for column in chunk.cells])
    assert isinstance(chunk.data, str)
    lines = io.StringIO(chunk.data, newline="")
    return _csv_rows(lines, chunk) if chunk.form == "csv" else _json_rows(lines, chunk)


def places(chunk: Chunk) -> tuple[int, ...]:
    """Where in a row the cells stand, in the order of the fields."""
    return tuple(place if isinstance(place, int) else number for number, place in enumerate(chunk.cells))


def _lines(stream: TextIO, name: str) -> Iterator[str]:
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise InputError.one(f"a line has more than {MAX_LINE} characters", expected="a shorter one", file=name)
        yield line


def _of_csv(lines: Iterator[str], name: str, columns: Columns) -> Iterator[Chunk]:
    first = next(lines, "").removeprefix("\ufeff")
    try:
        header = next(csv.reader([first], strict=True), [])
    except csv.Error as error:
        raise _no_csv(1, error, name) from error
    if not header:
        raise InputError.one("it is empty", expected="a line with the names of the columns, and rows", file=name)
    cells = tuple(_place(column, header, name) for column in columns.of.values())
    yield from _cut(lines, Chunk(name, "csv", 1, 1, "", cells))


def _place(column: str, header: Sequence[str], name: str) -> int:
    if column not in header:
        expected, hint = f"one of {', '.join(map(shown, header[:40]))}", did_you_mean(column, tuple(header))
        raise InputError.one(f"no column is called `{shown(column)}`", expected=expected, hint=hint, file=name)
    if header.count(column) > 1:
        sentence = f"{header.count(column)} columns are called `{shown(column)}`"
        raise InputError.one(sentence, expected="one, since each may state another value", file=name)
    return header.index(column)


def _of_json(lines: Iterator[str], name: str, columns: Columns) -> Iterator[Chunk]:
    yield from _cut(lines, Chunk(name, "json", 1, 0, "", tuple(columns.of.values())))


def _cut(lines: Iterator[str], empty: Chunk) -> Iterator[Chunk]:
    """Chunks that end where a row ends: a row of CSV goes on over lines while a quote is open."""
    first, line = empty.first, empty.line
    held: list[str] = []
    rows = size = quotes = 0
    quoted = empty.form == "csv"
    for text in lines:
        held.append(text)
        size += len(text)
        if quoted and '"' in text:
            quotes += text.count('"')
        if quotes % 2 == 0:
            rows += bool(text.strip("\r\n") if quoted else text.strip())
            if rows >= CHUNK_LINES or size >= CHUNK_CHARACTERS:
                yield empty._replace(first=first, line=line, data="".join(held))
                first, line = first + rows, line + len(held)
                held, rows, size, quotes = [], 0, 0, 0
        elif size > CHUNK_CHARACTERS:
            break  # a quote that nothing closes: whoever reads the rows says where
    if held:
        yield empty._replace(first=first, line=line, data="".join(held))


def _csv_rows(lines: TextIO, chunk: Chunk) -> Iterator[Sequence[Any]]:
    reader = csv.reader(lines, strict=True)
    width = max(places(chunk)) + 1
    try:
        for row in reader:
            if len(row) >= width:
                yield row
            elif row:
                yield row + [None] * (width - len(row))
    except csv.Error as error:
        raise _no_csv(chunk.line + reader.line_num, error, chunk.name) from error


def _no_csv(line: int, error: csv.Error, name: str) -> InputError:
    limit = csv.field_size_limit()
    expected = f"cells of at most {limit} characters" if str(limit) in str(error) else "quotes that are closed"
    return InputError.one(f"line {line} is no CSV: {error}", expected=expected, file=name)


def _json_rows(lines: TextIO, chunk: Chunk) -> Iterator[Sequence[Any]]:
    columns, decode = [str(column) for column in chunk.cells], DECODER.decode
    for number, line in enumerate(lines, start=chunk.line + 1):
        text = line.strip()
        if not text:
            continue
        try:
            cells = decode(text)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise InputError.one(
                f"line {number} is no JSON: {reason}", expected="an object", file=chunk.name
            ) from error
        if not isinstance(cells, dict):
            raise InputError.one(f"line {number} is no JSON object", expected="`{…}` on each line", file=chunk.name)
        yield [cells.get(column) for column in columns]
