"""A folder that an audit writes into."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError


def made(folder: Path) -> Path:
    """The folder, made where it is not there; what lies in it stays, but for files of the same names.

    Raises:
        InputError: it is something else, or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"no folder can be made here: {error.strerror}"
        raise InputError.one(why, expected="a folder that can be written", file=folder.as_posix()) from error
    return folder
