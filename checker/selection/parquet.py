"""Reads and writes Parquet by the extra `fleet`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.document.errors import InputError, shown
from checker.document.extra import missing
from checker.document.nearest import did_you_mean
from checker.document.read import opened
from checker.selection.table import Columns

if TYPE_CHECKING:
    from checker.selection.table import Chunk

BATCH = 20_000
"""Rows of one chunk."""


def arrow() -> Any:
    """The library that reads it.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet  # which `pa` then has
    except ImportError as error:
        raise missing("Parquet needs", "fleet", file="select", beside=", or CSV or JSON lines") from error
    return pa


def batches(path: Path, columns: Columns) -> Iterator[Chunk]:
    """The mapped columns of a table, some rows at a time.

    Raises:
        InputError: it is no Parquet, or lacks a column that is mapped.
    """
    from checker.selection.table import Chunk

    library, name, first = arrow(), path.as_posix(), 1
    with opened(path, name) as stream:
        try:
            file = library.parquet.ParquetFile(stream)
            header = tuple(file.schema_arrow.names)
            for column in columns.of.values():
                if header.count(column) != 1:
                    expected, hint = f"one of {', '.join(map(shown, header[:40]))}", did_you_mean(column, header)
                    sentence = f"{header.count(column) or 'no'} column is called `{shown(column)}`"
                    raise InputError.one(sentence, expected=expected, hint=hint, file=name)
            wanted = list(columns.of.values())
            for batch in file.iter_batches(BATCH, columns=list(dict.fromkeys(wanted))):
                sink = library.BufferOutputStream()
                with library.ipc.new_stream(sink, batch.schema) as writer:
                    writer.write_batch(batch)
                yield Chunk(name, "parquet", first, 0, sink.getvalue().to_pybytes(), tuple(wanted))
                first += batch.num_rows
        except library.ArrowException as error:
            reason = shown(str(error).partition("\n")[0])
            raise InputError.one(f"it is no Parquet: {reason}", expected="a Parquet file", file=name) from error


def rows(data: bytes, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a chunk, cell by cell in the order that is wanted."""
    with arrow().ipc.open_stream(data) as stream:
        for batch in stream:
            yield from zip(*(batch.column(column).to_pylist() for column in wanted), strict=True)


class Writer:
    """Writes chunks of rows into one file."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        """Open the file; every column is text but the first, which counts rows."""
        library = arrow()
        kinds = [(name, library.int64() if number == 0 else library.string()) for number, name in enumerate(columns)]
        self._schema = library.schema(kinds)
        self._library = library
        self._writer = library.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, chunk: Sequence[Sequence[Any]]) -> None:
        """Add rows, given column by column."""
        arrays = [self._library.array(values, field.type) for values, field in zip(chunk, self._schema, strict=True)]
        self._writer.write_table(self._library.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
