"""Values of options that several commands take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date

_DIGITS = 19
"""Digits from which on nothing here is counted: 10**18 is far beyond any limit."""


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


def number(what: str = "number", least: int = 1, most: int | None = None, why: str = "") -> Callable[[str], int]:
    """What reads a whole number from `least` to `most`; anything else is a wrong call, told as no `what`."""

    def read(written: str) -> int:
        digits = written.isdecimal() and written.isascii() and len(written) < _DIGITS
        if digits and least <= int(written) and (most is None or int(written) <= most):
            return int(written)
        limits = f"{least} or more" if most is None else f"{least} to {most}"
        raise ArgumentTypeError(f"`{written}` is no {what}: expected {limits}{why}")

    return read


jobs = number("number of processes")
"""A number of processes; anything else is a wrong call."""


def path(written: str) -> str:
    """A path; an empty one, as a variable without a value leaves it, is a wrong call and not the current folder."""
    if written:
        return written
    raise ArgumentTypeError("a path is empty: expected a file or a folder")
