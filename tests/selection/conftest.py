"""What the tests of a choice share."""

from __future__ import annotations

from tests.in_process import inside

__all__ = ["inside"]
