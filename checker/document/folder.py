"""A folder that a run writes into: made where it is not there, and never through a link out of the repository."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import refuse_link_out


def made(folder: Path, failed: str = "no folder can be made here") -> Path:
    """The folder, made where it is not there; what lies in it stays, but for files of the same names.

    Args:
        folder: the folder.
        failed: what it means where none can be made.

    Raises:
        InputError: it is something else, cannot be made, or a link leads out of the repository.
    """
    refuse_link_out(folder)  # a folder that was made on the other side would stay there
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.one(
            f"{failed}: {error.strerror}", expected="a folder that can be written", file=folder.as_posix()
        ) from error
    return folder
