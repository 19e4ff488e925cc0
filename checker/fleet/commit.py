"""The commit that a project has checked out, read from git's own files, since starting git takes longer."""

from __future__ import annotations

import re
from pathlib import Path

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MOST = 4 * 1024 * 1024
"""Bytes of a file of packed references that are read at most."""


def head(folder: Path) -> str:
    """The commit of HEAD, 40 (or 64) hex digits; empty where the folder is no repository or has no commit."""
    git = folder / ".git"
    if git.is_file():  # a worktree or a submodule: the file says where the real folder lies
        named = _text(git).removeprefix("gitdir:").strip()
        git = (folder / named) if named else git
    stated = _text(git / "HEAD").strip()
    if not stated.startswith("ref: "):
        return stated if _SHA.fullmatch(stated) else ""
    name = stated.removeprefix("ref: ")
    shared = _text(git / "commondir").strip()
    for place in (git, git / shared) if shared else (git,):
        loose = _text(place / name).strip()
        if _SHA.fullmatch(loose):
            return loose
        for line in _text(place / "packed-refs").splitlines():
            if line.endswith(f" {name}") and _SHA.fullmatch(line.split(" ")[0]):
                return line.split(" ")[0]
    return ""


def _text(path: Path) -> str:
    try:
        with open(path, "rb") as file:
            return file.read(_MOST).decode("utf-8", "replace")
    except (OSError, ValueError):  # a reference named with a zero byte is no path
        return ""
