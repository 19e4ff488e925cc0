"""The stand-ins for drivers are fixtures of every test of this folder."""

from tests.hardware.drivers import no_tools, nvml

__all__ = ["no_tools", "nvml"]
