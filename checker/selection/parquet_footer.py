"""Asks, in a process of its own, what the footer of a Parquet file says of each column.

The library ends its process, without a word, where a footer contradicts itself and one of its columns is asked for: no
error of C++ is handed on there (pyarrow's `RowGroupMetaData.column`). Where it reads rows it raises instead.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

from checker.selection.parquet_pages import NoPageError
from checker.value import NamedTuple
from checker.workers import processes


class Cells(NamedTuple):
    """The cells of one column in one group of rows, as the footer states them."""

    column: str
    start: int
    """Where its first page begins in the file, in bytes."""
    end: int
    values: int


def stated(path: Path, wanted: Sequence[str]) -> list[list[Cells]]:
    """What the footer says of some columns, for each group of rows.

    Raises:
        NoPageError: the library ended over it, or cannot read it.
    """
    with processes(1) as apart:
        try:
            return apart.submit(_read, str(path), tuple(wanted)).result()
        except BrokenExecutor as error:
            raise NoPageError("its footer contradicts itself") from error


def _read(path: str, wanted: Sequence[str]) -> list[list[Cells]]:
    from pyarrow import parquet

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the library's last words are not for our reader
    metadata = parquet.read_metadata(path)
    names = [metadata.schema.column(index).path for index in range(metadata.num_columns)]
    mapped = [index for index, name in enumerate(names) if name in wanted]
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return [[_cells(names[index], group.column(index)) for index in mapped] for group in groups]


def _cells(name: str, column: Any) -> Cells:
    starts = (column.data_page_offset, column.dictionary_page_offset or 0)
    start = min(offset for offset in starts if offset > 0 or offset == starts[0])
    return Cells(name, start, start + column.total_compressed_size, column.num_values)
