"""An audit as a folder of CSV files, one a table, with every cell safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from checker.document.folder import made
from checker.document.write import replace_file
from checker.fleet.inventory import Inventory
from checker.fleet.record import Records
from checker.fleet.tables import Cell, Table, tables
from checker.report.csv import safe_row


def write(target: Path, inventory: Inventory, records: Records) -> None:
    """Write the folder: `projects.csv`, `models.csv`, `findings.csv` and so on, by RFC 4180.

    Raises:
        InputError: the folder cannot be written.
    """
    made(target)
    for table in tables(inventory, records):
        replace_file(target / f"{table.name}.csv", _text(table))


def _text(table: Table) -> str:
    names = [column.name for column in table.columns]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, names, lineterminator="\r\n")
    writer.writeheader()
    for row in table.rows():
        writer.writerow(safe_row(dict(zip(names, map(_shown, row), strict=True))))
    return stream.getvalue()


def _shown(cell: Cell) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)
