"""Steps of a training that answer what a test says: torch is not installed where the tests of `calibrate` run."""

import importlib.util
import sys
from types import ModuleType

import pytest

from checker.memory.trace.plan import Steps

GIB = 1 << 30
VERSIONS = (("torch", "2.13.0"), ("transformers", "5.24.0"), ("peft", "0.21.2"))
ADA = ("NVIDIA GeForce RTX 4090", 24564 << 20)


@pytest.fixture
def libraries(monkeypatch):
    """The extra, installed, with a module in the place of the one that runs the steps."""
    found = importlib.util.find_spec
    extra = ("torch", "transformers", "peft")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: name if name in extra else found(name, *more))

    def install(peaks=(), *, gpu=None, raises=None, reserved=None, device=None):
        real = ModuleType("checker.memory.trace.real")
        real.graphics = lambda: gpu
        real.Gpu, real.Processor = lambda: "gpu", lambda: "processor"

        def steps(config, plan, meter, count, driver):
            if raises is not None:
                raise raises
            real.asked = (config, plan, meter, count)
            return Steps(tuple(peaks), reserved, device, 1000, VERSIONS)

        real.steps = steps
        monkeypatch.setitem(sys.modules, "checker.memory.trace.real", real)
        import checker.memory.trace as package

        monkeypatch.setattr(package, "real", real, raising=False)
        return real

    return install
