"""Reads and writes Parquet by the extra `fleet`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from checker.document.errors import InputError, shown
from checker.document.extra import missing
from checker.document.nearest import did_you_mean
from checker.document.read import opened
from checker.selection.parquet_footer import Cells, stated
from checker.selection.parquet_pages import NoPageError, pages
from checker.selection.table import Chunk, Columns
from checker.value import NamedTuple

BATCH = 20_000
"""Rows of one chunk at most."""
PART_BYTES = 8 * 1024 * 1024
"""Bytes of the texts of one chunk, spelt out; each row counted as if it were the longest."""
MAX_CELL_BYTES = 128 * 1024
"""The longest text of a cell: as of CSV."""
MAX_GROUP_BYTES = 256 * 1024 * 1024
"""The mapped columns of one row group, unpacked; usual writers make groups of a tenth of it."""
_INCREMENTAL = {6: "DELTA_LENGTH_BYTE_ARRAY", 7: "DELTA_BYTE_ARRAY"}
"""Encodings of texts, by their numbers, that the library does not read into a column that holds each text once."""
_NUMBER_BYTES = 8


def arrow() -> Any:
    """The library that reads it.

    Raises:
        InputError: it is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.compute
        import pyarrow.parquet  # which `pa` then has
    except ImportError as error:
        raise missing("Parquet needs", "fleet", file="select", beside=", or CSV or JSON lines") from error
    return pa


def batches(path: Path, columns: Columns) -> Iterator[Chunk]:
    """The mapped columns of a table, some rows at a time.

    Raises:
        InputError: it is no Parquet, lacks a column that is mapped, or a column or a cell holds what no table states.
    """
    library, name, wanted = arrow(), path.as_posix(), tuple(columns.of.values())
    with opened(path, name) as stream:
        try:
            file = library.parquet.ParquetFile(stream)
            _refuse_other_columns(file.schema_arrow.names, wanted, name)
            texts = _texts(file.schema_arrow, wanted, name)
            _refuse_large_groups(path, stream, wanted, name)
            # Of a column that repeats its texts each is held once: a small file may spell out more than any memory has.
            file = library.parquet.ParquetFile(stream, metadata=file.metadata, read_dictionary=texts)
            first = 1
            for batch in file.iter_batches(BATCH, columns=list(dict.fromkeys(wanted))):
                for part in _parts(batch, _Table(name, first, library)):
                    yield Chunk(name, "parquet", first, 0, _packed(part, library), wanted)
                    first += part.num_rows
            if first - 1 != file.metadata.num_rows:
                raise NoPageError(f"its pages hold {first - 1} rows, and its footer says {file.metadata.num_rows}")
        except (library.ArrowException, OSError, UnicodeDecodeError, NoPageError) as error:
            # An OSError is how the library tells a damaged page.
            reason = shown(str(error).partition("\n")[0])
            raise InputError.one(f"it is no Parquet: {reason}", expected="a Parquet file", file=name) from error


def rows(data: bytes, wanted: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a chunk, cell by cell in the order that is wanted."""
    with arrow().ipc.open_stream(data) as stream:
        for batch in stream:
            yield from zip(*(batch.column(column).to_pylist() for column in wanted), strict=True)


class _Table(NamedTuple):
    """Where the rows at hand stand."""

    name: str
    """The file as errors call it."""
    first: int
    """The number of the first of them."""
    library: Any

    def refusal(self, column: str, row: int, found: str, expected: str) -> InputError:
        """What is wrong with a cell; `row` counts from 0 within the rows at hand."""
        sentence = f"row {self.first + row}, column `{shown(column)}`: {found}"
        return InputError.one(sentence, expected=expected, file=self.name)


def _refuse_other_columns(header: Sequence[str], wanted: Sequence[str], name: str) -> None:
    for column in wanted:
        if header.count(column) != 1:
            expected, hint = f"one of {', '.join(map(shown, header[:40]))}", did_you_mean(column, tuple(header))
            sentence = f"{header.count(column) or 'no'} column is called `{shown(column)}`"
            raise InputError.one(sentence, expected=expected, hint=hint, file=name)


def _texts(schema: Any, wanted: Sequence[str], name: str) -> list[str]:
    """The columns that hold texts.

    Raises:
        InputError: a column holds what states none of the fields, such as times, bytes or lists.
    """
    library, texts = arrow(), []
    types = library.types
    for column in dict.fromkeys(wanted):
        kind = schema.field(column).type
        kind = kind.value_type if types.is_dictionary(kind) else kind
        if _is_text(kind, library):
            texts.append(column)
        elif not any(test(kind) for test in (types.is_integer, types.is_floating, types.is_boolean, types.is_null)):
            raise InputError.one(
                f"column `{shown(column)}` holds {shown(str(kind))}",
                expected="texts, numbers, or true and false; a query can write the others as texts",
                file=name,
            )
    return texts


def _refuse_large_groups(path: Path, stream: BinaryIO, wanted: Sequence[str], name: str) -> None:
    """Refuse rows that stand in fewer groups than memory allows; a group's texts are held at once.

    Raises:
        InputError: a group is too large, or its texts are written in a way that is not read.
        NoPageError: the file does not hold what its footer says.
    """
    for number, group in enumerate(stated(path, wanted), start=1):
        size = sum(_unpacked_bytes(cells, stream, name) for cells in group)
        if size > MAX_GROUP_BYTES:
            raise InputError.one(
                f"row group {number} holds {size >> 20} MiB of the columns that are mapped",
                expected=f"at most {MAX_GROUP_BYTES >> 20} MiB a group; more groups hold the same rows",
                file=name,
            )


def _unpacked_bytes(cells: Cells, stream: BinaryIO, name: str) -> int:
    """What the cells of one column in one group unpack to, however large the footer says that they are."""
    found = pages(stream, cells.start, cells.end)
    if found.values < cells.values:
        raise NoPageError("a column has fewer values than its footer says")
    if odd := sorted(found.encodings & _INCREMENTAL.keys()):
        raise InputError.one(
            f"column `{shown(cells.column)}` is written as {_INCREMENTAL[odd[0]]}",
            expected="texts one by one or by a dictionary, as writers do unless they are told otherwise",
            file=name,
        )
    return found.unpacked_bytes


def _parts(batch: Any, table: _Table) -> Iterator[Any]:
    """The rows of a batch, texts spelt out, in parts of some `PART_BYTES`."""
    longest = sum(_longest(batch.column(index), column, table) for index, column in enumerate(batch.schema.names))
    step = max(1, PART_BYTES // max(1, longest))
    for start in range(0, batch.num_rows, step):
        part, here = batch.slice(start, step), table._replace(first=table.first + start)
        columns = [_plain(part.column(index), column, here) for index, column in enumerate(part.schema.names)]
        yield table.library.RecordBatch.from_arrays(columns, part.schema.names)


def _longest(cells: Any, column: str, table: _Table) -> int:
    """Bytes of the longest cell.

    Raises:
        InputError: it is longer than any that a table states.
    """
    if not table.library.types.is_dictionary(cells.type) or not _is_text(cells.type.value_type, table.library):
        return _NUMBER_BYTES
    compute = table.library.compute
    lengths = compute.take(compute.binary_length(cells.dictionary), cells.indices)
    most = compute.max(lengths).as_py() or 0
    if most > MAX_CELL_BYTES:
        row = compute.index(compute.greater(lengths, MAX_CELL_BYTES), True).as_py()
        raise table.refusal(column, row, f"a text of {most} bytes", f"at most {MAX_CELL_BYTES} bytes a cell")
    return int(most)


def _plain(cells: Any, column: str, table: _Table) -> Any:
    """The cells one by one, where the column holds each content once.

    Raises:
        InputError: a cell is no text in UTF-8.
    """
    plain = cells.dictionary_decode() if table.library.types.is_dictionary(cells.type) else cells
    try:
        plain.validate(full=True)
    except table.library.ArrowInvalid:
        for row, cell in enumerate(plain.cast(table.library.large_binary()).to_pylist()):
            try:
                (cell or b"").decode()
            except UnicodeDecodeError:
                raise table.refusal(column, row, "it is no text in UTF-8", "text in UTF-8") from None
        raise
    return plain


def _is_text(kind: Any, library: Any) -> bool:
    types = library.types
    return any(test(kind) for test in (types.is_string, types.is_large_string, types.is_string_view))


def _packed(rows: Any, library: Any) -> bytes:
    sink = library.BufferOutputStream()
    with library.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_batch(rows)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


class Writer:
    """Writes chunks of rows into one file."""

    def __init__(self, path: Path, columns: Sequence[str], said: Mapping[str, str]) -> None:
        """Open the file; every column is text but the first, which counts rows.

        Args:
            path: the file.
            columns: the names of its columns.
            said: what the schema says of the whole, by name.
        """
        library = arrow()
        kinds = [(name, library.int64() if number == 0 else library.string()) for number, name in enumerate(columns)]
        self._schema = library.schema(kinds, dict(said))
        self._library = library
        self._writer = library.parquet.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, chunk: Sequence[Sequence[Any]]) -> None:
        """Add rows, given column by column."""
        arrays = [self._library.array(values, field.type) for values, field in zip(chunk, self._schema, strict=True)]
        self._writer.write_table(self._library.Table.from_arrays(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
