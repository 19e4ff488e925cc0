"""Reads a table of models: CSV or JSON lines, all of it hostile; a cell that cannot be read leaves its fact unknown."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

from checker.document.errors import InputError, shown
from checker.document.json_line import DECODER
from checker.document.nearest import did_you_mean
from checker.document.scalars import MAX_WHOLE
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Variant
from checker.manifest.model_id import HUB_ID
from checker.value import NamedTuple

MAX_LINE = 1024 * 1024
"""Characters of one row that are read."""
_MODEL = re.compile(HUB_ID)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_BENCHMARKS = ("MMLU", "HumanEval", "MTEB")


class Row(NamedTuple):
    """One row of a table."""

    number: int
    """From 1; the header of a CSV file is none."""
    written: str
    """The model as the row names it."""
    facts: Facts | None
    """None where the row names no model."""
    problem: str = ""
    """Why it is None."""


class Columns(NamedTuple):
    """Which column states which field."""

    of: Mapping[str, str]
    """Column by field."""

    @classmethod
    def of_options(cls, stated: Iterable[str]) -> Columns:
        """What `--map COLUMN=FIELD` says.

        Raises:
            InputError: a field is not known or stated twice, or no column names the model.
        """
        found: dict[str, str] = {}
        for text in stated:
            column, _, field = text.rpartition("=")
            if not column or field not in FIELDS:
                expected, hint = f"COLUMN=FIELD with one of {', '.join(FIELDS)}", did_you_mean(field, FIELDS)
                raise InputError.one(f"--map {shown(text)}", expected=expected, hint=hint, file="select")
            if field in found:
                raise InputError.one(f"two columns for {field}", expected="one column a field", file="select")
            found[field] = column
        if "model" not in found:
            raise InputError.one("no column names the model", expected="`--map COLUMN=model`", file="select")
        return cls(found)


def rows(path: Path, columns: Columns) -> Iterator[Row]:
    """The rows of a table, one at a time. A name that ends with `.jsonl` or `.ndjson` is JSON lines, any other is CSV.

    Raises:
        InputError: the file cannot be read as such a table, or lacks a column that is mapped.
    """
    name = path.as_posix()
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            lines = _lines(stream, name)
            found = _of_json(lines, name) if path.suffix in (".jsonl", ".ndjson") else _of_csv(lines, name, columns)
            for number, cells in enumerate(found, start=1):
                yield _row(number, cells, columns, name)
    except UnicodeDecodeError as error:
        raise InputError.one("it is no text in UTF-8", expected="CSV or JSON lines in UTF-8", file=name) from error
    except OSError as error:
        raise InputError.one(f"cannot be read: {error.strerror}", expected="a readable file", file=name) from error


def _lines(stream: TextIO, name: str) -> Iterator[str]:
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise InputError.one(f"a line has more than {MAX_LINE} characters", expected="a shorter one", file=name)
        yield line


def _of_csv(lines: Iterator[str], name: str, columns: Columns) -> Iterator[Mapping[str, Any]]:
    reader = csv.DictReader((line.removeprefix("\ufeff") for line in lines), strict=True)
    try:
        header = tuple(reader.fieldnames or ())
        for column in columns.of.values():
            if column not in header:
                expected, hint = f"one of {', '.join(map(shown, header[:40]))}", did_you_mean(column, header)
                raise InputError.one(f"no column is called `{shown(column)}`", expected=expected, hint=hint, file=name)
        yield from reader
    except csv.Error as error:
        sentence = f"line {reader.line_num} is no CSV: {error}"
        raise InputError.one(sentence, expected="quotes that are closed", file=name) from error


def _of_json(lines: Iterator[str], name: str) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cells = DECODER.decode(line.strip())
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            raise InputError.one(f"line {number} is no JSON: {reason}", expected="an object", file=name) from error
        if not isinstance(cells, dict):
            raise InputError.one(f"line {number} is no JSON object", expected="`{…}` on each line", file=name)
        yield cells


def _row(number: int, cells: Mapping[str, Any], columns: Columns, name: str) -> Row:
    stated = cells.get(columns.of["model"])
    model = stated.strip() if isinstance(stated, str) else ""
    if not _MODEL.fullmatch(model) or ".." in model:
        return Row(number, shown(model), None, "it names no model by an id such as Qwen/Qwen3-8B")
    known: dict[str, Any] = {}
    sizes: dict[str, Any] = {}
    benchmarks = []
    for field, column in columns.of.items():
        cell = cells.get(column)
        text = cell.strip() if isinstance(cell, str) else "" if cell is None else cell
        if field == "model" or text == "":
            continue
        value = FIELDS[field](text)
        source = Source(Origin.TABLE, f"{name}, row {number}, column {shown(column)}", model)
        if field in Dimensions._fields:
            sizes |= {} if value is None else {field: value}
        elif value is None:
            known[field] = Unknown(field, f"row {number} of {name} says `{shown(str(text))}`, which is not understood")
        elif field in _BENCHMARKS:
            score = Benchmark(field, value, f"column {shown(column)} of {name}", first_party=False)
            benchmarks.append(Fact(score, Certainty.DECLARED, source))
        else:
            known[field] = Fact(value, Certainty.DECLARED, source)
    if sizes:
        origin = Source(Origin.TABLE, f"{name}, row {number}", model)
        known["dimensions"] = Fact(Dimensions(**sizes), Certainty.DECLARED, origin)
    for name_of_benchmark in _BENCHMARKS:
        known.pop(name_of_benchmark, None)
    revision = known.pop("revision", None)
    commit = revision.value if isinstance(revision, Fact) else None
    return Row(
        number, model, Facts(model=model, found_as=model, revision=commit, benchmarks=tuple(benchmarks), **known)
    )


def _text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) and len(cell) <= 500 and cell.isprintable() else None


def _whole(cell: Any) -> int | None:
    """A count: digits, or billions and millions as models are named (`7.6B`, `350M`)."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if cell == int(cell) and 0 < cell <= MAX_WHOLE else None
    found = _AMOUNT.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        return None
    number = float(found[1]) * _TIMES[found[2].upper()]
    return int(number) if number == int(number) and 0 < number <= MAX_WHOLE else None


_AMOUNT = re.compile(r"([0-9]{1,19}(?:\.[0-9]{1,6})?)([KkMmBb]?)")
_TIMES = {"": 1, "K": 1000, "M": 10**6, "B": 10**9}


def _score(cell: Any) -> float | None:
    try:
        number = float(cell) if not isinstance(cell, bool | dict | list) else -1.0
    except ValueError:
        return None
    return number if 0 <= number <= 100 else None


def _yes_no(cell: Any) -> bool | None:
    return {"true": True, "false": False}.get(str(cell).casefold())


def _commit(cell: Any) -> str | None:
    return cell if isinstance(cell, str) and _COMMIT.fullmatch(cell) else None


def _one_of(kinds: type[ArchitectureClass] | type[Variant] | type[Head]) -> Callable[[Any], Any]:
    known = {kind.value: kind for kind in kinds}
    return lambda cell: known.get(cell) if isinstance(cell, str) else None


FIELDS: dict[str, Callable[[Any], Any]] = {
    "model": _text,
    "revision": _commit,
    "license": _text,
    "license_name": _text,
    "license_link": _text,
    "architecture_class": _one_of(ArchitectureClass),
    "variant": _one_of(Variant),
    "head": _one_of(Head),
    "multimodal": _yes_no,
    "state_space": _yes_no,
    "model_type": _text,
    "parameters": _whole,
    "active_parameters": _whole,
    "native_context": _whole,
    "torch_dtype": _text,
    "release_date": _text,
    **dict.fromkeys(_BENCHMARKS, _score),
    **{name: _whole for name in Dimensions._fields if name != "tie_word_embeddings"},
    "tie_word_embeddings": _yes_no,
}
"""What a column may state, and how its cells are read: None where one says nothing that is understood."""
