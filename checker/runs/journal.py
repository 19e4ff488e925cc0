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

from checker.document.characters import in_characters
from checker.document.errors import InputError
from checker.document.folder import made
from checker.document.inside import refuse_link_out
from checker.document.json_line import DECODER
from checker.document.read import opened
from checker.runs.record import BEGINNING, FORMAT, RunRecord
from checker.value import NamedTuple

SUFFIX = ".runs.jsonl"
MAX_LINE = 4 * 1024 * 1024
"""Bytes of a line; a longer one was not written by us."""
UNRECORDED = "the run cannot be recorded"
"""What it means where no line can be added."""


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


def prepare(folder: Path) -> None:
    """Make the folder of journals, so that a run that could not be recorded does not begin.

    Raises:
        InputError: it is something else, cannot be made, or a link leads out of the repository.
    """
    made(folder, UNRECORDED)


def append(folder: Path, record: RunRecord) -> Path:
    """Add a run to its repository's journal, linked to the line before it, and say which file that is.

    A last line that was cut off is left as it is and ended; the new one names its digest, so that it stays visible.

    Args:
        folder: the folder of journals; made where it is not there.
        record: the run; its `previous` is filled in here.

    Raises:
        InputError: the folder cannot be written, or what bears the journal's name is no file.
    """
    path = file_of(folder, record.repository)
    refuse_link_out(path)
    if path.exists():  # of a pipe or a device nobody would ever read a line
        opened(path, path.as_posix()).close()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as file, _locked(file):
            last, ends = _last_line(file)
            file.write((b"" if ends else b"\n") + _text(record, last) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        why = f"{UNRECORDED}: {error.strerror or error}"
        raise InputError.one(why, expected="a folder that can be written", file=path.as_posix()) from error
    return path


def _text(record: RunRecord, last: bytes | None) -> bytes:
    """The line of a run, which names the line before it; a name that is not all characters is shown as such."""
    previous = BEGINNING if last is None else _digest(last)
    stated = in_characters(record.model_dump() | {"previous": previous})
    return RunRecord.model_validate(stated).model_dump_json().encode()


def read(path: Path) -> Journal:
    """Every line of a journal, and every place where a link or a line is broken.

    Raises:
        InputError: the file cannot be read, or is none.
    """
    runs: list[Recorded] = []
    breaks: list[Break] = []
    before, number = BEGINNING, 0
    with opened(path, path.as_posix()) as file:
        for number, line in enumerate(_lines(file, path), start=1):
            at = f"{path.as_posix()}:{number}"
            text = line.removesuffix(b"\n")
            record = _read(text)
            if isinstance(record, str):
                breaks.append(Break(at, record))
            else:
                if record.previous != before:
                    breaks.append(Break(at, "it does not follow the line before it: one was changed, added or taken"))
                runs.append(Recorded(record, _digest(text), at))
            before = _digest(text)
    if not number:
        breaks.append(Break(f"{path.as_posix()}:1", "it is empty: whatever made it wrote a line, and that was taken"))
    return Journal(tuple(runs), tuple(breaks))


def _read(text: bytes) -> RunRecord | str:
    """The record that a line states, or why it states none.

    Nothing is taken for what it resembles (`"yes"` for true, a number for a day), and of two values of a key none.
    """
    try:
        stated = DECODER.decode(text.decode())
        form = stated.get("format") if isinstance(stated, dict) else None
        if type(form) is int and form != FORMAT:
            return f"its format is {form}: this version reads {FORMAT}"
        if type(form) is int:  # pydantic takes `true` for 1
            return RunRecord.model_validate_json(text, strict=True)
    except (ValueError, RecursionError):
        pass
    return "this is no record of a run, or was cut off"


def journals(folder: Path) -> tuple[Path, ...]:
    """The journals of a folder and of those below it.

    Raises:
        InputError: there is no such folder, a folder in it cannot be listed, or there is no journal in it.
    """
    found = tuple(sorted(_named(folder))) if folder.is_dir() else ()
    if not found:
        expected = f"a folder with files that end with {SUFFIX}, as `check --record` writes them"
        raise InputError.one("there is no journal of runs", expected=expected, file=folder.as_posix())
    return found


def _named(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder, onerror=_refuse_unlisted):
        yield from (Path(parent, name) for name in names if name.endswith(SUFFIX))


def _refuse_unlisted(error: OSError) -> None:
    sentence = f"the folder cannot be listed ({error.strerror}), so that journals in it would be overlooked"
    name = Path(os.fsdecode(error.filename)).as_posix()
    raise InputError.one(sentence, expected="a readable folder", file=name) from error


def _lines(file: BinaryIO, path: Path) -> Iterator[bytes]:
    try:
        while line := file.readline(MAX_LINE):
            yield line
    except OSError as error:
        raise InputError.one(error.strerror or "it cannot be read", file=path.as_posix()) from error


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
