"""A Parquet table whose pages were changed: its rows are read, or it is refused; its footer is read in a process apart."""

import io
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq

from checker.selection import parquet
from checker.selection.parquet_footer import _cells
from checker.selection.table import Columns
from checker.selection.table_file import rows_of
from fuzz.given import Given
from fuzz.target import folder

LONGEST = 192
_PATH = folder() / "models.parquet"
_COLUMNS = Columns.of_options(("model=model", "MMLU=MMLU"))
_MOST_CHANGES = 8
_BYTES = (0, 1, 2, 4, 6, 8, 0x15, 0x2C, 0x5C, 0x7F, 0x80, 0xFE, 0xFF)
_WRITTEN = (
    {"compression": "none", "use_dictionary": False},
    {"compression": "none"},
    {"compression": "snappy", "data_page_version": "2.0"},
    {"compression": "gzip", "use_dictionary": False, "data_page_size": 64},
    {"compression": "zstd", "row_group_size": 5},
    {"compression": "none", "data_page_version": "2.0", "column_encoding": {"MMLU": "BYTE_STREAM_SPLIT"}}
    | {"use_dictionary": ["model"]},
    {"compression": "brotli", "write_page_checksum": True},
)
_ROWS = 12


def seeds():
    for number in range(len(_WRITTEN)):
        yield bytes((number,))
        for way in range(3):
            yield bytes((number, 1, 0, 4 + 9 * way, way, 7))


def one(data):
    given = Given(data)
    plain, end, stated = given.one_of(_files())
    file = bytearray(plain)
    for _ in range(given.below(_MOST_CHANGES)):
        _change(file, given, end)
    _PATH.write_bytes(file)
    kept, parquet.stated = parquet.stated, lambda path, wanted: stated
    try:
        rows = [row for chunk in parquet.batches(_PATH, _COLUMNS) for row in rows_of(chunk)]
    finally:
        parquet.stated = kept
    assert len(rows) == _ROWS
    for row in rows:
        assert len(row) == 2
        for cell in row:
            assert cell is None or isinstance(cell, (str, int, float))
            assert not isinstance(cell, str) or len(cell) <= parquet.MAX_CELL_BYTES


def _change(file, given, end):
    """Change what lies before the footer, and leave that where it is: its places stay true."""
    at = 4 + given.below(end - 4)
    kind = given.below(3)
    if kind == 0:
        file[at] = given.one_of(_BYTES)
    elif kind == 1:
        file[at] ^= 1 << given.below(8)
    else:
        length, start = min(1 + given.below(12), end - at), 4 + given.below(end - 4)
        file[at : at + length] = file[start : start + length].ljust(length, b"\0")[:length]
    assert file[:4] == b"PAR1"


@cache
def _files():
    """Each file, where its footer begins, and what that says of its columns."""
    table = pa.table(
        {
            "model": [f"acme/é{number % 5}" if number % 4 else None for number in range(_ROWS)],
            "MMLU": [None, 0.5, 0.25, float("nan")] * 3,
        }
    )
    made = []
    for options in _WRITTEN:
        stream = io.BytesIO()
        pq.write_table(table, stream, **options)
        file = stream.getvalue()
        made.append((file, len(file) - 8 - int.from_bytes(file[-8:-4], "little"), _stated(stream)))
    return made


def _stated(stream):
    """What the footer says, asked here: it is none that ends a process."""
    metadata = pq.read_metadata(stream)
    columns = [metadata.schema.column(index).path for index in range(metadata.num_columns)]
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return [[_cells(name, group.column(index)) for index, name in enumerate(columns)] for group in groups]
