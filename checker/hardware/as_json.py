"""For programs: a machine, or what has a name, in a format with a version and a published schema."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checker.hardware.declared import declared
from checker.hardware.lookup import Named
from checker.hardware.machine import Device, Machine

FORMAT_VERSION: Literal[1] = 1


class JsonSlice(TypedDict):
    """One MIG instance; `profile` is empty where the driver does not say."""

    profile: str
    memory_bytes: int


class JsonDevice(TypedDict):
    """One GPU: `gpu` is its name in the list or null, and then `nearest` has the names that come close."""

    vendor: Literal["NVIDIA", "AMD", "Apple"]
    name: str
    gpu: str | None
    nearest: list[str]
    memory_bytes: int
    usable_bytes: int
    memory_gib: float
    compute_capability: str | None
    mig: bool
    mig_instances: list[JsonSlice]
    note: str


class JsonTrouble(TypedDict):
    """Why a maker's GPUs were not seen; `uncertain` says that there may be some all the same."""

    vendor: Literal["NVIDIA", "AMD", "Apple"]
    cause: str
    sentence: str
    remedy: str
    uncertain: bool


class JsonSystem(TypedDict):
    """The memory of the computer in bytes: `memory_bytes` is what a program may use of it, null where unknown."""

    memory_bytes: int | None
    installed_bytes: int | None
    limited_by: str


class JsonDeclared(TypedDict):
    """What `hardware:` of a manifest holds for it; keys that it leaves out are null."""

    gpu: str | None
    vram: str | None
    instance: str | None
    count: int | None


class JsonMachine(TypedDict):
    """What this machine has. `declared` has one item for each kind of GPU, the one with most memory in all first."""

    format: Literal[1]
    kind: Literal["machine"]
    devices: list[JsonDevice]
    troubles: list[JsonTrouble]
    system: JsonSystem
    declared: list[JsonDeclared]


class JsonSource(TypedDict):
    """Where a statement about an instance is from, what of it was read, and when."""

    url: str
    read: str
    checked: str


class JsonNamed(TypedDict):
    """A GPU of the list, or a cloud instance and its GPUs; `memory_bytes` is of one of them."""

    format: Literal[1]
    kind: Literal["gpu", "instance"]
    name: str
    cloud: str | None
    gpu: str
    count: int
    memory_bytes: int
    memory_gib: float
    note: str
    source: JsonSource
    declared: JsonDeclared


def of_machine(machine: Machine) -> JsonMachine:
    """The record of a machine."""
    return JsonMachine(
        format=FORMAT_VERSION,
        kind="machine",
        devices=[_device(device) for device in machine.devices],
        troubles=[
            JsonTrouble(
                vendor=trouble.vendor.value,
                cause=trouble.cause.value,
                sentence=trouble.sentence,
                remedy=trouble.remedy,
                uncertain=trouble.present,
            )
            for trouble in machine.troubles
        ],
        system=JsonSystem(
            memory_bytes=machine.system.memory_bytes,
            installed_bytes=machine.system.installed_bytes,
            limited_by=machine.system.limited_by,
        ),
        declared=[_declared(one.keys) for one in declared(machine)],
    )


def of_named(found: Named) -> JsonNamed:
    """The record of a GPU or an instance."""
    gpu, instance = found.gpu, found.instance
    size = found.each_bytes
    return JsonNamed(
        format=FORMAT_VERSION,
        kind="gpu" if instance is None else "instance",
        name=gpu.name if instance is None else instance.name,
        cloud=None if instance is None else instance.cloud,
        gpu=gpu.name,
        count=found.devices,
        memory_bytes=size,
        memory_gib=_gib(size),
        note=gpu.note if instance is None or not instance.part else f"{instance.part} of one",
        source=JsonSource(url=gpu.source, read="", checked="")
        if instance is None
        else JsonSource(url=instance.source, read=instance.read, checked=instance.checked),
        declared=_declared(found.keys),
    )


def _device(device: Device) -> JsonDevice:
    return JsonDevice(
        vendor=device.vendor.value,
        name=device.name,
        gpu=device.gpu or None,
        nearest=list(device.nearest),
        memory_bytes=device.memory_bytes,
        usable_bytes=device.usable_bytes,
        memory_gib=_gib(device.memory_bytes),
        compute_capability=device.compute_capability or None,
        mig=device.mig,
        mig_instances=[JsonSlice(profile=one.profile, memory_bytes=one.memory_bytes) for one in device.slices],
        note=device.note,
    )


def _declared(keys: tuple[tuple[str, str], ...]) -> JsonDeclared:
    said = dict(keys)
    count = said.get("count")
    return JsonDeclared(
        gpu=said.get("gpu"),
        vram=said.get("vram"),
        instance=said.get("instance"),
        count=None if count is None else int(count),
    )


def _gib(size: int) -> float:
    return round(size / (1 << 30), 2)
