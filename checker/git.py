"""Asks git about a repository: read only, offline, and by none of the programs that a configuration may name."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from checker.document.inside import is_plain
from checker.value import NamedTuple

_SAFELY = (
    "--no-optional-locks",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "diff.autoRefreshIndex=false"),  # which would write the index, whatever is said of locks
    *("-c", "log.showSignature=false"),  # which would start gpg
)
_ENVIRONMENT = {
    # A partial clone would fetch what it lacks. A setting of the repository does not count against this variable,
    # as it would against `-c protocol.allow=never`.
    "GIT_ALLOW_PROTOCOL": "none",
    # Where git knows it, it does not even try: a process for each file that the clone lacks.
    "GIT_NO_LAZY_FETCH": "1",
    # A repository may say that another object stands for one (refs/replace): a commit would show what it does not hold.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_READ_THE_FOLDER = frozenset(("blame", "diff", "status"))
"""Commands of ours that compare files of the folder, each of which passes the filters that its attributes name."""

REGULAR = (b"100644", b"100755")
"""The modes of files, as git writes them; others are links, folders and repositories."""
_PORTION_BYTES = 32 * 1024 * 1024
"""Of files that are read from git at once; a larger one is read alone."""
_PATHSPECS = frozenset(f"GIT_{how}_PATHSPECS" for how in ("LITERAL", "GLOB", "NOGLOB", "ICASE"))
"""Variables that would make other paths of ours than we mean."""


class GitError(Exception):
    """Git is missing, refused, or found nothing; the text is what it said."""


def git(repository: Path, *arguments: str, given: bytes | None = None, seconds: float | None = None) -> bytes:
    """The standard output of one git command.

    Args:
        repository: the folder that holds `.git`; the environment of a hook does not lead it elsewhere.
        arguments: the command and its arguments.
        given: its standard input.
        seconds: how long it may take; default: as long as it takes.

    Raises:
        GitError: it did not end with 0 or in time, or there is no git.
    """
    return together(repository, arguments, given=given, seconds=seconds)[0]


def together(
    repository: Path, *commands: Sequence[str], given: bytes | None = None, seconds: float | None = None
) -> list[bytes]:
    """The standard output of several git commands that run at once; `given` is the standard input of each.

    Raises:
        GitError: as of `git`, for the first command that failed; all of them have ended by then.
    """
    reads_folder = any(arguments[0] in _READ_THE_FOLDER for arguments in commands)
    options = _without_filters(repository, seconds) if reads_folder else []
    with ExitStack() as stack:
        started = [stack.enter_context(_begun(repository, [*options, *arguments], given)) for arguments in commands]
        try:
            told = [process.communicate(given, timeout=seconds) for process in started]
        except subprocess.TimeoutExpired as error:
            for process in started:
                process.kill()
            raise GitError(f"it took longer than {seconds} s") from error
    for process, (_, said) in zip(started, told, strict=True):
        if process.returncode != 0:
            raise GitError(" ".join(said.decode("utf-8", "replace").split()) or "git gave no reason")
    return [out for out, _ in told]


def _begun(repository: Path, arguments: Sequence[str], given: bytes | None) -> subprocess.Popen[bytes]:
    place = (f"--git-dir={repository / '.git'}", f"--work-tree={repository}")
    kept = {name: value for name, value in os.environ.items() if name not in _PATHSPECS}
    try:
        return subprocess.Popen(
            ["git", *_SAFELY, *place, *arguments],
            cwd=repository,
            env=kept | _ENVIRONMENT,
            stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError as error:
        raise GitError("git is not on the PATH" if repository.is_dir() else str(error)) from error
    except (OSError, ValueError) as error:  # a git that may not be run, or a NUL in an argument
        raise GitError(str(error)) from error


def _without_filters(repository: Path, seconds: float | None) -> list[str]:
    """Options by which no filter that the configuration names is run: empty commands, and none that must succeed.

    Raises:
        GitError: the configuration cannot be read, or a filter has a name that no option can repeat.
    """
    keys = git(repository, "config", "--list", "--null", "--name-only", seconds=seconds).split(b"\0")
    names = sorted({name for key in keys if (name := decoded(key).rpartition(".")[0]).startswith("filter.")})
    if odd := [name for name in names if "=" in name]:
        raise GitError(f"the filter {odd[0]!a} has an equals sign in its name, so that it cannot be switched off")
    empty = ("clean=", "smudge=", "process=", "required=false")
    return [word for name in names for setting in empty for word in ("-c", f"{name}.{setting}")]


def is_shallow(repository: Path) -> bool:
    """Whether the repository's history was cut off when it was cloned."""
    return git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true"


def tree(repository: Path, commit: str) -> Iterator[tuple[str, str]]:
    """Every regular file of a commit: its path from the root, and its blob.

    Raises:
        GitError: git cannot read the commit.
    """
    for record in git(repository, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        if record:
            head, _, path = record.partition(b"\t")
            mode, _, blob = head.split(b" ")
            if mode in REGULAR and is_plain(decoded(path)):
                yield decoded(path), blob.decode()


class TooLarge(NamedTuple):
    """A file of which nothing was read, because it is larger than its reader takes."""

    most: int
    """Bytes that the reader takes."""


def read_files(repository: Path, blobs: Mapping[str, str], most: int) -> Iterator[tuple[str, bytes | TooLarge]]:
    """Files and their bytes, in the given order; nothing is checked out, so that no filter runs.

    Git is asked for the sizes first, and for the content of a few files at a time: a small repository may hold files
    that unpack to more than any memory.

    Args:
        repository: the folder that holds `.git`.
        blobs: each file's blob, by its path.
        most: bytes of the largest file that is read.

    Raises:
        GitError: git cannot read them.
        LookupError: one of them is not there, as in a clone that left files out.
    """
    sizes = _sizes(repository, blobs.values())
    for paths in _portions(blobs, sizes):
        read = _read(repository, (blobs[path] for path in paths if sizes[blobs[path]] <= most))
        for path in paths:
            yield path, read.get(blobs[path], TooLarge(most))


def lay_out(target: Path, content: bytes | TooLarge) -> None:
    """Write a file that was read, in a folder that need not be there yet.

    What is too large becomes a hole that is too large as well: whoever reads it refuses it as where it came from.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, TooLarge):
        with target.open("wb") as file:
            file.truncate(content.most + 1)
    else:
        target.write_bytes(content)


def _portions(blobs: Mapping[str, str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    paths: list[str] = []
    held = 0
    for path, blob in blobs.items():
        if paths and held + sizes[blob] > _PORTION_BYTES:
            yield paths
            paths, held = [], 0
        paths.append(path)
        held += sizes[blob]
    if paths:
        yield paths


def _sizes(repository: Path, blobs: Iterable[str]) -> dict[str, int]:
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return {}
    told = git(repository, "cat-file", "--batch-check", given=_lines(wanted)).splitlines()
    return {blob: _size(blob, header) for blob, header in zip(wanted, told, strict=True)}


def _size(blob: str, header: bytes) -> int:
    _, kind, *size = header.split(b" ")
    if kind != b"blob":
        raise LookupError(blob)
    return int(size[0])


def _read(repository: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return {}
    told = git(repository, "cat-file", "--batch", given=_lines(wanted))
    found, at = {}, 0
    for blob in wanted:
        end = told.index(b"\n", at)
        size = _size(blob, told[at:end])
        found[blob] = told[end + 1 : end + 1 + size]
        at = end + 2 + size
    return found


def _lines(blobs: Iterable[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()


def decoded(path: bytes) -> str:
    """A path as Python names files: bytes that are no UTF-8 keep their way back."""
    return path.decode("utf-8", "surrogateescape")
