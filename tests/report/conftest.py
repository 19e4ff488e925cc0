"""Documents are made in the test's own process."""

from tests.command_here import weighbridge

__all__ = ["weighbridge"]
