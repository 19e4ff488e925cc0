"""The hardware of a plan, from what a manifest says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.document.scalars import Amount
from checker.memory.plan import Hardware

if TYPE_CHECKING:
    from checker.memory.gpus import Ambiguous, Unrecognised


def hardware_of(gpu: str | None, vram: int | None, count: int) -> Hardware | Unrecognised | Ambiguous:
    """Devices named by `gpu`, else of `vram` bytes each; an amount in GB is the memory of a card sold with it.

    Raises:
        ValueError: neither is given.
    """
    if gpu is not None:
        from checker.memory.gpus import Gpu, find  # a manifest that states an amount needs no list

        found = find(gpu)
        return Hardware(found.usable_bytes, count, found.name, found.note) if isinstance(found, Gpu) else found
    if vram is None:
        raise ValueError("neither a GPU nor its memory is given")
    if not isinstance(vram, Amount) or vram.unit != "GB":
        return Hardware(int(vram), count, "the GPU")
    from checker.memory.vram import taken  # asks the list what cards of that size report

    meant = taken(vram, vram.unit)
    return Hardware(meant.size_bytes, count, "the GPU", meant.sentence)
