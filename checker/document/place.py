"""Where in a file something stands, so that every error and finding can point at it."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

T_co = TypeVar("T_co", covariant=True)


class SourceFile(NamedTuple):
    """A file as it was read: its name as the user knows it (forward slashes) and its text."""

    name: str
    text: str

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its line end; empty beyond the last line."""
        lines = self.text.splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Place(NamedTuple):
    """A stretch of one line of a file; `line` and `column` count from 1, `width` in characters is at least 1."""

    file: SourceFile
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}:{self.column}"


class At(NamedTuple, Generic[T_co]):
    """A value together with the place that states it."""

    value: T_co
    at: Place
