"""Values of options that several commands take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date


def day(written: str) -> date:
    """A day as YYYY-MM-DD; anything else is a wrong call."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"`{written}` is no day: expected YYYY-MM-DD") from None
