"""Results of earlier runs, one small file each: an audit that was interrupted goes on, and what is the same is kept."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from checker.document.errors import InputError
from checker.document.write import replace_file
from checker.fleet.record import ProjectRecord


class Store:
    """A folder of records by the digest of all that each depends on; a damaged one counts as absent."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made where it is not there.

        Raises:
            InputError: it is something else, or cannot be made.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            why = f"no folder for results: {error.strerror}"
            raise InputError.one(why, expected="a folder that can be written", file=folder.as_posix()) from error

    def get(self, key: str) -> ProjectRecord | None:
        """The record under a key; None where there is none that can be read."""
        try:
            return ProjectRecord.model_validate_json(self._path(key).read_bytes())
        except (OSError, ValidationError):
            return None

    def put(self, key: str, record: ProjectRecord) -> None:
        """Keep a record.

        Raises:
            InputError: the folder cannot be written.
        """
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        replace_file(path, record.model_dump_json())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"
