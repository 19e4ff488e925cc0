"""The commit that a project has checked out, read from git's own files, since starting git takes longer."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

from checker.document.errors import InputError
from checker.document.read import opened

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST = 4 * 1024 * 1024
"""Bytes of a file of packed references that are read at most."""


def head(folder: Path) -> str:
    """The commit of HEAD, 40 (or 64) hex digits; empty where the folder is no repository or has no commit."""
    git = _git(folder)
    stated = _text(git / "HEAD").strip()
    if not stated.startswith("ref: "):
        return stated if _SHA.fullmatch(stated) else ""
    name = stated.removeprefix("ref: ")
    shared = _text(git / "commondir").strip()
    for place in (git, git / shared) if shared else (git,):
        loose = _text(place / name).strip()
        if _SHA.fullmatch(loose):
            return loose
        for line in _text(place / "packed-refs").split("\n"):
            if line.endswith(f" {name}") and _SHA.fullmatch(line.split(" ")[0]):
                return line.split(" ")[0]
    return ""


def past(folder: Path) -> str | None:
    """What decides what git tells of a repository's past: the commit of HEAD, and where a clone was cut off.

    Empty where the folder is no repository; None where references lie in a form, or at a place, that is not read here.
    """
    git = _git(folder)
    shared = git / (_text(git / "commondir").strip() or ".")
    try:
        if (shared / "reftable").exists():
            return None
        there = git.exists()
    except OSError:  # a file names a path that is too long for any
        return None
    return f"{head(folder)} {sha256(_text(shared / 'shallow').encode()).hexdigest()}" if there else ""


def is_bare(folder: Path) -> bool:
    """Whether the folder is a repository of git without a checkout, so that its files are not there to be read."""
    # `os.path` answers no where a folder may not be entered: whoever lists or judges it says so.
    return (
        os.path.isfile(folder / "HEAD")  # noqa: PTH113
        and os.path.isdir(folder / "objects")  # noqa: PTH112
        and os.path.isdir(folder / "refs")  # noqa: PTH112
    )


def _git(folder: Path) -> Path:
    """Where git keeps what it knows of a checkout; in a worktree and a submodule a file says it."""
    git = folder / ".git"
    named = _text(git).removeprefix("gitdir:").strip() if git.is_file() else ""
    return folder / named if named else git


def _text(path: Path) -> str:
    try:
        with opened(path, path.as_posix()) as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except (InputError, OSError):
        return ""
