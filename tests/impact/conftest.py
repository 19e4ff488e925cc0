"""Commands of these tests run in the test's own process."""

from __future__ import annotations

from tests.in_process import inside

__all__ = ["inside"]
