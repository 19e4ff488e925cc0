"""The hardware of a plan, from what a manifest says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.memory.plan import Hardware

if TYPE_CHECKING:
    from checker.memory.gpus import Ambiguous, Unrecognised


def hardware_of(gpu: str | None, vram: int | None, count: int) -> Hardware | Unrecognised | Ambiguous:
    """Devices named by `gpu`, else of `vram` bytes each.

    Raises:
        ValueError: neither is given.
    """
    if gpu is not None:
        from checker.memory.gpus import Gpu, find  # a manifest that states an amount needs no list

        found = find(gpu)
        return Hardware(found.usable_bytes, count, found.name, found.note) if isinstance(found, Gpu) else found
    if vram is None:
        raise ValueError("neither a GPU nor its memory is given")
    return Hardware(vram, count, "the GPU")
