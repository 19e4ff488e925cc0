"""Whether a path that somebody wrote down stays inside a folder: one question for every name that becomes a path."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from checker.document.errors import InputError


def refuse_link_out(path: Path, doing: str = "cannot be written") -> None:
    """Refuse to follow a link that leads out of the repository in which the path lies by its words.

    Whoever wrote the repository, a fork for one, could otherwise choose which file of this machine is replaced, or has
    its lines shown in an error. Without a repository around the path nobody else can have made the link.

    Raises:
        InputError: it does.
    """
    repository = repository_above(os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120 - follows no link
    if repository is not None and leads_out(path, Path(repository)):
        raise InputError.one(
            f"{doing}: a link leads out of the repository", expected="a file inside it", file=path.as_posix()
        )


def repository_above(folder: str) -> str | None:
    """The nearest folder with a `.git`, this one or one above it by the path's words; None where there is none."""
    # Asked for each of a thousand manifests, and pathlib would take four times as long.
    while not os.path.exists(os.path.join(folder, ".git")):  # noqa: PTH110, PTH118
        above = os.path.dirname(folder)  # noqa: PTH120
        if above == folder:
            return None
        folder = above
    return folder


def is_there(path: Path, tree: Path, name: str = "") -> bool:
    """Whether a file is there that is looked for by its name, called `name` in errors.

    Raises:
        InputError: it is a link out of the repository `tree`.
    """
    if not path.exists() and not path.is_symlink():
        return False
    if leads_out(path, tree):
        raise InputError.one("a link out of the repository", expected="a file inside it", file=name or path.as_posix())
    return True


def leads_out(path: Path, tree: Path) -> bool:
    """Whether a path, its links followed, lies outside `tree`; one that cannot be followed does."""
    try:
        real = path.resolve()
        if stat.S_ISLNK(os.lstat(real).st_mode):  # links in a circle, since Python 3.13
            return True
    except (RuntimeError, ValueError):  # links in a circle, before it; a NUL, which no system has in a name
        return True
    except OSError as error:
        if error.errno in (errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP):
            return True
    return not real.is_relative_to(tree.resolve())


def is_plain(name: str) -> bool:
    """Whether a path of a git tree is one that git itself would check out: no part of it leads up or into `.git`.

    git lists trees as they are, and one that was made by hand may hold any name.
    """
    return not any(part in ("", ".", "..") or part.casefold() == ".git" for part in name.replace("\\", "/").split("/"))
