"""Which makers' GPUs sit on the PCI bus, whatever their drivers say; Linux alone shows it in files."""

from __future__ import annotations

from pathlib import Path

from checker.hardware.machine import Vendor

_MAKERS = {"0x10de": Vendor.NVIDIA, "0x1002": Vendor.AMD}
"""Vendor ids of the PCI ID Repository, https://pci-ids.ucw.cz."""
_KINDS = ("0x03", "0x12")
"""Display controllers, 3D controllers among them, and processing accelerators, which AMD's Instinct cards are (PCI Code
and ID Assignment Specification)."""


def makers(root: Path = Path("/")) -> frozenset[Vendor] | None:
    """The makers of the GPUs on the bus; None where the bus does not show them: no Linux, or Windows' own (WSL)."""
    bus = root / "sys" / "bus" / "pci" / "devices"
    if not bus.is_dir() or (root / "dev" / "dxg").exists():
        return None
    found = set()
    for device in bus.iterdir():
        try:
            kind = (device / "class").read_text(encoding="ascii").strip()
            maker = (device / "vendor").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue  # a device that is being taken out shows itself half
        if kind.startswith(_KINDS) and maker in _MAKERS:
            found.add(_MAKERS[maker])
    return frozenset(found)
