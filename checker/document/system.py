"""What the system itself refuses: a name that is too long, a folder that may not be entered, links in a circle.

Code that reads or writes a file says what it wanted of it. This is for the questions before that, of which every path
asks some: whether it is there, and what it is.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.document.errors import InputError

NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
"""A full disk is nobody's bug, and has nothing to do with the path."""
_OURS = Path(__file__).parents[1]
_CIRCLE = "Symlink loop from "


@contextmanager
def told() -> Iterator[None]:
    """Turn what the system refuses about a path into bad input that names it.

    Raises:
        InputError: the system refused. What it refuses about a file of this very package stays an error of ours.
    """
    try:
        yield
    except OSError as error:
        name = _name(error)
        if name is None or error.errno in NO_ROOM:
            raise
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError.one(f"the system refuses this path ({reason})", expected=_EXPECTED, file=name) from error
    except RuntimeError as error:  # what `Path.resolve` makes of links in a circle before Python 3.13
        if str(error).startswith(_CIRCLE):
            sentence, name = "the system refuses this path (links in a circle)", str(error).removeprefix(_CIRCLE)
            raise InputError.one(sentence, expected=_EXPECTED, file=name.strip("'\"")) from error
        raise


_EXPECTED = "a path that can be followed, of parts that may be entered"


def from_home(written: str) -> Path:
    """A path, of which a `~` at the beginning is somebody's home.

    Raises:
        InputError: it is nobody's.
    """
    if not written.startswith("~"):
        return Path(written)  # which of `./~` forgets the dot
    try:
        return Path(written).expanduser()
    except RuntimeError as error:
        raise InputError.one(
            "it begins with the home of nobody who is known", expected="a path", file=written
        ) from error


def path_text(given: object, argument: str) -> str:
    """A path that a program hands over, as text that the system could have as a name.

    Args:
        given: text, or what names a path.
        argument: what errors call it.

    Raises:
        TypeError: it names no path by text.
        InputError: it holds a NUL or a part of a character, which no name does.
    """
    named = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(named, str):
        raise TypeError(f"`{argument}` names a path by {type(named).__name__}: expected text")
    try:
        is_name = b"\0" not in os.fsencode(named)
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise InputError.one("a path holds what no name has", expected="a file or a folder", file=argument)
    return named


def _name(error: OSError) -> str | None:
    """The path that was refused; None where there is none, or where it is one of our own."""
    if not isinstance(error.filename, str | bytes):
        return None
    name = os.fsdecode(error.filename)
    return None if Path(os.path.abspath(name)).is_relative_to(_OURS) else Path(name).as_posix()  # noqa: PTH100 - follows no link
