"""Writes a whole file or leaves the old one as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import refuse_link_out


def replace_file(path: Path, content: str) -> None:
    """Put `content`, as UTF-8 with line feeds, in the place of `path` in one step.

    A device or a pipe (`/dev/stdout`, `/dev/null`) is written to and never replaced; of a link, what it leads to is.

    Raises:
        InputError: the folder does not exist or cannot be written, a link leads out of the repository, or nobody reads
            the pipe.
    """
    from tempfile import mkstemp  # 4 ms, and most runs write no file

    if path.exists() and not path.is_file() and not path.is_dir():
        _write_through(path, content)
        return
    refuse_link_out(path)
    path = Path(os.path.realpath(path))
    try:
        descriptor, temporary = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except OSError as error:
        os.unlink(temporary)
        raise _unwritable(path, error) from error


def _write_through(path: Path, content: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", newline="\n", opener=_without_waiting) as file:
            file.write(content)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise InputError.one(
                "nobody reads this pipe", expected="a pipe whose reader is there", file=path.as_posix()
            ) from error
        raise _unwritable(path, error) from error


def _without_waiting(path: str, flags: int) -> int:
    """Open a pipe that somebody reads; of one that nobody reads, the system says so instead of waiting for a reader."""
    if not hasattr(os, "O_NONBLOCK"):
        return os.open(path, flags)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, else what the umask leaves of 0666."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError.one(
        f"cannot be written: {error.strerror}", expected="a file in a folder that exists", file=path.as_posix()
    )
