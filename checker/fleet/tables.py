"""The audit as flat tables, for spreadsheets and databases: a name, typed columns, and rows of plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel

from checker.fleet.inventory import Inventory
from checker.fleet.record import FoundRecord, LackRecord, Records
from checker.value import NamedTuple

Cell: TypeAlias = str | int | bool | date | None
"""What a cell holds; lists and mappings are text in it."""
_PLAIN = (bool, int, date)
_TEXTS = tuple[str, ...]


class Column(NamedTuple):
    """One column."""

    name: str
    kind: type
    """`str`, `int`, `bool` or `date`; any cell may be empty."""


class Table(NamedTuple):
    """One table."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[tuple[Cell, ...]]]


def tables(inventory: Inventory, records: Records) -> tuple[Table, ...]:
    """All tables, also those without a row; findings and missing facts are read from the records row by row."""
    made = [_of_run(inventory)]
    made += [_of_rows(name, kind, getattr(inventory, name)) for name, kind in _listed()]
    unused = tuple((name, entry) for name, entries in inventory.unused_allowed.items() for entry in entries)
    columns = (Column("list", str), Column("entry", str))
    made.append(Table("unused_allowed", columns, lambda: iter(unused)))
    made.append(_of_records("findings", FoundRecord, "findings", records))
    made.append(_of_records("missing", LackRecord, "lacks", records))
    return tuple(made)


def _listed() -> Iterator[tuple[str, type[BaseModel]]]:
    """The parts of an inventory that are rows of one kind."""
    for name, field in Inventory.model_fields.items():
        inner = get_args(field.annotation)
        if get_origin(field.annotation) is tuple and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
            yield name, inner[0]


def _of_run(inventory: Inventory) -> Table:
    """What the inventory says of the run itself, which is one row: a table travels without the others."""
    names = [name for name, field in Inventory.model_fields.items() if field.annotation in (*_PLAIN, str, _TEXTS)]
    columns = tuple(Column(name, _plain(Inventory.model_fields[name].annotation)) for name in names)
    return Table("run", columns, lambda: iter((tuple(_cell(getattr(inventory, name)) for name in names),)))


def _of_rows(name: str, kind: type[BaseModel], rows: tuple[BaseModel, ...]) -> Table:
    return Table(name, tuple(_columns(kind)), lambda: (tuple(_cells(row)) for row in rows))


def _of_records(name: str, kind: type[BaseModel], field: str, records: Records) -> Table:
    about = ("path", "file", "project", "owner")

    def rows() -> Iterator[tuple[Cell, ...]]:
        for record in records():
            for manifest in record.manifests:
                where = (record.path, manifest.file, manifest.project, manifest.owner)
                yield from ((*where, *_cells(one)) for one in getattr(manifest, field))

    return Table(name, (*(Column(one, str) for one in about), *_columns(kind)), rows)


def _columns(kind: type[BaseModel], prefix: str = "") -> Iterator[Column]:
    """The fields of a kind of row, those of a record within it beside its own."""
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _columns(inner, f"{name}_")
        else:
            yield Column(prefix + name, _plain(inner))


def _plain(annotation: Any) -> type:
    """The type of a field's cells: `date | None` is a date, a list is text."""
    possible = [one for one in (annotation, *get_args(annotation)) if one in _PLAIN]
    return possible[0] if possible and get_origin(annotation) not in (tuple, dict) else str


def _cells(row: BaseModel) -> Iterator[Cell]:
    for name in type(row).model_fields:
        value = getattr(row, name)
        if isinstance(value, BaseModel):
            yield from _cells(value)
        else:
            yield _cell(value)


def _cell(value: Any) -> Cell:
    if isinstance(value, Mapping):
        return "; ".join(f"{key or 'none'}: {count}" for key, count in value.items())
    if isinstance(value, str | int | date) or value is None:
        return value
    if isinstance(value, Iterable):
        return "; ".join(_words(one) for one in value)
    raise TypeError(f"{type(value).__name__} has no cell")


def _words(value: object) -> str:
    return " ".join(str(part) for part in _cells(value)) if isinstance(value, BaseModel) else str(value)
