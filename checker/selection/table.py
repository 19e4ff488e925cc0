"""What a row of a table states: all of it is hostile, and a cell that is not understood leaves its fact unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from checker.document.errors import InputError, shown
from checker.document.nearest import did_you_mean
from checker.document.scalars import MAX_WHOLE
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.model import ArchitectureClass, Benchmark, Dimensions, Facts, Head, Variant
from checker.manifest.model_id import HUB_ID
from checker.value import NamedTuple

_MODEL = re.compile(HUB_ID)
_COMMIT = re.compile(r"[0-9a-f]{40}")
BENCHMARKS = ("MMLU", "HumanEval", "MTEB")
NO_MODEL = "it names no model by an id such as Qwen/Qwen3-8B"


class Chunk(NamedTuple):
    """Some rows of a table."""

    name: str
    """The file as the user knows it."""
    form: str
    """csv, json or parquet."""
    first: int
    """The number of its first row, from 1; the header of a CSV file is none."""
    line: int
    """The line of the file before it."""
    data: str | bytes
    cells: tuple[int, ...] | tuple[str, ...]
    """Where the cells stand in a row, in the order of the fields."""


class Columns(NamedTuple):
    """Which column states which field."""

    of: Mapping[str, str]
    """Column by field."""

    @property
    def fields(self) -> tuple[str, ...]:
        """What is stated, in the order in which a row's cells are handed on."""
        return tuple(self.of)

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
        return cls({"model": found.pop("model"), **found})


def model_in(cell: object) -> str | None:
    """The model that a cell names; None where it names none."""
    model = cell.strip() if isinstance(cell, str) else ""
    return model if _MODEL.fullmatch(model) and ".." not in model else None


def commit_in(cell: object) -> str | None:
    """The commit that a cell names; None where it names none."""
    commit = cell.strip() if isinstance(cell, str) else ""
    return commit if _COMMIT.fullmatch(commit) else None


def facts_of(
    model: str, cells: Sequence[Any], columns: Columns, where: str, read: dict[object, object] | None = None
) -> Facts:
    """What a row states of a model.

    Args:
        model: its id.
        cells: in the order of `columns.fields`, the model's own first.
        columns: which column they stand in.
        where: the table, and the row where it is told about.
        read: what cells of other rows were read as; the facts then name a model that said the same, which no rule asks.
    """
    known: dict[str, Any] = {}
    sizes: dict[str, Any] = {}
    benchmarks = []
    for (field, column), cell in zip(columns.of.items(), cells, strict=True):
        text = cell.strip() if isinstance(cell, str) else "" if cell is None else cell
        if field == "model" or text == "":
            continue
        if read is None or type(text) is not str:
            value = _read(field, text, column, where, model)
        elif (value := read.get((field, text), read)) is read:
            value = read[field, text] = _read(field, text, column, where, model)
        if field in Dimensions._fields:
            sizes[field] = value
        elif field in BENCHMARKS:
            benchmarks += [value] if value is not None else []
        else:
            known[field] = value
    if any(size is not None for size in sizes.values()):
        known["dimensions"] = Fact(Dimensions(**sizes), Certainty.DECLARED, Source(Origin.TABLE, where, model))
    revision = known.pop("revision", None)
    commit = revision.value if isinstance(revision, Fact) else None
    return Facts(model=model, found_as=model, revision=commit, benchmarks=tuple(benchmarks), **known)


def _read(field: str, cell: Any, column: str, where: str, model: str) -> Any:
    """What a cell says: a size, a score, a fact, or that it is not understood."""
    value = FIELDS[field](cell)
    if field in Dimensions._fields or (value is None and field in BENCHMARKS):
        return value
    if value is None:
        return Unknown(field, f"column {shown(column)} says `{shown(str(cell))}`, which is not understood")
    if field in BENCHMARKS:
        value = Benchmark(field, value, f"as {where} states it", first_party=False)
    return Fact(value, Certainty.DECLARED, Source(Origin.TABLE, f"{where}, column {shown(column)}", model))


def _text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) and len(cell) <= 500 and cell.isprintable() else None


def _whole(cell: Any) -> int | None:
    """A count: digits, or billions and millions as models are named (`7.6B`, `350M`)."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if 0 < cell <= MAX_WHOLE and cell == int(cell) else None
    found = _AMOUNT.fullmatch(cell) if isinstance(cell, str) else None
    if found is None:
        return None
    number = float(found[1]) * _TIMES[found[2].upper()]
    return int(number) if number == int(number) and 0 < number <= MAX_WHOLE else None


_AMOUNT = re.compile(r"([0-9]{1,19}(?:\.[0-9]{1,6})?)([KkMmBb]?)")
_TIMES = {"": 1, "K": 1000, "M": 10**6, "B": 10**9}


def _score(cell: Any) -> float | None:
    try:
        number = float(cell) if isinstance(cell, str | int | float) and not isinstance(cell, bool) else -1.0
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
    **dict.fromkeys(BENCHMARKS, _score),
    **{name: _whole for name in Dimensions._fields if name != "tie_word_embeddings"},
    "tie_word_embeddings": _yes_no,
}
"""What a column may state, and how its cells are read: None where one says nothing that is understood."""
