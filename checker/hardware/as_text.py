"""For people: what a machine has, why something was not seen, and what a manifest would say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from checker.document.errors import visible
from checker.hardware.declared import Declared, declared
from checker.hardware.lookup import Named
from checker.hardware.machine import Device, Machine, System
from checker.memory.instances import Instance
from checker.memory.units import gib


def of_machine(machine: Machine) -> str:
    """All of it, and what to declare."""
    return "\n".join(_machine(machine)) + "\n"


def _machine(machine: Machine) -> Iterator[str]:
    for device, number in _counted(machine.devices):
        yield f"{number} x {visible(device.name)}"
        yield from _device(device)
    if not machine.devices:
        yield "whether there is a GPU that can be used is unknown" if machine.uncertain else "no GPU was seen"
    for trouble in machine.uncertain if machine.devices else machine.troubles:
        yield f"  {trouble.vendor}: {visible(trouble.sentence)}"
        if trouble.remedy:
            yield f"    {trouble.remedy}"
    yield f"memory of the computer: {_memory(machine.system)}"
    yield ""
    found = declared(machine)
    yield from _to_declare(found) if found else _instead(machine)


def _counted(devices: Iterable[Device]) -> Iterator[tuple[Device, int]]:
    """Equal devices together."""
    for device, equal in groupby(sorted(devices, key=lambda one: one.name)):
        yield device, sum(1 for _ in equal)


def _device(device: Device) -> Iterator[str]:
    kept = f", of which the driver keeps {gib(device.reserved_bytes)}" if device.reserved_bytes else ""
    yield f"  memory              {gib(device.memory_bytes)}{kept}"
    if device.compute_capability:
        yield f"  compute capability  {visible(device.compute_capability)}"
    if device.mig:
        each = ", ".join(f"{one.profile or 'unnamed'} ({gib(one.memory_bytes)})" for one in device.slices)
        yield f"  MIG instances       {visible(each) or 'none'}"
    if device.gpu:
        yield f"  in the list         {device.gpu}"
    elif device.nearest:
        yield f"  in the list         no; the nearest: {', '.join(device.nearest)}"
    else:
        yield "  in the list         no"
    if device.note:
        yield f"  note                {visible(device.note)}"


def _memory(system: System) -> str:
    if system.memory_bytes is None:
        return "unknown"
    limit = f"; the limit of {system.limited_by}" if system.limited_by else ""
    of = f" of {gib(system.installed_bytes)}" if system.limited_by and system.installed_bytes else ""
    return f"{gib(system.memory_bytes)}{of}{limit}"


def _to_declare(found: tuple[Declared, ...]) -> Iterator[str]:
    yield f"hardware: {found[0].yaml}"
    for other in found[1:]:
        yield f"also here, and a plan runs on equal GPUs: {other.yaml}"


def _instead(machine: Machine) -> Iterator[str]:
    """A model mostly runs elsewhere than where its manifest is written."""
    yield "what can be declared instead, for the machine that the model will run on:"
    yield "  hardware: {gpu: L4, count: 1}         a GPU of `weighbridge fit --list-gpus`"
    yield "  hardware: {instance: g5.xlarge}       a cloud instance of `weighbridge hardware --list-instances`"
    yield "  hardware: {vram: 24 GiB, count: 1}    the memory of one GPU"
    if machine.system.memory_bytes is not None:
        yield "what a model needs on a processor is not estimated: no rule holds it against the computer's memory"


def of_named(found: Named) -> str:
    """A GPU or an instance, and what to declare."""
    gpu, instance = found.gpu, found.instance
    if instance is None:
        lines = [f"{gpu.name} ({gpu.vendor})", f"  memory  {gib(gpu.usable_bytes)} of {gpu.marketed_gb} GB on the box"]
        lines += [f"  note    {gpu.note}"] if gpu.note else []
        lines.append(f"  source  {gpu.source}")
    else:
        part = f"{instance.part} of an {gpu.name}" if instance.part else gpu.name
        lines = [f"{instance.name} ({instance.cloud})", f"  GPUs    {instance.devices} x {part}"]
        lines.append(
            f"  memory  {gib(found.each_bytes)} each" if instance.devices > 1 else f"  memory  {gib(found.each_bytes)}"
        )
        lines.append(f"  source  {instance.source} (read on {instance.checked}: {instance.read})")
    said = ", ".join(f"{key}: {value}" for key, value in found.keys)
    return "\n".join([*lines, "", f"hardware: {{{said}}}"]) + "\n"


def of_instances(listed: tuple[Instance, ...]) -> str:
    """The list, one instance a line."""
    rows = [(one.cloud, one.name, f"{one.devices} x {one.gpu}{f' ({one.part})' if one.part else ''}") for one in listed]
    width = max(len(name) for _, name, _ in rows)
    return "".join(f"{cloud:<6} {name:<{width}}  {what}\n" for cloud, name, what in rows)
