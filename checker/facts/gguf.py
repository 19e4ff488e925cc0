"""Reads the header of a GGUF file: its metadata and the sizes of its tensors, and never the weights.

The format is that of llama.cpp (docs/gguf.md of ggml-org/ggml): magic, version, counts, then key-value pairs, then one
record a tensor. Arrays, such as vocabularies, are passed over.
"""

from __future__ import annotations

import struct
from math import prod
from pathlib import Path
from typing import BinaryIO

from checker.value import NamedTuple

MAX_HEADER = 256 * 1024 * 1024
"""Bytes after which a header is given up."""
_MOST = 1 << 20
"""Pairs, tensors and dimensions of a header at most; a text longer than this many bytes is refused too."""
_MOST_ITEMS = 1 << 24
"""Items of one list of a header at most: the largest vocabularies have some 300,000 tokens."""
_PLAIN = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_TEXT, _ARRAY = 8, 9
"""`gguf_metadata_value_type` in the format's description, docs/gguf.md of ggml: numbers, texts, lists."""
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
"""`general.file_type` by name: `llama_ftype` in llama.h."""


class NotGgufError(Exception):
    """The bytes are no GGUF header; the text says why."""


class Header(NamedTuple):
    """What a GGUF file says of itself."""

    metadata: dict[str, str | int | float | bool]
    """Pairs whose value is no array."""
    arrays: dict[str, int]
    """The keys of arrays with the number of their items."""
    parameters: int
    """Elements of all tensors."""

    @property
    def architecture(self) -> str | None:
        """The value of `general.architecture`, such as llama or qwen2; None where there is none."""
        name = self.metadata.get("general.architecture")
        return name if isinstance(name, str) else None

    @property
    def quantization(self) -> str | None:
        """The name of `general.file_type`; None for a type that llama.h did not know when this was written."""
        kind = self.metadata.get("general.file_type")
        return _FILE_TYPES.get(kind) if type(kind) is int else None

    def whole(self, key: str) -> int | None:
        """A whole number under `ARCHITECTURE.key`."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        return value if type(value) is int and value > 0 else None


def read_header(path: Path) -> Header:
    """The header of a file on disk.

    Raises:
        NotGgufError: it is no GGUF file of version 2 or 3, or its header cannot be read.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return header_in(file)


def header_in(file: BinaryIO) -> Header:
    """The header at the beginning of an open file; raises `NotGgufError` as `read_header` does."""
    reader = _Reader(file)
    if reader.take(4) != b"GGUF":
        raise NotGgufError("it does not begin with GGUF")
    version = reader.number("I")
    if version not in (2, 3):
        raise NotGgufError(f"its version is {version}, and 2 and 3 are known")
    tensors, pairs = reader.number("Q"), reader.number("Q")
    if tensors > _MOST or pairs > _MOST:
        raise NotGgufError("it counts more tensors or pairs than any model has")
    metadata: dict[str, str | int | float | bool] = {}
    arrays: dict[str, int] = {}
    for _ in range(pairs):
        key, kind = reader.text(), reader.number("I")
        if kind == _ARRAY:
            arrays[key] = reader.pass_array()
        else:
            metadata[key] = reader.value(kind)
    return Header(metadata, arrays, sum(reader.tensor() for _ in range(tensors)))


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = MAX_HEADER

    def take(self, count: int) -> bytes:
        self._left -= count
        if self._left < 0:
            raise NotGgufError("its header is larger than any")
        data = self._file.read(count)
        if len(data) < count:
            raise NotGgufError("it ends inside its header")
        return data

    def number(self, form: str) -> int:
        value: int = struct.unpack(f"<{form}", self.take(struct.calcsize(form)))[0]
        return value

    def text(self) -> str:
        length = self.number("Q")
        if length > _MOST:
            raise NotGgufError("it holds a text that is longer than any")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int) -> str | int | float | bool:
        if kind == _TEXT:
            return self.text()
        if kind not in _PLAIN:
            raise NotGgufError(f"it holds a value of the unknown type {kind}")
        return self.number(_PLAIN[kind])

    def pass_array(self, depth: int = 0) -> int:
        """Read over an array; the number of its items."""
        kind, count = self.number("I"), self.number("Q")
        if count > _MOST_ITEMS or depth > 4:
            raise NotGgufError("it holds an array that is larger than any")
        if kind in _PLAIN:
            self._pass(count * struct.calcsize(_PLAIN[kind]))
        elif kind in (_TEXT, _ARRAY):
            for _ in range(count):
                if kind == _TEXT:
                    self._pass(self.number("Q"))
                else:
                    self.pass_array(depth + 1)
        else:
            raise NotGgufError(f"it holds an array of the unknown type {kind}")
        return count

    def _pass(self, count: int) -> None:
        while count > 0:
            count -= len(self.take(min(count, 1 << 20)))

    def tensor(self) -> int:
        """Read the record of a tensor; the number of its elements."""
        self.text()
        rank = self.number("I")
        if rank > 8:
            raise NotGgufError("it holds a tensor of more dimensions than any")
        elements = prod(self.number("Q") for _ in range(rank))
        self.take(4 + 8)  # its type and where it begins
        return elements
