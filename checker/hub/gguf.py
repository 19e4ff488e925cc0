"""Reads the header of a GGUF file: architecture, file type, context and the number of elements, and no weights.

Format: magic `GGUF`, version, number of tensors, number of key-value pairs, the pairs, and name, shape, type and offset
of each tensor, all little-endian (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
"""

from __future__ import annotations

import math
import struct
from typing import Any

from checker.facts.locked.entry import GgufFile
from checker.hub.errors import Failure, HubError
from checker.hub.safetensors import ReadPart

MAX_HEADER_BYTES = 64 << 20
"""The tables of a vocabulary of 256,000 tokens take some 10 MB."""
_CHUNK_BYTES = 1 << 21
_MAX_STRING_BYTES = 1 << 20
_MAX_TENSORS = 1 << 18
_MAX_PAIRS = 1 << 14
_MAX_ITEMS = 1 << 24

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
FILE_TYPES = {
    **{0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S"},
    **{12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K"},
    **{19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL"},
    **{26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16"},
    **{36: "TQ1_0", 37: "TQ2_0", 38: "mxfp4"},
}
"""`general.file_type` by its number (`llama_ftype` in llama.cpp's include/llama.h)."""
_KEPT = ("general.architecture", "general.file_type")


def read_header(read: ReadPart, path: str) -> GgufFile:
    """What the header of the GGUF file at `path` says.

    Args:
        read: reads a part of the file.
        path: the file in its repository.

    Raises:
        HubError: the file is none of that format, or its header is larger than any model's.
    """
    stream = _Stream(read, path)
    if stream.take(4) != b"GGUF":
        raise stream.odd("it does not begin with GGUF")
    version = stream.number("I")
    if version not in (2, 3):
        raise stream.odd(f"its version is {version}, and 2 and 3 are known")
    tensors, pairs = stream.number("Q"), stream.number("Q")
    if tensors > _MAX_TENSORS or pairs > _MAX_PAIRS:
        raise stream.odd(f"it names {tensors} tensors and {pairs} keys")
    stated = dict[str, Any]()
    for _ in range(pairs):
        key = stream.string()
        value = stream.value(stream.number("I"))
        if key in _KEPT or key.endswith(".context_length"):
            stated[key] = value
    elements = sum(_elements(stream) for _ in range(tensors))
    architecture = stated.get("general.architecture")
    architecture = architecture if isinstance(architecture, str) else None
    context = stated.get(f"{architecture}.context_length")
    return GgufFile(
        path=path,
        architecture=architecture,
        quantization=FILE_TYPES.get(stated.get("general.file_type", -1)),
        parameters=elements if 0 < elements < 1 << 63 else None,
        context=context if type(context) is int and context > 0 else None,
    )


def _elements(stream: _Stream) -> int:
    stream.string()
    dimensions = stream.number("I")
    if dimensions > 8:
        raise stream.odd(f"a tensor has {dimensions} dimensions")
    shape = [stream.number("Q") for _ in range(dimensions)]
    stream.take(12)  # type and offset
    return math.prod(shape)


class _Stream:
    """The file from its beginning, read in chunks as far as the header reaches."""

    def __init__(self, read: ReadPart, path: str) -> None:
        self._read = read
        self._path = path
        self._held = bytearray()
        self._at = 0
        self._dropped = 0

    def odd(self, why: str) -> HubError:
        return HubError(
            Failure.MISREAD, f"{self._path} is no GGUF file: {why}", "tell the publisher; its facts stay unknown"
        )

    def take(self, length: int) -> bytes:
        while len(self._held) - self._at < length:
            del self._held[: self._at]
            self._dropped, self._at = self._dropped + self._at, 0
            offset = self._dropped + len(self._held)
            if offset + length > MAX_HEADER_BYTES:
                raise self.odd(f"its header does not end within {MAX_HEADER_BYTES} bytes")
            more = self._read(offset, max(_CHUNK_BYTES, length - len(self._held)))
            if not more:
                raise self.odd("it ends inside its header")
            self._held += more
        self._at += length
        return bytes(self._held[self._at - length : self._at])

    def number(self, kind: str) -> int:
        return int(struct.unpack(f"<{kind}", self.take(struct.calcsize(f"<{kind}")))[0])

    def string(self) -> str:
        length = self.number("Q")
        if length > _MAX_STRING_BYTES:
            raise self.odd(f"a text has {length} bytes")
        return self.take(length).decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            return self._pass_over_array()
        if kind in _SCALARS:
            return struct.unpack(f"<{_SCALARS[kind]}", self.take(struct.calcsize(f"<{_SCALARS[kind]}")))[0]
        raise self.odd(f"a value has the type {kind}")

    def _pass_over_array(self) -> None:
        """Arrays hold vocabularies; none of them is needed."""
        kind, length = self.number("I"), self.number("Q")
        if length > _MAX_ITEMS:
            raise self.odd(f"a list has {length} items")
        if kind == _STRING:
            for _ in range(length):
                self.string()
        elif kind in _SCALARS:
            self.take(length * struct.calcsize(f"<{_SCALARS[kind]}"))
        else:
            raise self.odd("a list of lists")
