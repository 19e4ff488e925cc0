"""Adds up what a column of a Parquet file unpacks to, by the headers of its pages.

The footer states a size as well, which nobody holds against anything. What a page's own header states is what the
library makes room for: a page that unpacks to more, or to less, it refuses. The headers are in Thrift's compact
protocol (parquet-format, `PageHeader` in parquet.thrift).
"""

from __future__ import annotations

from typing import BinaryIO

from checker.value import NamedTuple

MAX_HEADER_BYTES = 16 * 1024 * 1024
"""As of the library; statistics may hold long texts."""
_PADDING_BYTES = 100
"""What the library reads beyond a column's end: writers of 2013 left the header of a dictionary out of its size."""
_FIRST_BYTES = 1 << 12
_MAX_DEPTH = 8
_MAX_VARINT_BITS = 64

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_KIND, _UNPACKED, _PACKED = 1, 2, 3
"""Fields of a page's header."""
_DATA = {0: ((5, 1), (5, 2)), 3: ((8, 1), (8, 4))}
"""For each kind of page with values, where their number and their encoding stand."""


class NoPageError(ValueError):
    """Where a page should begin, something else stands."""


class Pages(NamedTuple):
    """What the pages of a column come to."""

    unpacked_bytes: int
    values: int
    encodings: frozenset[int]
    """Of data pages, as parquet.thrift numbers them."""


def pages(stream: BinaryIO, start: int, end: int) -> Pages:
    """What the pages between two places of a file come to.

    Raises:
        NoPageError: they are no pages, or go on behind the end.
        OSError: the file cannot be read.
    """
    unpacked_bytes = values = 0
    encodings: set[int] = set()
    while start < end:
        header, size = _header(stream, start, end)
        packed, unpacked = (header.get((field,), -1) for field in (_PACKED, _UNPACKED))
        if packed < 0 or unpacked < 0:
            raise NoPageError("a page states no size")
        unpacked_bytes += max(packed, unpacked)  # what is not compressed is taken as it is, whatever it states
        if (kind := header.get((_KIND,), -1)) in _DATA:
            count, encoding = _DATA[kind]
            values += max(0, header.get(count, 0))
            encodings.add(header.get(encoding, 0))
        start += size + packed
    if start > end + _PADDING_BYTES:
        raise NoPageError("a page goes on behind its column's end")
    return Pages(unpacked_bytes, values, frozenset(encodings))


def _header(stream: BinaryIO, start: int, end: int) -> tuple[dict[tuple[int, ...], int], int]:
    """The 32-bit numbers of a page's header, by the numbers of the fields that lead to them; and how long it is."""
    length = _FIRST_BYTES
    while True:
        stream.seek(start)
        data = stream.read(min(length, end - start))
        try:
            reader = _Reader(data)
            reader.struct(())
            return reader.numbers, reader.at
        except IndexError:  # it goes on
            if length >= MAX_HEADER_BYTES or len(data) < length:
                raise NoPageError("a page's header has no end") from None
            length *= 4


class _Reader:
    """Reads one struct; an `IndexError` says that there are too few bytes.

    It must not understand a header in another way than the library, which passes over a field of another type and cuts
    numbers off: what could be read in two ways is refused.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0
        self.numbers: dict[tuple[int, ...], int] = {}

    def struct(self, path: tuple[int, ...]) -> None:
        if len(path) > _MAX_DEPTH:
            raise NoPageError("a page's header is nested too deep")
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._whole(16)
            if not 0 < field < 1 << 15:
                raise NoPageError("a page's header holds what none has")
            self._value(head & 15, (*path, field))

    def _value(self, kind: int, path: tuple[int, ...]) -> None:
        if kind == _I32:
            self.numbers[path] = self._whole(32)
        elif kind in (_I16, _I64):
            self._varint()
        elif kind == _BYTE:
            self._skip(1)
        elif kind == _DOUBLE:
            self._skip(8)
        elif kind == _BINARY:
            self._skip(self._varint())
        elif kind == _STRUCT:
            self.struct(path)
        elif kind not in (_TRUE, _FALSE):  # no page has lists or maps
            raise NoPageError("a page's header holds what none has")

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self._data):
            raise IndexError

    def _varint(self) -> int:
        value = shift = 0
        while shift < _MAX_VARINT_BITS:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise NoPageError("a page's header holds a number of more than 64 bits")

    def _whole(self, bits: int) -> int:
        coded = self._varint()
        if coded >> bits:
            raise NoPageError(f"a page's header holds a number of more than {bits} bits")
        return (coded >> 1) ^ -(coded & 1)
