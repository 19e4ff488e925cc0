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
    """`1g.10gb`, as NVIDIA names it; empty where the driver does not say."""
    memory_bytes: int
    """What the driver reports of it."""


class JsonDevice(TypedDict):
    """One GPU: `gpu` is its name in the list or null, and then `nearest` has the names that come close."""

    vendor: Literal["NVIDIA", "AMD", "Apple"]
    """Whose driver was asked."""
    name: str
    """As the driver writes it: `NVIDIA GeForce RTX 4090`."""
    gpu: str | None
    """The name in the list of GPUs; null where it has none."""
    nearest: list[str]
    """Names of the list that come close, where `gpu` is null."""
    memory_bytes: int
    """What the driver reports for the whole device; Apple: what Metal lets a program use."""
    usable_bytes: int
    """What of it is left for programs."""
    memory_gib: float
    """`memory_bytes` in GiB (2**30 bytes), to two places."""
    compute_capability: str | None
    """NVIDIA's `8.9`, AMD's `gfx942`; null where nobody says."""
    mig: bool
    """Whether it is cut into MIG instances, so that programs see those instead of it."""
    mig_instances: list[JsonSlice]
    """These instances."""
    note: str
    """What else to know of it; empty where that is nothing."""


class JsonTrouble(TypedDict):
    """Why a maker's GPUs were not seen; `uncertain` says that there may be some all the same."""

    vendor: Literal["NVIDIA", "AMD", "Apple"]
    """Whose driver was asked."""
    cause: str
    """Which kind of reason that is: `driver-missing`, `permission`, `no-device` …"""
    sentence: str
    """What was found, without a full stop."""
    remedy: str
    """What to do about it; empty where nothing is to be done."""
    uncertain: bool
    """Whether the machine shows signs of such a GPU all the same, so that the answer is incomplete."""


class JsonSystem(TypedDict):
    """The memory of the computer in bytes: `memory_bytes` is what a program may use of it, null where unknown."""

    memory_bytes: int | None
    """What a program may use: the machine's memory, or the limit of its container where that is lower."""
    installed_bytes: int | None
    """The machine's memory; null where it is unknown."""
    limited_by: str
    """The file or rule that sets the limit; empty where the whole memory may be used."""


class JsonDeclared(TypedDict):
    """What `hardware:` of a manifest holds for it; keys that it leaves out are null."""

    gpu: str | None
    """The name of a GPU of the list."""
    vram: str | None
    """The memory of one GPU in GiB, where the list has no name for it: `23.6 GiB`."""
    instance: str | None
    """The name of a cloud instance."""
    count: int | None
    """How many GPUs there are."""


class JsonMachine(TypedDict):
    """What this machine has. `declared` has one item for each kind of GPU, the one with most memory in all first."""

    format: Literal[1]
    """The version of this format."""
    kind: Literal["machine"]
    """Always `machine`: the machine that this ran on."""
    devices: list[JsonDevice]
    """Its GPUs."""
    troubles: list[JsonTrouble]
    """Why GPUs of a maker were not seen."""
    system: JsonSystem
    """Its memory."""
    declared: list[JsonDeclared]
    """What a manifest would say of it."""


class JsonSource(TypedDict):
    """Where a statement about an instance is from, what of it was read, and when."""

    url: str
    """The address of the page."""
    read: str
    """What was read: that page, or a public copy or list where the page was not at hand; empty for a GPU."""
    checked: str
    """The day on which it was read, YYYY-MM-DD; empty for a GPU."""


class JsonNamed(TypedDict):
    """A GPU of the list, or a cloud instance and its GPUs; `memory_bytes` is of one of them."""

    format: Literal[1]
    """The version of this format."""
    kind: Literal["gpu", "instance"]
    """What the name stands for."""
    name: str
    """Its name in the list."""
    cloud: str | None
    """Who rents the instance out; null for a GPU."""
    gpu: str
    """The GPU, or that of the instance, by its name in the list."""
    count: int
    """How many GPUs there are."""
    memory_bytes: int
    """The memory that a program finds on one GPU, or on the part of one that the instance has."""
    memory_gib: float
    """`memory_bytes` in GiB (2**30 bytes), to two places."""
    note: str
    """What else to know of it; empty where that is nothing."""
    source: JsonSource
    """Where this is stated."""
    declared: JsonDeclared
    """What a manifest would say of it."""


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
