"""Files of weights that consist of their headers, as publishers' tools write them."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any


def safetensors(tensors: Mapping[str, tuple[str, list[int]]]) -> bytes:
    """A safetensors file with these tensors by type and shape, and no weights behind the header."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    header |= {
        name: {"dtype": dtype, "shape": shape, "data_offsets": [0, 0]} for name, (dtype, shape) in tensors.items()
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text


def gguf(metadata: Mapping[str, Any], tensors: Mapping[str, list[int]], version: int = 3) -> bytes:
    """A GGUF file with these pairs (texts, counts, switches, lists of texts) and tensors, and no weights behind them."""
    made = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for key, value in metadata.items():
        made += text(key) + pair(value)
    for name, shape in tensors.items():
        made += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        made += struct.pack("<IQ", 0, 0)
    return made


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def pair(value: Any) -> bytes:
    if isinstance(value, bool):
        return struct.pack("<I?", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, list):
        kind = 8 if value and isinstance(value[0], str) else 4
        items = b"".join(text(one) if kind == 8 else struct.pack("<I", one) for one in value)
        return struct.pack("<IIQ", 9, kind, len(value)) + items
    return struct.pack("<I", 8) + text(value)
