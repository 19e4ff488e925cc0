"""Asks git about a repository: read only, offline, and by none of the programs that a configuration may name."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from checker.document.inside import is_plain

_SAFELY = (
    "--no-optional-locks",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),  # a partial clone would fetch what it lacks
    *("-c", "log.showSignature=false"),  # which would start gpg
    *("-c", "blame.ignoreRevsFile="),
)


REGULAR = (b"100644", b"100755")
"""The modes of files, as git writes them; others are links, folders and repositories."""
_PATHSPECS = frozenset(f"GIT_{how}_PATHSPECS" for how in ("LITERAL", "GLOB", "NOGLOB", "ICASE"))
"""Variables that would make other paths of ours than we mean."""


class GitError(Exception):
    """Git is missing, refused, or found nothing; the text is what it said."""


def git(repository: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """The standard output of one git command.

    Args:
        repository: the folder that holds `.git`; the environment of a hook does not lead it elsewhere.
        arguments: the command and its arguments.
        given: its standard input.

    Raises:
        GitError: it did not end with 0, or there is no git.
    """
    return together(repository, arguments, given=given)[0]


def together(repository: Path, *commands: Sequence[str], given: bytes | None = None) -> list[bytes]:
    """The standard output of several git commands that run at once; `given` is the standard input of each.

    Raises:
        GitError: as of `git`, for the first command that failed; all of them have ended by then.
    """
    place = (f"--git-dir={repository / '.git'}", f"--work-tree={repository}")
    environment = {name: value for name, value in os.environ.items() if name not in _PATHSPECS}
    with ExitStack() as stack:
        try:
            started = [
                stack.enter_context(
                    subprocess.Popen(
                        ["git", *_SAFELY, *place, *arguments],
                        cwd=repository,
                        env=environment,
                        stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE,
                    )
                )
                for arguments in commands
            ]
        except (OSError, ValueError) as error:  # no git, or a NUL in an argument
            raise GitError(str(error)) from error
        told = [process.communicate(given) for process in started]
    for process, (_, said) in zip(started, told, strict=True):
        if process.returncode != 0:
            raise GitError(" ".join(said.decode("utf-8", "replace").split()) or "git gave no reason")
    return [out for out, _ in told]


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


def read_blobs(repository: Path, blobs: Iterable[str]) -> dict[str, bytes]:
    """The bytes of blobs, read by one process of git and never checked out, so that no filter runs.

    Raises:
        GitError: git cannot read them.
        LookupError: one of them is not there, as in a clone that left files out.
    """
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return {}
    told = git(repository, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
    found, at = {}, 0
    for blob in wanted:
        end = told.index(b"\n", at)
        header = told[at:end].split(b" ")
        if header[1] != b"blob":
            raise LookupError(blob)
        size = int(header[2])
        found[blob] = told[end + 1 : end + 1 + size]
        at = end + 2 + size
    return found


def decoded(path: bytes) -> str:
    """A path as Python names files: bytes that are no UTF-8 keep their way back."""
    return path.decode("utf-8", "surrogateescape")
