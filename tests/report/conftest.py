"""Documents are made in the test's own process."""

from tests.in_process import weighbridge

__all__ = ["weighbridge"]
