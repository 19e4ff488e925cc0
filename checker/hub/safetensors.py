"""Counts parameters by type from the headers of safetensors files, without reading any weight.

A file begins with eight bytes, little-endian, that say how long its header is; the header is JSON with `dtype`, `shape`
and offsets of each tensor (https://github.com/huggingface/safetensors, "Format").
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from typing import Any

from checker.hub.errors import Failure, HubError

MAX_HEADER_BYTES = 25_000_000
"""The limit of the Hub's library; the header of a model with 200,000 tensors has some 20 MB."""
_FIRST_BYTES = 1 << 17
"""One request fetches the header of most files whole: some 100 bytes a tensor."""
_LENGTH_BYTES = 8

ReadPart = Callable[[int, int], bytes]
"""Reads so many bytes from an offset; fewer where the file ends."""


def parameters_by_dtype(read: ReadPart, name: str) -> Counter[str]:
    """Elements of all tensors of a file by their type as the header spells it.

    Args:
        read: reads a part of the file.
        name: the file, for messages.

    Raises:
        HubError: the file has no header of that format, or one larger than `MAX_HEADER_BYTES`.
    """
    first = read(0, _FIRST_BYTES)
    length = int.from_bytes(first[:_LENGTH_BYTES], "little")
    if len(first) < _LENGTH_BYTES or not 2 <= length <= MAX_HEADER_BYTES:
        raise _odd(name, f"its first bytes name a header of {length} bytes")
    header = first[_LENGTH_BYTES : _LENGTH_BYTES + length]
    if len(header) < length:
        header += read(len(first), length - len(header))
    if len(header) != length:
        raise _odd(name, "it ends inside its header")
    try:
        tensors = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise _odd(name, "its header is no JSON") from error
    if not isinstance(tensors, dict):
        raise _odd(name, "its header is no JSON object")
    counts: Counter[str] = Counter()
    for key, tensor in tensors.items():
        if key != "__metadata__":
            counts[_dtype(tensor, name)] += _elements(tensor, name)
    return counts


def _dtype(tensor: Any, name: str) -> str:
    if isinstance(tensor, dict) and isinstance(tensor.get("dtype"), str) and len(tensor["dtype"]) < 40:
        return str(tensor["dtype"])
    raise _odd(name, "a tensor in its header has no type")


def _elements(tensor: dict[str, Any], name: str) -> int:
    shape = tensor.get("shape")
    if isinstance(shape, list) and len(shape) < 16 and all(type(size) is int and 0 <= size < 1 << 48 for size in shape):
        return math.prod(shape)
    raise _odd(name, "a tensor in its header has no shape")


def _odd(name: str, why: str) -> HubError:
    return HubError(
        Failure.MISREAD, f"{name} is no safetensors file: {why}", "tell the publisher; its parameters stay unknown"
    )
