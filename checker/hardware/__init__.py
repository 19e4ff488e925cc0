"""The machine that this runs on: `detect` asks the drivers and tools that are there, and nothing else."""

from __future__ import annotations

from checker.hardware.declared import Declared, declared
from checker.hardware.machine import Cause, Device, Machine, Slice, System, Trouble, Vendor

__all__ = ["Cause", "Declared", "Device", "Machine", "Slice", "System", "Trouble", "Vendor", "declared", "detect"]


def detect() -> Machine:
    """What this machine has: the GPUs that drivers show, by their names in the list, and the memory beside them.

    It opens no socket and needs no library beyond the extra `nvidia` for NVIDIA's GPUs; each tool that it runs is ended
    after ten seconds. What could not be asked is told under `troubles`, never left out.
    """
    import sys

    from checker.hardware import amd, apple, nvidia, system
    from checker.hardware.named import with_name
    from checker.hardware.pci import makers

    asking = ((nvidia, Vendor.NVIDIA), (amd, Vendor.AMD))
    around = system.of_this_machine(sys.platform)
    if sys.platform == "darwin":
        devices, troubles = apple.seen(around)
        return Machine(devices, troubles, around)
    present = makers()
    asked = [each.seen(None if present is None else vendor in present) for each, vendor in asking]
    devices = tuple(with_name(device) for found, _ in asked for device in found)
    return Machine(devices, tuple(trouble for _, troubles in asked for trouble in troubles), around)
