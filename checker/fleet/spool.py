"""Keeps records on disk while an audit runs, so that its memory does not grow with the number of projects."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from checker.fleet.record import ProjectRecord


class Spool:
    """A file without a name: records go in, and come out again in the same order as often as somebody asks."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by `__exit__`

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def put(self, record: ProjectRecord) -> None:
        """Add a record."""
        self._file.write(record.model_dump_json().encode("utf-8", "surrogatepass") + b"\n")

    def records(self) -> Iterator[ProjectRecord]:
        """All records; one reader at a time."""
        self._file.seek(0)
        for line in self._file:
            yield ProjectRecord.model_validate_json(line)
        self._file.seek(0, 2)
