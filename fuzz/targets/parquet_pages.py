"""The pages of a Parquet column: headers are added up as they were written, or refused; no header is read in two ways."""

from io import BytesIO

from checker.selection.parquet_pages import NoPageError, pages
from fuzz.given import SHAPED, Given

LONGEST = 128
REFUSES = (NoPageError,)
WORDS = ("\x15\x00", "\x15\x06", "\x2c\x15\x08", "\x5c", "\x00", "\x15\x80\x01", "\x18\x04abcd", "\x11", "\x19")
_SIZES = (0, 1, 3, 100, 127, 128, 1 << 14, (1 << 31) - 1)
_KINDS = (0, 3, 2, 1)
_VALUES = {0: (5, 1, 2), 3: (8, 1, 4)}
"""The kinds of pages with values: the struct that tells of them, and where their number and encoding stand in it."""


def seeds():
    yield bytes((0x15, 0, 0x15, 20, 0x15, 6, 0x2C, 0x15, 8, 0x15, 0, 0, 0)) + b"abc"
    yield bytes((0x15, 4, 0x15, 20, 0x15, 6, 0x4C, 0x15, 8, 0x15, 0, 0, 0)) + b"abc"
    for kind in range(len(_KINDS)):
        yield SHAPED + bytes((1, kind, 1, 2, 5, 0, 0, kind, 2, 3, 5, 2, 1))


def one(data):
    if not data.startswith(SHAPED):
        found = pages(BytesIO(data), 0, len(data))
        assert found.unpacked_bytes >= 0
        assert found.values >= 0
        return
    given = Given(data[1:])
    column, unpacked, values, encodings = b"", 0, 0, set()
    for _ in range(1 + given.below(3)):
        kind, packed, size = given.one_of(_KINDS), given.below(200), given.one_of(_SIZES)
        count, encoding = given.one_of(_SIZES), given.below(10)
        column += _header(given, kind, size, packed, count, encoding) + bytes(packed)
        unpacked += max(size, packed)
        if kind in _VALUES:
            values += count
            encodings.add(encoding)
    ahead = given.below(64)
    assert pages(BytesIO(bytes(ahead) + column + b"PAR1"), ahead, ahead + len(column)) == (unpacked, values, encodings)


def _header(given, kind, size, packed, count, encoding):
    """As parquet.thrift has it, in Thrift's compact protocol, with fields that we leave aside between those we read."""
    fields = [(1, 5, _number(kind)), (2, 5, _number(size)), (3, 5, _number(packed))]
    if given.below(2):
        fields.append((4, 5, _number(given.below(1 << 16) - (1 << 15))))
    if kind in _VALUES:
        number, counted, encoded = _VALUES[kind]
        inner = [(counted, 5, _number(count)), (encoded, 5, _number(encoding))]
        if given.below(2):
            inner.append((encoded + 1 + given.below(40), *_left_aside(given)))
        fields.append((number, 12, _struct(inner)))
    if given.below(2):
        fields.append((20 + given.below(300), *_left_aside(given)))
    return _struct(fields)


def _left_aside(given):
    text = bytes(given.below(256) for _ in range(given.below(20)))
    held = _varint(len(text)) + text
    simple = ((1, b""), (2, b""), (3, b"\x09"), (4, _number(7)), (6, _number(1 << 40)), (7, bytes(8)), (8, held))
    return given.one_of((*simple, (12, _struct([(1, 8, held), (2, 1, b"")]))))


def _struct(fields):
    made, last = b"", 0
    for number, kind, value in fields:
        step = number - last
        made += bytes((step << 4 | kind,)) if step < 16 else bytes((kind,)) + _number(number)
        made, last = made + value, number
    return made + b"\0"


def _number(value):
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _varint(value):
    made = b""
    while value > 127:
        made, value = made + bytes((value & 127 | 128,)), value >> 7
    return made + bytes((value,))
