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


def days(written: str) -> int:
    """A number of days such as 180d; anything else is a wrong call."""
    from checker.waivers.when import days_of

    found = days_of(written)
    if found is None:
        raise ArgumentTypeError(f"`{written}` is no number of days: expected 1d to 3660d")
    return found


def jobs(written: str) -> int:
    """A number of processes; anything else is a wrong call."""
    if written.isdecimal() and int(written) > 0:
        return int(written)
    raise ArgumentTypeError(f"`{written}` is no number of processes: expected 1 or more")


def path(written: str) -> str:
    """A path; an empty one, as a variable without a value leaves it, is a wrong call and not the current folder."""
    if written:
        return written
    raise ArgumentTypeError("a path is empty: expected a file or a folder")
