"""Asks git about a repository: read only, offline, and by none of the programs that a configuration may name."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SAFELY = (
    "--no-optional-locks",
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "protocol.allow=never"),  # a partial clone would fetch what it lacks
    *("-c", "log.showSignature=false"),  # which would start gpg
    *("-c", "blame.ignoreRevsFile="),
)


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
    place = (f"--git-dir={repository / '.git'}", f"--work-tree={repository}")
    try:
        finished = subprocess.run(
            ["git", *_SAFELY, *place, *arguments],
            cwd=repository,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError) as error:  # no git, or a NUL in an argument
        raise GitError(str(error)) from error
    if finished.returncode != 0:
        raise GitError(" ".join(finished.stderr.decode("utf-8", "replace").split()) or "git gave no reason")
    return finished.stdout


def is_shallow(repository: Path) -> bool:
    """Whether the repository's history was cut off when it was cloned."""
    return git(repository, "rev-parse", "--is-shallow-repository").strip() == b"true"
