"""What a manifest would say of a machine: `hardware: {gpu: RTX 4090, count: 2}`, one line for each kind of GPU."""

from __future__ import annotations

from checker.hardware.machine import Device, Machine
from checker.memory.units import GIB
from checker.value import NamedTuple


class Declared(NamedTuple):
    """Equal GPUs, as `hardware:` of a manifest states them."""

    gpu: str
    """The name in the list; empty where the amount stands instead."""
    vram: str
    """`23.6 GiB`, what one of them has for programs; empty where the name stands."""
    devices: int
    each_bytes: int
    """The memory of one of them."""
    sentence: str
    """What they are, as the driver names them, without a full stop."""

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys of `hardware:` and their values, in the manifest's order."""
        what = ("gpu", self.gpu) if self.gpu else ("vram", self.vram)
        return (what, ("count", str(self.devices)))

    @property
    def yaml(self) -> str:
        """The value of `hardware:` on one line."""
        return f"{{{', '.join(f'{key}: {value}' for key, value in self.keys)}}}"


def declared(machine: Machine) -> tuple[Declared, ...]:
    """One for each kind of GPU, the one with most memory in all first: a plan runs on equal GPUs.

    A GPU that is cut into MIG instances counts as its largest instance: a program sees one of them, whatever their
    number, and one that has no instance counts not at all.
    """
    whole: dict[tuple[str, int], list[Device]] = {}
    for device in machine.devices:
        if not device.mig:
            size = 0 if device.gpu else _tenths(device.usable_bytes)
            whole.setdefault((device.gpu or device.name, size), []).append(device)
    found = [_of_equals(devices) for devices in whole.values()]
    found += [_of_slices(device) for device in machine.devices if device.slices]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: -one.each_bytes * one.devices))


def _of_equals(devices: list[Device]) -> Declared:
    first, count = devices[0], len(devices)
    size = min(device.usable_bytes for device in devices)
    words = f"{count} x {first.name}"
    return Declared(first.gpu, "" if first.gpu else _amount(size), count, size, words)


def _of_slices(device: Device) -> Declared:
    largest = max(device.slices, key=lambda one: one.memory_bytes)
    words = f"one MIG instance {largest.profile} of {device.name}; a program sees one at a time".replace("  ", " ")
    return Declared("", _amount(largest.memory_bytes), 1, largest.memory_bytes, words)


def _tenths(size: int) -> int:
    return size * 10 // GIB


def _amount(size: int) -> str:
    """Rounded down: nobody is promised what is not there."""
    whole, tenth = divmod(_tenths(size), 10)
    return f"{whole}.{tenth} GiB" if tenth else f"{whole} GiB"
