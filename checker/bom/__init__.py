"""Bills of materials: what a project uses, as one value, and one file a format that writes it down."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from checker.bom.inventory import Inventory

FORMATS = {
    "cyclonedx-1.6": "cyclonedx",
    "cyclonedx-1.7": "cyclonedx",
    "spdx-2.3": "spdx2",
    "spdx-3.0": "spdx3",
}
"""The module that writes each format."""


def load(name: str) -> Callable[[Inventory, str], str]:
    """The `render` of a format; it takes the inventory and the format's name.

    Raises:
        ModuleNotFoundError: the format needs packages of the extra `bom`, which are not installed.
    """
    render: Callable[[Inventory, str], str] = import_module(f"checker.bom.{FORMATS[name]}").render
    return render
