"""What the pages of a column unpack to: whole files of every writer's options, and headers that no writer makes."""

from __future__ import annotations

import io
import itertools

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from checker.selection.parquet_pages import NoPageError, pages

ROWS = 3_000
SIZES = bytes([0x15, 0, 0x15, 20, 0x15, 6])
"""Of a header: a data page, 10 bytes unpacked, 3 packed."""
VALUES = bytes([0x2C, 0x15, 8, 0x15, 0, 0])
"""The rest of it, but for its end: 4 values, as they are."""


@pytest.mark.parametrize(
    ("version", "compression", "dictionary"),
    list(itertools.product(("1.0", "2.0"), ("none", "snappy", "gzip", "zstd"), (True, False))),
)
def test_every_page_of_a_file_is_counted(version, compression, dictionary):
    file, texts = io.BytesIO(), [f"acme/{number:050d}" for number in range(ROWS)]
    table = pa.table({"texts": texts, "numbers": range(ROWS), "none": pa.nulls(ROWS, pa.string())})
    options = {"data_page_version": version, "compression": compression, "use_dictionary": dictionary}
    pq.write_table(table, file, row_group_size=2_000, data_page_size=4_096, **options)
    metadata = pq.ParquetFile(file).metadata
    for group, column in itertools.product(range(metadata.num_row_groups), range(3)):
        cells = metadata.row_group(group).column(column)
        start = cells.dictionary_page_offset or cells.data_page_offset
        found = pages(file, start, start + cells.total_compressed_size)
        assert found.values == cells.num_values
        headers = cells.total_uncompressed_size - found.unpacked_bytes  # the footer counts them in
        assert -100 < headers < max(200, cells.total_uncompressed_size // 10)  # a few bytes may grow by being packed


def test_a_page_counts_by_the_larger_of_its_sizes():
    page = SIZES + VALUES + bytes(1) + b"abc"
    found = pages(io.BytesIO(page * 2), 0, 2 * len(page))
    assert (found.unpacked_bytes, found.values, found.encodings) == (20, 8, {0})
    plain = bytes([0x15, 0, 0x15, 2, 0x15, 6]) + VALUES + bytes(1) + b"abc"
    assert pages(io.BytesIO(plain), 0, len(plain)).unpacked_bytes == 3


def test_a_header_may_hold_long_statistics():
    text = b"x" * 100_000
    statistics = bytes([0x3C, 0x18, 0xA0, 0x8D, 0x06]) + text + bytes(1)  # a struct that holds one text
    page = SIZES + VALUES[:-1] + statistics + bytes(2) + b"abc"
    assert pages(io.BytesIO(page), 0, len(page)).values == 4


@pytest.mark.parametrize(
    "more",
    [bytes([0x06, 4, 2]), bytes([0x04, 4, 2]), bytes([0x0C, 4, 0])],
    ids=["64 bits", "16 bits", "a struct"],
)
def test_a_field_of_another_type_counts_as_little_as_with_the_library(more):
    """Behind the size stands another one of the same number."""
    page = SIZES + VALUES + more + bytes(1) + b"abc"
    assert pages(io.BytesIO(page), 0, len(page)).unpacked_bytes == 10


def test_values_count_where_the_kind_of_page_has_them():
    index = bytes([0x15, 2]) + SIZES[2:] + VALUES + bytes(1) + b"abc"
    found = pages(io.BytesIO(index), 0, len(index))
    assert (found.unpacked_bytes, found.values, found.encodings) == (10, 0, frozenset())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a page's header has no end"),
        (SIZES, "a page's header has no end"),
        (b"\x00", "a page states no size"),
        (bytes([0x15, 0, 0x15, 19, 0x15, 6, 0]), "a page states no size"),
        (SIZES + b"\x1c" * 100, "a page's header is nested too deep"),
        (SIZES + b"\x15" + b"\xff" * 20, "a page's header holds a number of more than 64 bits"),
        (SIZES[:3] + b"\x80\x80\x80\x80\x20", "a page's header holds a number of more than 32 bits"),
        (SIZES + b"\x05\x84\x80\x08", "a page's header holds a number of more than 16 bits"),
        (SIZES + b"\x05\x01", "a page's header holds what none has"),
        (SIZES + b"\x18\xff\xff\xff\xff\x7f", "a page's header has no end"),
        (SIZES + b"\x19\x10", "a page's header holds what none has"),
        (b"PAR1" * 9, "a page's header holds what none has"),
        (bytes([0x15, 0, 0x15, 20, 0x15, 0xFE, 0x03, 0]), "a page goes on behind its column's end"),
    ],
)
def test_what_is_no_page_is_refused(data, why):
    with pytest.raises(NoPageError, match=why):
        pages(io.BytesIO(data), 0, max(1, len(data)))
