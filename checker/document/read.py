"""Reads one text file from outside, within limits: a regular file, at most 1 MiB, UTF-8, no NUL."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from checker.document.errors import InputError
from checker.document.place import Place, SourceFile

MAX_BYTES = 1024 * 1024
"""The largest file that is read: 1 MiB."""

_UTF8_BOM = b"\xef\xbb\xbf"
_OTHER_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# A pipe that takes the file's place after it was looked at must not make us wait for a writer.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def read(path: Path, name: str | None = None) -> SourceFile:
    """The text of the file at `path`, called `name` (default: the path as given, with forward slashes).

    Raises:
        InputError: it is no regular file, cannot be read, is larger than `MAX_BYTES`, or is not UTF-8 text.
    """
    shown = path.as_posix() if name is None else name
    return from_text(shown, read_bytes(path, shown))


def read_bytes(path: Path, name: str, most: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file of at most `most` bytes.

    Raises:
        InputError: it is no regular file, cannot be read, or is larger.
    """
    with opened(path, name) as file:
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise _unreadable(error, path, name) from error
    if len(data) > most:
        raise _too_large(name, most)
    return data


def opened(path: Path, name: str, *, pipe: bool = False) -> BinaryIO:
    """A regular file, open for reading; whatever else bears the name is not waited for.

    Args:
        path: the file.
        name: what errors call it.
        pipe: whether a pipe will do, for what is read once from its beginning to its end: a shell makes one of
            `<(command)`. One that nobody writes to is empty.

    Raises:
        InputError: it is something else, or cannot be read.
    """
    try:
        _refuse_other_kinds(path.stat(), name, pipe=pipe)
        file = os.fdopen(os.open(path, _FLAGS), "rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(error, path, name) from error
    try:
        status = os.fstat(file.fileno())
        _refuse_other_kinds(status, name, pipe=pipe)
    except InputError:
        file.close()
        raise
    if stat.S_ISFIFO(status.st_mode):
        os.set_blocking(file.fileno(), True)  # whoever has begun to write may take the time it needs
    return file


def from_text(name: str, content: str | bytes, most: int = MAX_BYTES) -> SourceFile:
    """Text that did not come from a path (standard input), held to the same limits.

    Raises:
        InputError: it is larger than `most` bytes, or is not UTF-8 text.
    """
    text = content if isinstance(content, str) else _decoded(name, content, most)
    if isinstance(content, str) and (len(content) > most or len(content.encode("utf-8", "replace")) > most):
        raise _too_large(name, most)
    source = SourceFile(name, text.removeprefix("\ufeff"))
    if "\0" in source.text:
        raise InputError.one("a NUL character", expected="text", at=place_of(source, source.text.index("\0")))
    return source


def place_of(source: SourceFile, index: int, width: int = 1) -> Place:
    """The place of the character at `index` of the text."""
    before = source.text[:index].replace("\r\n", "\n").replace("\r", "\n")
    return Place(source, before.count("\n") + 1, len(before) - before.rfind("\n"), width)


def _decoded(name: str, data: bytes, most: int) -> str:
    if len(data) > most:
        raise _too_large(name, most)
    for mark, encoding in _OTHER_BOMS:
        if data.startswith(mark):
            raise InputError.one(f"the file is {encoding} (byte 1, line 1)", expected="UTF-8", file=name)
    try:
        return data.removeprefix(_UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start + (len(_UTF8_BOM) if data.startswith(_UTF8_BOM) else 0)
        line = data[:start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
        raise InputError.one(
            f"byte {start + 1} (line {line}) is 0x{data[start]:02x}, which is not UTF-8", expected="UTF-8", file=name
        ) from error


def _refuse_other_kinds(status: os.stat_result, name: str, *, pipe: bool = False) -> None:
    if stat.S_ISREG(status.st_mode) or (pipe and stat.S_ISFIFO(status.st_mode)):
        return
    kind = next((words for test, words in _KINDS if test(status.st_mode)), "no regular file")
    expected = "a regular file or a pipe" if pipe else "a regular file"
    raise InputError.one(f"{name} is {kind}", expected=expected, file=name)


def _too_large(name: str, most: int) -> InputError:
    return InputError.one(f"the file is larger than {most >> 20} MiB", expected=f"at most {most} bytes", file=name)


def _unreadable(error: OSError | ValueError, path: Path, name: str) -> InputError:
    import errno  # only a mistake needs it

    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ELOOP:
        sentence = "a symbolic link that leads back to itself"
    elif number == errno.ENOENT and os.path.lexists(path):
        sentence = "a symbolic link to a file that does not exist"
    elif number in (errno.ENOENT, errno.ENOTDIR) or number is None:
        sentence = "there is no such file"
    elif number in (errno.EACCES, errno.EPERM):
        sentence = "the file may not be read"
    else:
        sentence = f"the file cannot be read ({os.strerror(number)})"
    return InputError.one(sentence, expected="a readable file", file=name)
