"""NVIDIA's GPUs through the driver's own library (NVML), by way of nvidia-ml-py."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from checker.document.extra import install
from checker.hardware.machine import Cause, Device, Slice, Trouble, Vendor
from checker.memory.units import MIB

Seen = tuple[tuple[Device, ...], tuple[Trouble, ...]]
_DRIVER = "install NVIDIA's driver (in a container: start it with the NVIDIA runtime, `--gpus all`)"


def seen(present: bool | None) -> Seen:
    """All GPUs that the driver shows, and why not where it shows none.

    Args:
        present: whether an NVIDIA GPU sits on the bus; None where nobody can tell.
    """
    try:
        import pynvml  # the extra `nvidia`; its C library is the driver's and is looked for by nvmlInit
    except ImportError:
        sentence = "nvidia-ml-py is not installed, so NVIDIA's driver was not asked"
        return (), (Trouble(Vendor.NVIDIA, Cause.LIBRARY_MISSING, sentence, install("nvidia"), present is not False),)
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return (), (_trouble(pynvml, error, bool(present)),)
    try:
        return _devices(pynvml, bool(present))
    except pynvml.NVMLError as error:
        return (), (_trouble(pynvml, error, True),)
    finally:
        pynvml.nvmlShutdown()


def _devices(nvml: ModuleType, present: bool) -> Seen:
    count = nvml.nvmlDeviceGetCount()
    if not count:
        sentence = "NVIDIA's driver answers and shows no GPU"
        remedy = (
            "CUDA_VISIBLE_DEVICES does not hide a GPU from the driver; a container's runtime does" if present else ""
        )
        return (), (Trouble(Vendor.NVIDIA, Cause.NO_DEVICE, sentence, remedy, present),)
    devices, troubles = [], []
    for index in range(count):
        try:
            devices.append(_device(nvml, nvml.nvmlDeviceGetHandleByIndex(index)))
        except nvml.NVMLError as error:
            found = _trouble(nvml, error, True)
            troubles.append(found._replace(sentence=f"GPU {index}: {found.sentence}"))
    return tuple(devices), tuple(troubles)


def _device(nvml: ModuleType, handle: Any) -> Device:
    total, reserved = _memory(nvml, handle)
    mig = _mig(nvml, handle)
    slices = _slices(nvml, handle) if mig else ()
    return Device(
        vendor=Vendor.NVIDIA,
        name=_text(nvml.nvmlDeviceGetName(handle)),
        memory_bytes=total,
        reserved_bytes=reserved,
        compute_capability=_capability(nvml, handle),
        mig=mig,
        slices=slices,
        note="MIG is on and no instance is made: no program can use it" if mig and not slices else "",
    )


def _memory(nvml: ModuleType, handle: Any) -> tuple[int, int]:
    """All of it and the driver's reserve, in bytes; drivers before 510 tell the reserve apart from nothing."""
    try:
        found = nvml.nvmlDeviceGetMemoryInfo(handle, version=nvml.nvmlMemory_v2)
        return int(found.total), int(found.reserved)
    except (nvml.NVMLError, AttributeError, TypeError):  # an older driver, or an older nvidia-ml-py
        return int(nvml.nvmlDeviceGetMemoryInfo(handle).total), 0


def _capability(nvml: ModuleType, handle: Any) -> str:
    try:
        major, minor = nvml.nvmlDeviceGetCudaComputeCapability(handle)
    except nvml.NVMLError:
        return ""
    return f"{major}.{minor}"


def _mig(nvml: ModuleType, handle: Any) -> bool:
    """Whether it is cut into instances now; a mode that waits for a reset does not count."""
    try:
        current, _ = nvml.nvmlDeviceGetMigMode(handle)
    except nvml.NVMLError:  # "not supported": most GPUs cannot be cut
        return False
    return bool(current == nvml.NVML_DEVICE_MIG_ENABLE)


def _slices(nvml: ModuleType, handle: Any) -> tuple[Slice, ...]:
    found = []
    for index in range(nvml.nvmlDeviceGetMaxMigDeviceCount(handle)):
        try:
            instance = nvml.nvmlDeviceGetMigDeviceHandleByIndex(handle, index)
        except nvml.NVMLError:  # "not found": the places are numbered, and some are empty
            continue
        profile = _profile(nvml, instance)
        found.append(Slice(profile, int(nvml.nvmlDeviceGetMemoryInfo(instance).total)))
    return tuple(found)


def _profile(nvml: ModuleType, instance: Any) -> str:
    """`1g.10gb`: the last word of the instance's name, else made of its attributes as NVIDIA makes the name."""
    name = _asked(nvml, lambda: _text(nvml.nvmlDeviceGetName(instance)))
    last = name.rpartition("MIG ")[2].split(" ")[0] if "MIG " in name else ""
    if last:
        return last
    attributes = _asked(nvml, lambda: nvml.nvmlDeviceGetAttributes(instance))
    if not attributes:
        return ""
    size_gb = -(-int(attributes.memorySizeMB) * MIB // (1 << 30))
    return f"{attributes.gpuInstanceSliceCount}g.{size_gb}gb"


def _asked(nvml: ModuleType, question: Callable[[], Any]) -> Any:
    """The answer to a question that older drivers do not know; empty there."""
    try:
        return question()
    except nvml.NVMLError:
        return ""


def _text(name: str | bytes) -> str:
    """Names were bytes up to nvidia-ml-py 11.495."""
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name


def _trouble(nvml: ModuleType, error: Any, present: bool) -> Trouble:
    causes = {
        nvml.NVML_ERROR_LIBRARY_NOT_FOUND: (Cause.DRIVER_MISSING, "NVIDIA's driver is not installed", _DRIVER),
        nvml.NVML_ERROR_DRIVER_NOT_LOADED: (
            Cause.DRIVER_NOT_LOADED,
            "NVIDIA's driver is installed and not loaded",
            "load it (`modprobe nvidia`), or restart after its installation",
        ),
        nvml.NVML_ERROR_LIB_RM_VERSION_MISMATCH: (
            Cause.DRIVER_MISMATCH,
            "NVIDIA's driver and its library are of different versions, as after an update",
            "restart the machine, or the container with the host's version",
        ),
        nvml.NVML_ERROR_NO_PERMISSION: (
            Cause.PERMISSION,
            "this user may not ask NVIDIA's driver",
            "read and write access to /dev/nvidia*, often through a group (`video`, `render`)",
        ),
        nvml.NVML_ERROR_GPU_IS_LOST: (
            Cause.DEVICE_LOST,
            "the GPU has fallen off the bus or is otherwise unreachable",
            "`dmesg` says more; often a restart, power or cooling",
        ),
    }
    code = getattr(error, "value", None)
    cause, sentence, remedy = causes.get(code, (Cause.UNREADABLE, f"NVIDIA's driver answers: {error}", ""))
    if present and cause is Cause.DRIVER_MISSING:
        sentence = f"{sentence}, and a GPU of NVIDIA's is on the PCI bus"
    # A driver that is there and refuses has something to refuse; one that is missing says nothing of the machine.
    return Trouble(Vendor.NVIDIA, cause, sentence, remedy, present or cause is not Cause.DRIVER_MISSING)


def used_by(process: int) -> int | None:
    """What the driver shows of one process on all GPUs, in bytes; None where it does not say.

    Args:
        process: its number, as the driver sees it: in a container that may be another one.
    """
    try:
        import pynvml

        pynvml.nvmlInit()
    except ImportError:
        return None
    except pynvml.NVMLError:
        return None
    try:
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        running = [one for handle in handles for one in pynvml.nvmlDeviceGetComputeRunningProcesses(handle)]
    except pynvml.NVMLError:
        return None
    finally:
        pynvml.nvmlShutdown()
    amounts = [one.usedGpuMemory for one in running if one.pid == process]
    return sum(amounts) if amounts and None not in amounts else None
