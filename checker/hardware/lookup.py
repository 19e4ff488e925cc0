"""A GPU or a cloud instance by its name: what `hardware:` of a manifest would hold for it."""

from __future__ import annotations

from checker.document.errors import InputError
from checker.memory import gpus, instances
from checker.memory.gpus import Gpu
from checker.memory.instances import Instance
from checker.memory.units import GIB
from checker.value import NamedTuple


class Named(NamedTuple):
    """What somebody named."""

    gpu: Gpu
    devices: int
    instance: Instance | None
    """The instance, where one was named."""

    @property
    def each_bytes(self) -> int:
        """The memory of one of its GPUs, or of the part that it has of one."""
        part = self.instance.part_gib * GIB if self.instance is not None else 0
        return part or self.gpu.usable_bytes

    @property
    def keys(self) -> tuple[tuple[str, str], ...]:
        """The keys of `hardware:` and their values."""
        if self.instance is not None:
            return (("instance", self.instance.name),)
        return (("gpu", self.gpu.name), ("count", str(self.devices)))


def named(spelling: str, count: int | None) -> Named:
    """The GPU or the instance of that name.

    Args:
        spelling: any usual one.
        count: how many GPUs; None for one, or for all of the instance.

    Raises:
        InputError: nothing has that name, or several have it; the nearest names are told.
    """
    rented = instances.find(spelling)
    if isinstance(rented, Instance):
        if count not in (None, rented.devices):
            expected = f"no --count: {rented.name} has {rented.devices}"
            raise InputError.one(f"--count {count}", expected=expected, file=spelling)
        return Named(next(one for one in gpus.gpus() if one.name == rented.gpu), rented.devices, rented)
    found = gpus.find(spelling)
    if isinstance(found, Gpu):
        return Named(found, count or 1, None)
    near = [rented.nearest] if rented.nearest else []
    near += [found.nearest] if isinstance(found, gpus.Unrecognised) and found.nearest else []
    hint = f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else ""
    expected = "a GPU (`weighbridge fit --list-gpus`) or a cloud instance (`weighbridge hardware --list-instances`)"
    if isinstance(found, gpus.Ambiguous) or rented.reason:
        sentence, hint = (rented.sentence, "") if rented.reason else (found.sentence, "")
        raise InputError.one(sentence, expected=expected, hint=hint, file="hardware")
    raise InputError.one(
        f"`{gpus.quoted(spelling)}` is neither a GPU nor a cloud instance of the lists",
        expected=expected,
        hint=hint,
        file="hardware",
    )
