"""The lines of a JSON Lines file with their numbers, each within the limit, so that one bad line stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import BinaryIO, TypeAlias

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.read import MAX_BYTES, from_text
from checker.value import NamedTuple

Numbered: TypeAlias = tuple[int, bytes]


def bug_in_words(error: Exception) -> str:
    """What a line is answered with where a mistake of ours kept it from its answer."""
    return f"this is a bug in Weighbridge: {type(error).__name__}: {error}"


class Answered(NamedTuple):
    """The answer to one line."""

    text: str
    """One line of JSON, with its end."""
    bug: bool = False
    """Whether it is owed to a mistake of ours."""


def numbered(stream: BinaryIO) -> Iterator[Numbered]:
    """The lines with their numbers, of each no more than the limit and one byte beyond it; no blank ones at the end."""
    blank: list[Numbered] = []
    for number in count(1):
        data = rest = stream.readline(MAX_BYTES + 1)
        if not data:
            return
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES + 1)
        if not data.strip():
            blank.append((number, b""))
            continue
        yield from blank
        blank.clear()
        yield number, data if len(data) > MAX_BYTES else data.rstrip(b"\r\n")


def source_of(name: str, data: bytes) -> SourceFile:
    """The text of one line.

    Args:
        name: what the line is called in messages.
        data: its bytes, as `numbered` hands them out.

    Raises:
        InputError: it is larger than the limit, or is not UTF-8 text.
    """
    if len(data) > MAX_BYTES:
        raise InputError.one("the line is larger than 1 MiB", expected=f"at most {MAX_BYTES} bytes")
    return from_text(name, data)
