"""Values of options that several commands take."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

from checker.document.digits import whole


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
        found = whole(written)
        if found is not None and least <= found and (most is None or found <= most):
            return found
        limits = f"{least} or more" if most is None else f"{least} to {most}"
        raise ArgumentTypeError(f"`{written}` is no {what}: expected {limits}{why}")

    return read


jobs = number("number of processes")
"""A number of processes; anything else is a wrong call."""


def stated(what: str, expected: str) -> Callable[[str], str]:
    """What reads a text that says something; an empty one, as a variable without a value leaves it, is a wrong call."""

    def read(written: str) -> str:
        if written:
            return written
        raise ArgumentTypeError(f"a {what} is empty: expected {expected}")

    return read


path = stated("path", "a file or a folder")
"""A path; an empty one is not the current folder."""
named = stated("name", "a model's id, or a file or a folder")
"""A model, by its id or where it lies."""
pattern = stated("pattern", "one such as 'tests/*'")
"""A pattern of paths."""
uri = stated("URI", "one of what the manifests are part of")
"""What an attestation is about."""


def as_path(written: str) -> Path:
    """The same as `path`, with the methods of one."""
    return Path(path(written))


def named_folder(written: str) -> str:
    """A folder, or a model's id and its folder as MODEL=PATH; where one is empty it is a wrong call."""
    model, separator, folder = written.partition("=")
    if model and bool(folder) == bool(separator):
        return written
    raise ArgumentTypeError(f"`{written}` names no folder: expected a folder, or MODEL=PATH")
