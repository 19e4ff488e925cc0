"""Results of earlier runs, one small file each: an audit that was interrupted goes on, and what is the same is kept."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from checker.document.errors import InputError
from checker.document.folder import made
from checker.document.read import opened
from checker.document.write import replace_file
from checker.fleet.record import ProjectRecord

_RESULT = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.json")
"""Where a result lies in its folder."""


class Store:
    """A folder of records by the digest of all that each depends on; one that was damaged or edited counts as absent.

    Each begins with a line of its own digest, which finds accidents and edits: whoever writes into the folder may write
    that too.
    """

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made where it is not there.

        Raises:
            InputError: it is something else, cannot be made, or a link leads out of the repository.
        """
        self.folder = made(folder, "no folder for results")
        """Where the results lie."""

    def get(self, key: str) -> ProjectRecord | None:
        """The record under a key; None where there is none that can be read."""
        try:
            path = self._path(key)
            with opened(path, path.as_posix()) as file:
                stated, _, text = file.read().partition(b"\n")
            return ProjectRecord.model_validate_json(text) if stated == _digest(key, text).encode() else None
        except (InputError, OSError, ValidationError):
            return None

    def put(self, key: str, record: ProjectRecord) -> None:
        """Keep a record.

        Raises:
            InputError: the folder cannot be written, or what bears the result's name is no file.
        """
        path = self._path(key)
        made(path.parent, "no folder for results")
        if path.exists():  # a pipe would be written into, once somebody reads it
            opened(path, path.as_posix()).close()
        text = record.model_dump_json()
        replace_file(path, f"{_digest(key, text.encode())}\n{text}")

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


def is_result(path: Path, folder: Path) -> bool:
    """Whether a file is a result that is kept in a folder, both without links: nothing that is judged depends on it."""
    return path.is_relative_to(folder) and _RESULT.fullmatch(path.relative_to(folder).as_posix()) is not None


def _digest(key: str, text: bytes) -> str:
    """Of a record under its key, in hex: in the place of another one it is none."""
    return sha256(key.encode() + b"\n" + text).hexdigest()
