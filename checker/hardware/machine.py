"""What a machine has for a model to run on: its GPUs as their drivers describe them, and its memory."""

from __future__ import annotations

from enum import StrEnum

from checker.value import NamedTuple


class Vendor(StrEnum):
    """Whose driver was asked."""

    NVIDIA = "NVIDIA"
    AMD = "AMD"
    APPLE = "Apple"


class Slice(NamedTuple):
    """One MIG instance: a part of a GPU that programs see as a device of its own."""

    profile: str
    """`1g.10gb`, as NVIDIA names it; empty where the driver does not say."""
    memory_bytes: int
    """What the driver reports of it."""


class Device(NamedTuple):
    """One GPU, as its driver describes it."""

    vendor: Vendor
    name: str
    """As the driver writes it: `NVIDIA GeForce RTX 4090`."""
    memory_bytes: int
    """What the driver reports for the whole device; Apple: what Metal lets a program use (`note` says where from)."""
    reserved_bytes: int = 0
    """What of it the driver keeps for itself, where it says so."""
    compute_capability: str = ""
    """NVIDIA's `8.9`, AMD's `gfx942`; empty where nobody says."""
    gpu: str = ""
    """The name in the list of GPUs; empty where it has none."""
    nearest: tuple[str, ...] = ()
    """Names of the list that come close, where `gpu` is empty."""
    mig: bool = False
    """Whether it is cut into MIG instances, so that programs see those instead of it."""
    slices: tuple[Slice, ...] = ()
    note: str = ""

    @property
    def usable_bytes(self) -> int:
        """What is left for programs."""
        return self.memory_bytes - self.reserved_bytes


class Cause(StrEnum):
    """Why a maker's GPUs were not seen."""

    LIBRARY_MISSING = "library-missing"
    """nvidia-ml-py is not installed: nobody could ask."""
    DRIVER_MISSING = "driver-missing"
    """The maker's driver is not installed."""
    DRIVER_NOT_LOADED = "driver-not-loaded"
    """It is installed, and the kernel has not loaded it."""
    DRIVER_MISMATCH = "driver-mismatch"
    """Its parts are of different versions."""
    PERMISSION = "permission"
    """This user may not ask it."""
    NO_DEVICE = "no-device"
    """It answers, and has no GPU."""
    DEVICE_LOST = "device-lost"
    """A GPU is there and does not answer."""
    TOOL_MISSING = "tool-missing"
    """The maker's tool is not installed."""
    TOO_SLOW = "too-slow"
    """The tool did not answer in time."""
    UNREADABLE = "unreadable"
    """Something answered that is in no known format, or an error that has no name here."""


class Trouble(NamedTuple):
    """Why a maker's GPUs, or one of them, were not seen."""

    vendor: Vendor
    cause: Cause
    sentence: str
    """What was found, without a full stop."""
    remedy: str = ""
    """What to do about it; empty where nothing is to be done."""
    present: bool = False
    """Whether the machine shows signs of such a GPU all the same, so that the answer is incomplete."""


class System(NamedTuple):
    """The computer around the GPUs."""

    memory_bytes: int | None
    """What a program may use: the machine's memory, or the limit of its container where that is lower."""
    installed_bytes: int | None
    """The machine's memory."""
    limited_by: str = ""
    """The file or rule that sets the limit; empty where the whole memory may be used."""


class Machine(NamedTuple):
    """One machine."""

    devices: tuple[Device, ...]
    troubles: tuple[Trouble, ...]
    system: System

    @property
    def uncertain(self) -> tuple[Trouble, ...]:
        """What makes the list of GPUs incomplete."""
        return tuple(trouble for trouble in self.troubles if trouble.present)
