"""AMD's GPUs through AMD's own tools: `amd-smi`, and `rocm-smi` where only that is installed.

Both write JSON whose keys changed with their releases; what is read here is each age that AMD has documented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checker.hardware.machine import Cause, Device, Trouble, Vendor
from checker.hardware.tool import Answered, NotAnswered, ask
from checker.memory.units import MIB

Seen = tuple[tuple[Device, ...], tuple[Trouble, ...]]
Reader = Callable[[Any], Iterator[Device]]


def seen(present: bool | None) -> Seen:
    """All GPUs that a tool shows, and why not where none does.

    Args:
        present: whether an AMD GPU sits on the bus; None where nobody can tell.
    """
    troubles = []
    for command, reader in _TOOLS:
        answer = ask(command)
        if isinstance(answer, Answered):
            devices = _read(answer.text, reader)
            if devices:
                return devices, ()
        troubles.append(_trouble(command[0], answer, bool(present)))
    missing = [trouble for trouble in troubles if trouble.cause is Cause.TOOL_MISSING]
    if len(missing) == len(troubles):
        names = " nor ".join(command[0] for command, _ in _TOOLS)
        sentence = f"neither {names} is installed, so AMD's driver was not asked"
        return (), (missing[0]._replace(sentence=sentence, remedy=_INSTALL if present else ""),)
    return (), tuple(trouble for trouble in troubles if trouble.cause is not Cause.TOOL_MISSING)


_LINES = 200
"""How many lines of warnings may stand above the answer."""
_INSTALL = "install AMD's `amd-smi` (package amd-smi-lib of ROCm)"


def _trouble(tool: str, answer: Answered | NotAnswered, present: bool) -> Trouble:
    if isinstance(answer, NotAnswered):
        # A tool that hangs hangs on something: there may be a GPU. One that is missing says nothing of the machine.
        there = present or answer.cause is not Cause.TOOL_MISSING
        return Trouble(Vendor.AMD, answer.cause, answer.sentence, present=there)
    said = answer.complaint or answer.text.strip().partition("\n")[0][:200]
    lowered = said.casefold()
    if "permission" in lowered or ("render" in lowered and "group" in lowered):
        remedy = "access to /dev/kfd and /dev/dri, mostly through the groups `render` and `video`"
        return Trouble(Vendor.AMD, Cause.PERMISSION, f"{tool} may not ask the driver: {said}", remedy, True)
    if "driver" in lowered or "amdgpu" in lowered:
        remedy = "load AMD's driver (`modprobe amdgpu`)"
        return Trouble(Vendor.AMD, Cause.DRIVER_NOT_LOADED, f"{tool} finds no driver: {said}", remedy, present)
    if answer.code == 0 and _parsed(answer.text) in ([], {}, {"gpu_data": []}):
        return Trouble(Vendor.AMD, Cause.NO_DEVICE, f"{tool} answers and shows no GPU", present=present)
    detail = f": {said}" if said else ""
    return Trouble(Vendor.AMD, Cause.UNREADABLE, f"{tool} gave no list of GPUs (code {answer.code}){detail}", "", True)


def _read(text: str, reader: Reader) -> tuple[Device, ...]:
    try:
        return tuple(reader(_parsed(text)))
    except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError):
        return ()  # told as unreadable, with what the tool said


def _parsed(text: str) -> Any:
    """The JSON in an answer, which begins on a line of its own; warnings of the tool may stand above and below it."""
    at = 0
    for line in text.splitlines(keepends=True)[:_LINES]:
        if line.lstrip().startswith(("{", "[")):
            try:
                return json.JSONDecoder().raw_decode(text[at:].lstrip())[0]
            except (ValueError, RecursionError):
                pass  # a warning may begin with a bracket too
        at += len(line)
    return None


def _of_amd_smi(found: Any) -> Iterator[Device]:
    """`amd-smi static`: a list; from ROCm 7 on under `gpu_data`."""
    listed = found["gpu_data"] if isinstance(found, Mapping) else found
    for one in listed:
        asic, vram = one.get("asic", {}), one["vram"]
        yield _device(
            _stated(asic, "market_name", "name"), _amd_smi_size(vram), _stated(asic, "target_graphics_version")
        )


def _amd_smi_size(vram: Mapping[str, Any]) -> int:
    """`size` with its unit (ROCm 6.1 and newer), `size_mb` (6.0), `vram_size_mb` (5.7). Their MB is 2**20 bytes."""
    if "size" in vram:
        size = vram["size"]
        if isinstance(size, Mapping):
            return int(size["value"]) * _UNITS[str(size.get("unit", "MB")).upper()]
        number, _, unit = str(size).partition(" ")
        return int(number) * _UNITS[(unit or "MB").upper()]
    return int(vram["size_mb"] if "size_mb" in vram else vram["vram_size_mb"]) * MIB


_MOST_BYTES = 1 << 50
"""A PiB: a thousand times what any GPU has."""
_UNITS = {"B": 1, "KB": 1 << 10, "MB": MIB, "GB": 1 << 30}


def _of_rocm_smi(found: Any) -> Iterator[Device]:
    """`rocm-smi`: `card0` … with words as keys; `system` is no card, and newer releases write `Card Series`."""
    for name, one in found.items():
        if not name.startswith("card"):
            continue
        words = {key.casefold(): value for key, value in one.items()}
        label = _stated(words, "device name", "card series", "card model")
        yield _device(label, int(words["vram total memory (b)"]), _stated(words, "gfx version"))


def _device(name: str, memory_bytes: int, target: str) -> Device:
    if not MIB <= memory_bytes <= _MOST_BYTES:
        raise ValueError("no memory that a GPU has is stated")
    return Device(Vendor.AMD, name or "AMD GPU", memory_bytes, compute_capability=target)


def _stated(block: Mapping[str, Any], *keys: str) -> str:
    """The first key with a word in it; the tools write `N/A` for what they do not know."""
    for key in keys:
        value = str(block.get(key, "")).strip()
        if value and value != "N/A":
            return value
    return ""


_TOOLS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    (("amd-smi", "static", "--asic", "--vram", "--json"), _of_amd_smi),
    (("rocm-smi", "--showproductname", "--showmeminfo", "vram", "--json"), _of_rocm_smi),
)
"""What is asked, the newer tool first."""
