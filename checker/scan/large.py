"""Looks through a file that is too large to be read whole, for the words of its reader, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from checker.document.errors import InputError
from checker.document.read import opened
from checker.scan.words import Words

MOST = 64 << 20
"""Bytes that are looked through; of a larger file nobody knows what it holds."""
_PART = 1 << 20


def is_without(path: Path, words: Words | None, most: int) -> bool:
    """Whether a file is larger than its reader takes, and holds none of the words by which it could use a model.

    Args:
        path: the file.
        words: the words; None where they do not tell.
        most: the bytes that its reader takes.
    """
    if words is None or not is_above(path, most) or is_above(path, MOST):
        return False
    try:
        return not words.are_in_parts(_parts(path))
    except (InputError, OSError):
        return False  # its reader says why


def is_above(path: Path, most: int) -> bool:
    """Whether a file has more bytes; not where that cannot be told, so that its reader says why."""
    try:
        return path.stat().st_size > most
    except OSError:
        return False


def _parts(path: Path) -> Iterator[bytes]:
    with opened(path, path.as_posix()) as file:
        left = MOST
        while left > 0 and (part := file.read(min(_PART, left))):
            left -= len(part)
            yield part
