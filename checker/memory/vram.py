"""What an amount of GPU memory means: `24 GB` is 24 · 10**9 bytes, and also what is printed on cards that have more.

A maker's 24 GB are 24 GiB of chips, of which the driver shows a little less (RTX 4090: 23.99 GiB) or, where error
correction keeps a part, 6 % less (A10: 22.49 GiB). Whoever copies the number from the box means such a card. So a whole
number of GB that cards are sold with stands for the low median of what those cards report; every other amount is taken
by its unit. GiB are always taken as written.
"""

from __future__ import annotations

from checker.memory.gpus import Gpu, gpus
from checker.memory.units import GB, gib
from checker.value import NamedTuple


class Taken(NamedTuple):
    """How a stated amount was read."""

    size_bytes: int
    """The memory of one GPU that is reckoned with."""
    sentence: str
    """What was taken and why, as one sentence without a full stop."""


def taken(stated_bytes: int, unit: str) -> Taken:
    """The memory that somebody means by an amount.

    Args:
        stated_bytes: the amount by its unit alone: 24 · 10**9 for `24 GB`.
        unit: the unit as it was written: `GB`, `GiB`, `MiB` …
    """
    if unit != "GB":
        return Taken(stated_bytes, f"the memory is taken as written: {gib(stated_bytes)}")
    size = stated_bytes // GB
    cards = sold_with(size) if size * GB == stated_bytes else ()
    if not cards:
        return Taken(
            stated_bytes,
            f"GB are taken as 10**9 bytes: {gib(stated_bytes)}; no card of the list is sold with that amount",
        )
    least, middle, most = cards[0].usable_bytes, cards[(len(cards) - 1) // 2].usable_bytes, cards[-1].usable_bytes
    band = f"they report {gib(least)}" if gib(least) == gib(most) else f"they report {gib(least)} to {gib(most)}"
    return Taken(
        middle,
        f"`{size} GB` is taken as the memory of a card sold with {size} GB: {gib(middle)} ({band}; "
        f"by the unit alone it is {gib(stated_bytes)})",
    )


def sold_with(size_gb: int) -> tuple[Gpu, ...]:
    """Cards with `size_gb` on the box, the one that reports least first.

    Unified memory is no card's, and a board of several GPUs has its amount on none of them: both are left out.
    """
    cards = [
        gpu
        for gpu in gpus()
        if gpu.marketed_gb == size_gb and gpu.devices == 1 and gpu.kind not in ("unified", "embedded")
    ]
    return tuple(sorted(cards, key=lambda gpu: gpu.usable_bytes))
