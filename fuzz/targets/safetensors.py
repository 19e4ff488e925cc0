"""The header of a safetensors file, from its first byte."""

from contextlib import suppress

from checker.facts.safetensors import NotSafetensorsError, elements_by_dtype, floats, header_length
from tests.facts.headers import safetensors

REFUSES = (NotSafetensorsError,)
WORDS = (
    '"dtype"',
    '"shape"',
    '"data_offsets"',
    '"__metadata__"',
    '"BF16"',
    '"I64"',
    "[1,2]",
    "9007199254740993",
    "1e400",
    "NaN",
)


def seeds():
    yield safetensors({"model.embed.weight": ("BF16", [2, 3]), "position_ids": ("I64", [8])})
    yield safetensors({})


def one(data):
    with suppress(NotSafetensorsError):  # the header behind it is read all the same: its length is hard to guess
        assert 2 <= header_length(data[:8]) <= 100_000_000
    counts = elements_by_dtype(data[8:])
    assert all(type(count) is int and count >= 0 for count in counts.values())
    floats(counts)
