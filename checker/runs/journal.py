"""A file of runs, a JSON document a line: appended to under a lock, and read with every link held against its line."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from checker.document.errors import InputError
from checker.document.inside import refuse_link_out
from checker.runs.record import BEGINNING, RunRecord
from checker.value import NamedTuple

SUFFIX = ".runs.jsonl"
MAX_LINE = 4 * 1024 * 1024
"""Bytes of a line; a longer one was not written by us."""


class Recorded(NamedTuple):
    """One line that could be read."""

    record: RunRecord
    sha256: str
    """Of the line, in hex: what the next one names."""
    at: str
    """`file:line`."""


class Break(NamedTuple):
    """A place where a journal does not hold together."""

    at: str
    why: str


class Journal(NamedTuple):
    """What one file says."""

    runs: tuple[Recorded, ...]
    breaks: tuple[Break, ...]


def file_of(folder: Path, repository: str) -> Path:
    """The journal of a repository in a folder of journals."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "_", repository).strip("._-") or "repository"
    tag = "" if name == repository else f"-{sha256(repository.encode('utf-8', 'replace')).hexdigest()[:8]}"
    return folder / f"{name[:120]}{tag}{SUFFIX}"


def append(folder: Path, record: RunRecord) -> Path:
    """Add a run to its repository's journal, linked to the line before it, and say which file that is.

    A last line that was cut off is left as it is and ended; the new one names its digest, so that it stays visible.

    Args:
        folder: the folder of journals; made where it is not there.
        record: the run; its `previous` is filled in here.

    Raises:
        InputError: the folder cannot be written.
    """
    path = file_of(folder, record.repository)
    refuse_link_out(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as file, _locked(file):
            last, ends = _last_line(file)
            text = record.model_copy(
                update={"previous": BEGINNING if last is None else _digest(last)}
            ).model_dump_json()
            file.write((b"" if ends else b"\n") + text.encode("utf-8", "surrogatepass") + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        why = f"the run cannot be recorded: {error.strerror}"
        raise InputError.one(why, expected="a folder that can be written", file=path.as_posix()) from error
    return path


def read(path: Path) -> Journal:
    """Every line of a journal, and every place where a link or a line is broken.

    Raises:
        InputError: the file cannot be read.
    """
    runs: list[Recorded] = []
    breaks: list[Break] = []
    before = BEGINNING
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(_lines(file), start=1):
                at = f"{path.as_posix()}:{number}"
                text = line.removesuffix(b"\n")
                try:
                    record = RunRecord.model_validate_json(text)
                except ValidationError:
                    breaks.append(Break(at, "this is no record of a run, or was cut off"))
                else:
                    if record.previous != before:
                        breaks.append(
                            Break(at, "it does not follow the line before it: one was changed, added or taken")
                        )
                    runs.append(Recorded(record, _digest(text), at))
                before = _digest(text)
    except OSError as error:
        raise InputError.one(error.strerror or "it cannot be read", file=path.as_posix()) from error
    return Journal(tuple(runs), tuple(breaks))


def journals(folder: Path) -> tuple[Path, ...]:
    """The journals of a folder and of those below it.

    Raises:
        InputError: there is no such folder, or no journal in it.
    """
    found = tuple(sorted(folder.rglob(f"*{SUFFIX}"))) if folder.is_dir() else ()
    if not found:
        expected = f"a folder with files that end with {SUFFIX}, as `check --record` writes them"
        raise InputError.one("there is no journal of runs", expected=expected, file=folder.as_posix())
    return found


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE):
        yield line


def _digest(line: bytes) -> str:
    return sha256(line).hexdigest()


def _last_line(file: BinaryIO) -> tuple[bytes | None, bool]:
    """The last line without its end, and whether it has one; an empty file has none, and ends well."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        return None, True
    back = min(size, MAX_LINE)
    file.seek(size - back)
    tail = file.read(back)
    ends = tail.endswith(b"\n")
    return tail.removesuffix(b"\n").rpartition(b"\n")[2], ends


@contextmanager
def _locked(file: BinaryIO) -> Iterator[None]:
    """Nobody else appends meanwhile; the lock ends with the process, however that ends."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        try:
            yield
        finally:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield
