"""Commands run in the test's process here; a test of what a process is started with takes `started`."""

from tests.in_process import weighbridge

__all__ = ["weighbridge"]
