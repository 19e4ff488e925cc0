"""Finds manifests: which files of a folder are ours, and which only bear the same name.

Hundreds of public projects have a `model.yaml` that is something else, templates among them. Such a foreign file is
counted and never judged; its text is searched for one key, and parsed only where that stands somewhere in it.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import repository_above
from checker.document.read import from_text
from checker.document.tree import Mapping, parse
from checker.document.walk import entered
from checker.value import NamedTuple

NAMES = ("model.yaml", "model.yml", "weighbridge.yaml", "weighbridge.yml")
"""The names of manifests; further ones end with `SUFFIXES`."""
SUFFIXES = (".weighbridge.yaml", ".weighbridge.yml")
MOST_BYTES = 16 * 1024 * 1024
"""Of the largest file that is searched; nobody can tell what a larger one is, so that it is refused."""
POLICIES = ("weighbridge-policy.yaml", "weighbridge-policy.yml")
"""Files that bear our name and are no manifests."""


class Discovery(NamedTuple):
    """What was found: manifests to judge, and files that only bear the name of one."""

    ours: tuple[Path, ...]
    foreign: tuple[Path, ...]


def discover(paths: Iterable[Path], *, discovered: bool = False) -> Discovery:
    """The manifests that `paths` lead to, each once: folders are walked, files are ours.

    Args:
        paths: files and folders, as the user named them.
        discovered: the files were found by a tool and not named by a person, so that they may be something else.

    Raises:
        InputError: a folder cannot be listed.
    """
    ours: dict[str, Path] = {}
    foreign: dict[str, Path] = {}
    for path in paths:
        is_folder = path.is_dir()
        for found in _without_second_names(tuple(_walk(path))) if is_folder else (path,):
            mine = is_ours(found) if is_folder or discovered else True
            (ours if mine else foreign).setdefault(os.path.realpath(found), found)
    return Discovery(tuple(ours.values()), tuple(path for key, path in foreign.items() if key not in ours))


def nearest_above(folder: Path) -> Path | None:
    """The nearest manifest around `folder` in its repository, seen from there: who looks for one may stand too deep."""
    here = os.path.realpath(folder)
    root = repository_above(here)
    while root is not None and here != root:
        here, folder = os.path.dirname(here), folder / ".."  # noqa: PTH120 - a text, as it was resolved
        try:
            names = sorted(filter(has_our_name, os.listdir(here)))  # noqa: PTH208 - names are all it takes
        except OSError:
            return None
        found = (folder / name for name in names)
        if (manifest := next((path for path in found if path.is_file() and is_ours(path)), None)) is not None:
            return manifest
    return None


def is_ours(path: Path) -> bool:
    """Whether a file that nobody named is a manifest: its name says so, or a line of it does, or nearly does."""
    name = path.name.casefold()
    if name in POLICIES:
        return False
    content = b"" if "weighbridge" in name else _content(path)
    return "weighbridge" in name or content is None or says_weighbridge(content)


def says_weighbridge(data: bytes) -> bool:
    """Whether `weighbridge` or a near miss of it is a key of the outermost mapping: the loader refuses that."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf")  # of wide characters that nobody announced
    if _KEY.search(data):
        return True
    first = _FIRST.match(data)
    candidates = [match.group(1) for match in _CANDIDATE.finditer(data)] + ([first.group(1)] if first else [])
    return any(_is_near(candidate) for candidate in set(candidates)) or _holds_the_key(data)


def _holds_the_key(data: bytes) -> bool:
    """Whether the word, where it stands somewhere, is a key of the outermost mapping, or nobody can tell."""
    text = _ESCAPE.sub(_character, _COMMENTS.sub(b"", data))
    if _WORD not in text.lower():
        return False
    try:
        root = parse(from_text("", data))
    except InputError:
        return _ANYWHERE.search(text) is not None
    return isinstance(root, Mapping) and any(_is_near(key.encode()) for key in root.items)


def _character(escape: re.Match[bytes]) -> bytes:
    """What an escape in double quotes stands for, where that can be a letter of the word; of a line's end nothing."""
    digits = escape.group(1)
    code = int(digits[1:], 16) if digits else 0
    return bytes((code,)) if 0 < code < 128 else b""


_WORD = b"weighbridge"
_KEY = re.compile(rb"(?:^|\r)weighbridge(?:[ \t]*[:=]|[ \t\r\n]|$)", re.MULTILINE)
_CANDIDATE = re.compile(rb"(?:^|\r)[\"']?([A-Za-z][A-Za-z _-]{7,14})[\"']?[ \t]*:", re.MULTILINE)
_COMMENTS = re.compile(rb"^[ \t]*#[^\r\n]*", re.MULTILINE)
_ANYWHERE = re.compile(rb"weighbridge[\"']?[ \t\r\n]*+[:=]|\?[ \t]+[\"']?weighbridge", re.IGNORECASE)
_ESCAPE = re.compile(rb"\\(?:(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|(?:\r\n|\r|\n)[ \t]*+)")
# Only the first line of content may be indented or stand in a brace: further down, that is a key inside another.
_FIRST = re.compile(
    rb"(?:[ \t]*(?:#[^\r\n]*|---[^\r\n]*)?[\r\n]+)*+[ \t]*(?:\{[ \t\r\n]*)?"
    rb"[\"']?([A-Za-z][A-Za-z _-]{7,14})[\"']?[ \t]*:"
)


def _is_near(key: bytes) -> bool:
    """Whether at most two letters of the word are wrong, missing or too many."""
    letters = re.sub(rb"[ _-]", b"", key.lower())
    if len(letters) > len(_WORD) + 1:
        return False
    row = list(range(len(_WORD) + 1))
    for index, letter in enumerate(letters, start=1):
        diagonal, row[0] = row[0], index
        for column, wanted in enumerate(_WORD, start=1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (letter != wanted)),
            )
    return row[-1] <= 2


def _content(path: Path) -> bytes | None:
    """The bytes of a file.

    None where it cannot be read, is a pipe or a device, or is larger than any manifest: nobody can tell what it is, and
    passing over a manifest would be worse than an error, so that it is the loader's to refuse.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        return None
    return None if len(data) > MOST_BYTES else data


def _without_second_names(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """All of the files but links that lead to another of them, which is looked at under its own name."""
    links = [path for path in files if os.path.islink(path)]  # noqa: PTH114 - of a folder that may not be entered it gives no error
    if not links:
        return files
    own = {os.path.realpath(path) for path in set(files).difference(links)}
    second = {path for path in links if os.path.realpath(path) in own}
    return tuple(path for path in files if path not in second)


def _walk(folder: Path) -> Iterator[Path]:
    """The files below `folder` that bear a manifest's name, in the order of their paths; links are not followed."""
    for parent, folders, files in os.walk(folder, onerror=_refuse_unlisted):
        folders[:] = entered(folders, files)
        for name in sorted(files):
            if has_our_name(name):
                yield Path(parent, name)


def has_our_name(name: str) -> bool:
    """Whether a file's name is that of a manifest; its text may still be something else."""
    folded = name.casefold()
    return folded in NAMES or folded.endswith(SUFFIXES)


def _refuse_unlisted(error: OSError) -> None:
    name = Path(os.fsdecode(error.filename)).as_posix()
    sentence = "the folder cannot be listed, so that manifests in it would be overlooked"
    raise InputError.one(sentence, expected="a readable folder, or paths beside it", file=name) from error
