"""Which projects lie below the folders that somebody names: repositories, and folders where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from checker.document.errors import InputError
from checker.document.nearest import did_you_mean
from checker.fleet.commit import is_bare
from checker.manifest.discover import has_our_name, is_ours
from checker.manifest.project import repository_root


def projects(roots: Iterable[Path]) -> tuple[Path, ...]:
    """The projects of some folders, each once, in the order of their paths.

    A folder with `.git` in it is a project, and nothing below it is another. A folder without one is looked through:
    where repositories lie below it, it is a collection of them, and each of its own folders that holds none is a
    project as well, and so is each manifest that lies in the collection itself; where none does, the folder itself is
    one project.

    Args:
        roots: the folders, as the user names them.

    Raises:
        InputError: one of them is no folder, or none was named.
    """
    found: dict[str, Path] = {}
    for root in roots:
        if not root.is_dir():
            beside = sorted(one.name for one in root.parent.iterdir()) if root.parent.is_dir() else []
            hint = did_you_mean(root.name, beside)
            raise InputError.one("there is no such folder", expected="a folder", hint=hint, file=root.as_posix())
        for project in _below(root) or (root,):
            found.setdefault(os.path.realpath(project), project)
    return tuple(sorted(found.values(), key=lambda path: path.as_posix()))


def refuse_empty(roots: Iterable[Path]) -> None:
    """An empty folder, which is what a file system that was not mounted looks like, is nothing to judge.

    Raises:
        InputError: one of them is empty.
    """
    for root in roots:
        if root.is_dir() and _is_empty(root):
            raise InputError.one("the folder is empty", expected="repositories, or a project", file=root.as_posix())


def refuse_inside(folder: Path, roots: Iterable[Path], projects: Iterable[Path]) -> None:
    """Results that lie in what is audited would be judged with it, so that no run's were those of the next one.

    A folder whose name begins with a dot is looked into by nobody.

    Args:
        folder: where the results are to be kept; it need not be there.
        roots: the folders that were named.
        projects: those below them, each of which is judged with the repository that it lies in.

    Raises:
        InputError: it lies in one of them.
    """
    kept = Path(os.path.realpath(folder))
    for one in dict.fromkeys((*roots, *(repository_root(project) or project for project in projects))):
        around = Path(os.path.realpath(one))
        if kept.is_relative_to(around) and not any(part.startswith(".") for part in kept.relative_to(around).parts):
            raise InputError.one(
                f"results would lie in {one.as_posix()}, which is audited, and be judged with it",
                expected="a folder elsewhere, or one whose name begins with a dot",
                hint=f"such as `{folder.parent.joinpath('.audit').as_posix()}`",
                file=folder.as_posix(),
            )


def _is_empty(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return False  # it cannot be listed: its record says so


def _below(folder: Path) -> tuple[Path, ...]:
    """The projects of a folder; empty where it is none and holds no repository."""
    seen: list[tuple[Path, tuple[Path, ...]]] = []
    found: dict[Path, tuple[Path, ...]] = {}
    waiting = [folder]
    while waiting:  # folders inside each other go deeper than calls may
        here = waiting.pop()
        if os.path.lexists(here / ".git") or is_bare(here):
            found[here] = (here,)
        else:
            seen.append((here, tuple(_folders(here))))
            waiting += seen[-1][1]
    for here, folders in reversed(seen):  # what lies in a folder was seen after it
        found[here] = _collected(here, [(child, found.pop(child)) for child in folders])
    return found[folder]


def _collected(folder: Path, below: Sequence[tuple[Path, tuple[Path, ...]]]) -> tuple[Path, ...]:
    """The projects of a folder that is no repository, of each of its own folders and the projects in it."""
    if not any(inner for _, inner in below):
        return ()
    return (*_loose(folder), *(project for child, inner in below for project in inner or (child,)))


def _loose(folder: Path) -> Iterator[Path]:
    """The manifests that lie in a folder itself, beside repositories."""
    for path in sorted(folder.iterdir()):
        if has_our_name(path.name) and not _is_second_name(path) and not path.is_dir() and is_ours(path):
            yield path


def _is_second_name(path: Path) -> bool:
    """Whether it is a link to what bears a manifest's name itself, and is judged where it lies."""
    return path.is_symlink() and has_our_name(os.path.basename(os.path.realpath(path)))  # noqa: PTH119


def _folders(folder: Path) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            names = sorted(one.name for one in entries if one.is_dir(follow_symlinks=False))
    except OSError:
        return  # a folder that cannot be listed is a project that cannot be judged: its record says so
    for name in names:
        if not name.startswith(".") and name != "node_modules":
            yield folder / name
