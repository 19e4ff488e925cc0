"""The hardware of a plan, from what a manifest, an option or a line of a batch says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.document.scalars import Amount
from checker.memory.plan import Hardware
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.memory.instances import Instance


class Stated(NamedTuple):
    """What is said of the hardware; one of the first three is given."""

    gpu: str | None = None
    vram: int | None = None
    instance: str | None = None
    """A cloud instance, which has a number of GPUs of its own."""
    devices: int | None = None
    """How many GPUs; None where that is not written: one, or all of the instance."""


class Refused(NamedTuple):
    """What is said names no hardware."""

    sentence: str
    """What is wrong, as one sentence without a full stop."""
    yaml: str
    """A value of `hardware:` that would be understood."""


def hardware_of(stated: Stated) -> Hardware | Refused:
    """Devices named by `gpu`, by `instance`, else of `vram` bytes each.

    An amount in GB is the memory of a card sold with it. Of an instance all GPUs are taken, or as many as are written.

    Raises:
        ValueError: none of the three is given.
    """
    if stated.instance is not None:
        return _of_instance(stated.instance, stated.devices)
    count = 1 if stated.devices is None else stated.devices
    if stated.gpu is not None:
        from checker.memory.gpus import Gpu, find  # a manifest that states an amount needs no list

        found = find(stated.gpu)
        if isinstance(found, Gpu):
            return Hardware(found.usable_bytes, count, found.name, found.note)
        return Refused(found.sentence, f"{{gpu: {found.example}}}" if found.example else "{vram: 24 GiB}")
    vram = stated.vram
    if vram is None:
        raise ValueError("neither a GPU nor its memory nor an instance is given")
    if not isinstance(vram, Amount) or vram.unit != "GB":
        return Hardware(int(vram), count, "the GPU")
    from checker.memory.vram import taken  # asks the list what cards of that size report

    meant = taken(vram, vram.unit)
    return Hardware(meant.size_bytes, count, "the GPU", meant.sentence)


def _of_instance(name: str, count: int | None) -> Hardware | Refused:
    from checker.memory.instances import Instance, find

    found = find(name)
    if not isinstance(found, Instance):
        hint = f"; did you mean `{found.nearest}`?" if found.nearest else ""
        return Refused(f"{found.sentence}{hint}", f"{{instance: {found.nearest or 'g5.xlarge'}}}")
    if count is not None and count > found.devices:
        has = f"{found.name} has {found.devices} GPU{'s' if found.devices > 1 else ''}, and `count` asks for {count}"
        return Refused(f"{has}; a plan runs on one machine", f"{{instance: {found.name}, count: {found.devices}}}")
    return _devices(found, found.devices if count is None else count)


def _devices(instance: Instance, count: int) -> Hardware:
    from checker.memory.gpus import gpus
    from checker.memory.units import GIB

    gpu = next(one for one in gpus() if one.name == instance.gpu)
    said = f"{instance.name} ({instance.cloud}) has {instance.devices} x {gpu.name}"
    if instance.part_gib:
        said = f"{instance.name} ({instance.cloud}) has {instance.part} of an {gpu.name}, as {instance.part_gib} GiB"
        return Hardware(instance.part_gib * GIB, count, f"{instance.part} of an {gpu.name}", said)
    taken = f", {count} of which are used" if count != instance.devices else ""
    return Hardware(gpu.usable_bytes, count, gpu.name, f"{said}{taken}{f'; {gpu.note}' if gpu.note else ''}")
