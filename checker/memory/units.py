"""GB and GiB, never mixed: memory is counted in bytes and shown in GiB; GB is only what a maker prints on the box.

A "24 GB" card carries 24 · 2**30 bytes of chips and its driver reports a little less (RTX 4090: 24564 MiB = 23.99 GiB).
The published guide figures are in GB, 10**9 bytes, as their source writes them.
"""

from __future__ import annotations

GB = 10**9
"""Bytes of a gigabyte."""
MIB = 2**20
"""Bytes of a mebibyte."""
GIB = 2**30
"""Bytes of a gibibyte."""


def number(amount: float) -> str:
    """Bytes as a number of GiB: `27.4`."""
    return f"{amount / GIB:.1f}"


def gib(amount: float) -> str:
    """Bytes with their unit: `27.4 GiB`."""
    return f"{number(amount)} GiB"
