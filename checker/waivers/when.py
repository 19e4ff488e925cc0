"""The last day of a waiver as people write it on a command line: a number of days, or a day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from checker.document.errors import InputError

MAX_DAYS = 3660
"""Ten years: the most that is taken for a number of days and not for a slip."""
_DAYS = re.compile(r"([1-9][0-9]{0,3})d")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def days_of(written: str) -> int | None:
    """The number of days in `90d`; None where it is something else."""
    found = _DAYS.fullmatch(written)
    days = int(found.group(1)) if found else 0
    return days if 1 <= days <= MAX_DAYS else None


def last_day(written: str, today: date) -> date:
    """The day that `90d` or `2027-03-01` names.

    Raises:
        InputError: it names none.
    """
    days = days_of(written)
    try:
        if days is not None:
            return today + timedelta(days)
        if _DAY.fullmatch(written):
            return date.fromisoformat(written)
    except (ValueError, OverflowError):
        pass
    raise InputError.one(f"`{written}` is no last day", expected="90d or YYYY-MM-DD", file="--expires")


def day_or(written: str | None, default: date) -> date:
    """The day that somebody wrote as YYYY-MM-DD, else `default`.

    Raises:
        InputError: what is written names no day.
    """
    if written is None:
        return default
    try:
        return date.fromisoformat(written if _DAY.fullmatch(written) else "")
    except ValueError:
        raise InputError.one(f"`{written}` is no day", expected="YYYY-MM-DD", file="waiver") from None
