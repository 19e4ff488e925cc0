"""The name in the list of GPUs for what a driver calls its device."""

from __future__ import annotations

from checker.hardware.machine import Device
from checker.memory.gpus import Ambiguous, Gpu, find, gpus
from checker.memory.units import GIB

_APART = 0.12
"""How far what a driver reports may lie from what the box says (read as GiB) and still be that product: error
correction keeps some 6 %, and drivers a few hundred MiB."""


def with_name(device: Device) -> Device:
    """The device with its name in the list; where several products have that name, its memory decides."""
    found = find(device.name)
    if isinstance(found, Gpu):
        if _alike(found, device):
            return device._replace(gpu=found.name)
        return device._replace(nearest=(found.name,), note=device.note or _odd(found, device))
    if isinstance(found, Ambiguous):
        listed = {gpu.name: gpu for gpu in gpus()}
        fitting = [name for name in found.candidates if _alike(listed[name], device)]
        if len(fitting) == 1:
            return device._replace(gpu=fitting[0])
        return device._replace(nearest=tuple(fitting) or found.candidates)
    return device._replace(nearest=(found.nearest,) if found.nearest else ())


def _alike(gpu: Gpu, device: Device) -> bool:
    stated = gpu.marketed_gb * GIB // gpu.devices
    return abs(device.memory_bytes - gpu.usable_bytes) <= _APART * stated


def _odd(gpu: Gpu, device: Device) -> str:
    """A vGPU profile, or a card that somebody rebuilt, goes by the product's name and has other memory."""
    has, listed = device.memory_bytes / GIB, gpu.usable_bytes / GIB
    return f"it reports {has:.1f} GiB, and {gpu.name} of the list has {listed:.1f}: a part of one, or another product"
