"""Where in a file something stands, so that every error and finding can point at it."""

from functools import lru_cache
from typing import Any, Generic, TypeVar

from checker.value import NamedTuple

T_co = TypeVar("T_co", covariant=True)


@lru_cache(maxsize=1)
def lines_of(text: str) -> list[str]:
    """The lines of a text as places count them and machines write them, without their ends; nobody changes the list.

    Line feeds, carriage returns and both together end a line, and nothing else does: `str.splitlines` also ends one at
    form feeds, U+0085, U+2028 and others, which may stand inside a value. Many places of one text are asked in a row.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class SourceFile(NamedTuple):
    """A file as it was read.

    Example:
        >>> from checker import check
        >>> check("examples/stopped").blocking[0].place.file.name
        'examples/stopped/model.yaml'
    """

    name: str
    """Its name as the user knows it, with forward slashes."""
    text: str
    """The text without a byte order mark; line ends are as they were in the file."""

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"  # a place is printed more often than its file is wanted

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its line end; empty beyond the last line."""
        lines = lines_of(self.text)
        return lines[number - 1] if 0 < number <= len(lines) else ""


class Place(NamedTuple):
    """A stretch of one line of a file; as text it is `FILE:LINE:COLUMN`.

    Example:
        >>> from checker import check
        >>> place = check("examples/stopped").blocking[0].place
        >>> str(place), place.written
        ('examples/stopped/model.yaml:9:12', 'CohereLabs/aya-23-8B')
    """

    file: SourceFile
    """The file that it is in."""
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in characters."""
    width: int = 1
    """In characters; at least 1."""

    @property
    def written(self) -> str:
        """The text that stands there."""
        return self.file.line(self.line)[self.column - 1 : self.column - 1 + self.width]

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}:{self.column}"


NOWHERE = Place(SourceFile("", ""), 1, 1)
"""The place of a value that was made in code and that no file states."""


class At(Generic[T_co]):
    """A value together with the place that states it."""

    # A named tuple would do, but pydantic reads those by rules of its own.
    __slots__ = ("at", "value")

    def __init__(self, value: T_co, at: Place) -> None:
        self.value = value
        self.at = at

    def __repr__(self) -> str:
        return f"At({self.value!r}, {self.at})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, At) and (self.value, self.at) == (other.value, other.at)

    def __hash__(self) -> int:
        return hash((self.value, self.at))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Read the value as its own type says and keep where it stood."""
        from pydantic_core.core_schema import no_info_wrap_validator_function  # pydantic is loaded when it calls this

        def with_place(node: Any, read: Any) -> At[Any]:
            return node if type(node) is At else At(read(node), getattr(node, "at", NOWHERE))

        return no_info_wrap_validator_function(with_place, handler.generate_schema(source.__args__[0]))
