"""Results of earlier runs, one small file each: an audit that was interrupted goes on, and what is the same is kept."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from checker.document.errors import InputError
from checker.document.folder import made
from checker.document.read import opened
from checker.document.write import replace_file
from checker.fleet.record import ProjectRecord


class Store:
    """A folder of records by the digest of all that each depends on; a damaged one counts as absent."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which is made where it is not there.

        Raises:
            InputError: it is something else, cannot be made, or a link leads out of the repository.
        """
        self._folder = made(folder, "no folder for results")

    def get(self, key: str) -> ProjectRecord | None:
        """The record under a key; None where there is none that can be read."""
        try:
            path = self._path(key)
            with opened(path, path.as_posix()) as file:
                return ProjectRecord.model_validate_json(file.read())
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
        replace_file(path, record.model_dump_json())

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"
