"""Reads the header of a safetensors file: which tensors it holds, of which type and size, and never the weights.

The format: eight bytes with the length of the header (little-endian), then the header as a JSON object that names for
each tensor its `dtype` and `shape` (the README of huggingface/safetensors).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from math import prod
from pathlib import Path
from typing import Any

MAX_HEADER = 100_000_000
"""Bytes of the largest header that the format allows."""
_LARGEST = 1 << 53
"""No size and no offset of a header is larger; beyond it JSON readers disagree."""
_FLOATS = ("F64", "F32", "F16", "BF16", "F8_E4M3", "F8_E5M2", "F8_E8M0")
"""Types that hold a parameter an element; others hold positions, packed weights or switches."""


class NotSafetensorsError(Exception):
    """The bytes are no safetensors header; the text says why."""


def header_length(first: bytes) -> int:
    """The length in bytes of the header, from the first eight bytes of a file.

    Raises:
        NotSafetensorsError: they are fewer, or name a length that no header has.
    """
    length = int.from_bytes(first[:8], "little")
    if len(first) < 8 or not 2 <= length <= MAX_HEADER:
        raise NotSafetensorsError("it does not begin with the length of a header")
    return length


def elements_by_dtype(header: bytes) -> dict[str, int]:
    """Elements of all tensors by their type, from the bytes of a header.

    Raises:
        NotSafetensorsError: they are no JSON of the kind that the format asks for.
    """
    try:
        document = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise NotSafetensorsError("its header is no JSON") from error
    if not isinstance(document, dict):
        raise NotSafetensorsError("its header is no object")
    total: dict[str, int] = {}
    for name, tensor in document.items():
        if name != "__metadata__":
            dtype, elements = _tensor(name, tensor)
            total[dtype] = total.get(dtype, 0) + elements
    return total


def read_elements(path: Path) -> dict[str, int]:
    """Elements by type of a file on disk; only its header is read.

    Raises:
        NotSafetensorsError: it is no safetensors file, or ends inside its header.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        length = header_length(file.read(8))
        header = file.read(length)
    if len(header) < length:
        raise NotSafetensorsError("it ends inside its header")
    return elements_by_dtype(header)


def loaded(names: Iterable[str]) -> tuple[str, ...]:
    """Of the names of a repository's files, the safetensors files that a library loads as the model, sorted.

    Those are `model.safetensors` and its shards where they exist. Some publishers put a second copy of all weights
    beside them (`consolidated.safetensors`), which must not be counted twice.
    """
    files = sorted(name for name in names if name.endswith(".safetensors"))
    main = [name for name in files if _MAIN.fullmatch(name)]
    return tuple(main or (name for name in files if "/" not in name and not name.startswith("consolidated")))


_MAIN = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")


def added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The counts of several files together."""
    total: dict[str, int] = {}
    for count in counts:
        for dtype, elements in count.items():
            total[dtype] = total.get(dtype, 0) + elements
    return total


def floats(elements: Mapping[str, int]) -> int | None:
    """Elements that are parameters; None where some are packed, so that elements are not parameters.

    64-bit integers are positions and counters that older checkpoints store (BERT's `position_ids`); they are no
    parameters, and nothing is packed in them.
    """
    if set(elements) - {*_FLOATS, "I64", "BOOL"}:
        return None
    return sum(count for dtype, count in elements.items() if dtype in _FLOATS) or None


def _tensor(name: str, tensor: Any) -> tuple[str, int]:
    dtype, shape = (tensor.get("dtype"), tensor.get("shape")) if isinstance(tensor, dict) else (None, None)
    sizes = isinstance(shape, list) and all(type(size) is int and 0 <= size <= _LARGEST for size in shape)
    if not isinstance(dtype, str) or not isinstance(shape, list) or not sizes or len(shape) > 16:
        raise NotSafetensorsError(f"the header says nothing usable of the tensor {name[:60]}")
    elements = prod(shape)
    if elements > _LARGEST:
        raise NotSafetensorsError(f"the tensor {name[:60]} would be larger than any")
    return dtype, elements
