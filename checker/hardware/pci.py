"""Which makers' GPUs sit on the PCI bus, whatever their drivers say; Linux alone shows it in files."""

from __future__ import annotations

from pathlib import Path

from checker.hardware.machine import Vendor

_MAKERS = {"0x10de": Vendor.NVIDIA, "0x1002": Vendor.AMD}
"""Vendor ids of the PCI ID Repository, https://pci-ids.ucw.cz."""
_DISPLAY = "0x03"
"""The class of display controllers, 3D controllers among them (PCI Code and ID Assignment Specification)."""
_PROCESSING = "0x12"
"""The class of processing accelerators, which AMD's Instinct cards have."""


def makers(bus: Path = Path("/sys/bus/pci/devices")) -> frozenset[Vendor]:
    """The makers of the GPUs on the bus; none where the system shows no bus."""
    found = set()
    for device in bus.glob("*"):
        try:
            kind = (device / "class").read_text(encoding="ascii").strip()
            maker = (device / "vendor").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue  # a device that is being taken out shows itself half
        if kind.startswith((_DISPLAY, _PROCESSING)) and maker in _MAKERS:
            found.add(_MAKERS[maker])
    return frozenset(found)
