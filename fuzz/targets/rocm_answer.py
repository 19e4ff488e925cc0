"""What AMD's tools print about the machine: devices with memory, or nothing that can be read."""

import json

from checker.hardware.amd import _TOOLS, _read
from fuzz.given import SHAPED, json_text

LONGEST = 256
_ANSWERS = (
    [
        {
            "asic": {"market_name": "MI300X", "target_graphics_version": "gfx942"},
            "vram": {"size": {"value": 196592, "unit": "MB"}},
        }
    ],
    {"gpu_data": [{"asic": {"name": "N/A"}, "vram": {"size_mb": "16368"}}, {"vram": {"size": "16 GB"}}]},
    {"card0": {"Device Name": "MI210", "VRAM Total Memory (B)": "68702699520", "GFX Version": "gfx90a"}, "system": {}},
)
_KEYS = (
    "vram",
    "size",
    "value",
    "unit",
    "GB",
    "asic",
    "market_name",
    "size_mb",
    "vram_size_mb",
    "card0",
    "gpu_data",
    "N/A",
)
WORDS = tuple(f'"{key}"' for key in _KEYS)


def seeds():
    for number, answer in enumerate(_ANSWERS):
        yield b"WARNING: [old]\n" + json.dumps(answer).encode()
        yield SHAPED + bytes((number,))


def one(data):
    text = json_text(data, _ANSWERS, _KEYS).decode("utf-8", "replace")
    for _, reader in _TOOLS:
        for device in _read(text, reader):
            assert device.memory_bytes > 0
            assert device.name
