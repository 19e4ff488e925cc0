"""Drivers that are not there: what NVIDIA's library and the makers' tools would answer.

No machine of ours has these devices. The answers are put in at the library's edge: a module in the place of nvidia-ml-py,
which raises that library's own errors, and programs of the tools' names on the search path. Everything of ours that reads
them is the code that runs on a machine with such a device.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pynvml
import pytest

MIB = 1 << 20


class Card:
    """One GPU as NVML shows it."""

    def __init__(self, name, mib, *, reserved_mib=None, capability=(8, 9), mig=None, slices=(), fails=None):
        self.name, self.mib, self.reserved_mib = name, mib, reserved_mib
        self.capability, self.mig, self.slices, self.fails = capability, mig, slices, fails


class Instance:
    """One MIG instance; older drivers give it its GPU's name and newer ones add the profile."""

    def __init__(self, name, mib, *, attributes=None):
        self.name, self.mib, self.attributes = name, mib, attributes


def error(code):
    """An error as nvidia-ml-py raises it."""
    return pynvml.NVMLError(code)


class Nvml(ModuleType):
    """A module in the place of `pynvml`; its errors and constants are the real ones."""

    def __init__(self, cards=(), *, fails=None, old=False):
        super().__init__("pynvml")
        self.cards, self.fails, self.old, self.running = cards, fails, old, False
        for name in dir(pynvml):
            if name.startswith(("NVML_", "NVMLError", "nvmlMemory_v2")):
                setattr(self, name, getattr(pynvml, name))

    def nvmlInit(self):
        if self.fails is not None:
            raise error(self.fails)
        self.running = True

    def nvmlShutdown(self):
        assert self.running
        self.running = False

    def nvmlDeviceGetCount(self):
        return len(self.cards)

    def nvmlDeviceGetHandleByIndex(self, index):
        if self.cards[index].fails is not None:
            raise error(self.cards[index].fails)
        return self.cards[index]

    def nvmlDeviceGetName(self, handle):
        return handle.name.encode() if self.old else handle.name

    def nvmlDeviceGetMemoryInfo(self, handle, version=None):
        if version is None:
            return SimpleNamespace(total=handle.mib * MIB, used=0, free=handle.mib * MIB)
        if self.old or handle.reserved_mib is None:
            raise error(pynvml.NVML_ERROR_FUNCTION_NOT_FOUND)
        return SimpleNamespace(total=handle.mib * MIB, reserved=handle.reserved_mib * MIB)

    def nvmlDeviceGetCudaComputeCapability(self, handle):
        if handle.capability is None:
            raise error(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return handle.capability

    def nvmlDeviceGetMigMode(self, handle):
        if handle.mig is None:
            raise error(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return handle.mig

    def nvmlDeviceGetMaxMigDeviceCount(self, handle):
        return 7

    def nvmlDeviceGetMigDeviceHandleByIndex(self, handle, index):
        if index >= len(handle.slices) or handle.slices[index] is None:
            raise error(pynvml.NVML_ERROR_NOT_FOUND)
        return handle.slices[index]

    def nvmlDeviceGetAttributes(self, handle):
        if handle.attributes is None:
            raise error(pynvml.NVML_ERROR_NOT_SUPPORTED)
        slices, mib = handle.attributes
        return SimpleNamespace(gpuInstanceSliceCount=slices, computeInstanceSliceCount=slices, memorySizeMB=mib)


@pytest.fixture
def nvml(monkeypatch):
    """Put a driver in the place of the one that this machine lacks."""

    def install(*cards, **options):
        monkeypatch.setitem(sys.modules, "pynvml", Nvml(cards, **options))

    return install


@pytest.fixture
def no_tools(tmp_path_factory, monkeypatch):
    """A search path with nothing but what a test puts there; the folder."""
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def program(folder: Path, name: str, text: str = "", *, code: int = 0, complains: str = "", sleeps: float = 0) -> None:
    """A program of a maker's name that writes what that maker's tool writes."""
    file = folder / name
    answer = folder / f".{name}.answer"
    answer.write_text(text)
    lines = ["#!/bin/sh", f"/bin/sleep {sleeps}" if sleeps else ":"]
    lines += [f"echo '{complains}' >&2"] if complains else []
    file.write_text("\n".join([*lines, f"/bin/cat {answer}", f"exit {code}", ""]))
    file.chmod(0o755)


def by_arguments(folder: Path, name: str, answers: dict[str, str]) -> None:
    """A program whose answer depends on its last argument."""
    cases = "\n".join(f"  '{word}') printf '%s\\n' '{text}' ;;" for word, text in answers.items())
    file = folder / name
    file.write_text(f'#!/bin/sh\nfor last; do :; done\ncase "$last" in\n{cases}\n  *) exit 1 ;;\nesac\n')
    file.chmod(0o755)
