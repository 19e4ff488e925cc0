"""An audit as a folder of Parquet files, one a table (extra `fleet`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from checker.document.characters import in_characters
from checker.document.errors import InputError
from checker.document.extra import missing
from checker.document.folder import made
from checker.fleet.inventory import Inventory
from checker.fleet.record import Records
from checker.fleet.tables import Table, tables

ROWS = 65_536
"""Rows of a group: what is held in memory of a table at most."""


def write(target: Path, inventory: Inventory, records: Records) -> None:
    """Write the folder: `projects.parquet`, `models.parquet`, `findings.parquet` and so on.

    Raises:
        InputError: the extra is missing, or the folder cannot be written.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise missing("output `parquet` needs", "fleet", file="audit") from error
    made(target)
    kinds = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), date: pa.date32()}
    for table in tables(inventory, records):
        schema = pa.schema([(column.name, kinds[column.kind]) for column in table.columns])
        path = target / f"{table.name}.parquet"
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with parquet.ParquetWriter(beside, schema) as writer:
                for columns in _groups(table):
                    arrays = [pa.array(cells, kind) for cells, kind in zip(columns, schema.types, strict=True)]
                    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise InputError.one(f"cannot be written: {error}", file=path.as_posix()) from error


def _groups(table: Table) -> Iterator[list[list[Any]]]:
    """The columns of so many rows at a time; text that is no UTF-8 is shown as such."""
    rows = table.rows()
    while group := list(islice(rows, ROWS)):
        yield [[in_characters(row[number]) for row in group] for number in range(len(table.columns))]
