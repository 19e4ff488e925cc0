"""Which files of a folder can name a model, by their names; vendored code, build output and links are left out."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

from checker.document.errors import InputError
from checker.document.read import opened
from checker.document.walk import is_environments
from checker.value import NamedTuple

MAX_FILES = 200_000
"""Files that are looked at by name; a larger folder is refused rather than read in part."""
VENDORED = frozenset(
    (
        *(
            "node_modules",
            "site-packages",
            "dist-packages",
            "vendor",
            "vendored",
            "_vendor",
            "third_party",
            "thirdparty",
        ),
        *(
            "third-party",
            "bower_components",
            "__pycache__",
            "dist",
            "build",
            "target",
            "wandb",
            "mlruns",
            "venv",
            "env",
        ),
        *("virtualenv", "htmlcov", "eggs", "wheelhouse", "extern", "externals"),
    )
)
"""Folders whose content somebody else wrote or a tool made."""
_WORKFLOWS = (".github", ".gitlab", ".circleci", ".devcontainer", ".azure", ".buildkite")
"""The folders with a leading dot that hold a repository's own instructions."""
_BY_SUFFIX = {
    ".py": "python",
    ".pyw": "python",
    ".ipynb": "notebook",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".sh": "shell",
    ".bash": "shell",
    ".zsh": "shell",
    ".slurm": "shell",
    ".sbatch": "shell",
    ".ps1": "powershell",
    ".dockerfile": "docker",
    ".modelfile": "modelfile",
    ".gguf": "gguf",
    ".env": "variables",
}
_BY_NAME = {
    "dockerfile": "docker",
    "containerfile": "docker",
    "modelfile": "modelfile",
    "makefile": "make",
    "justfile": "make",
    "procfile": "procfile",
}


READ = "Python, a notebook, a script, a Dockerfile, a Makefile, YAML, JSON, `.env` or GGUF"
"""The kinds for people."""


class Seen(NamedTuple):
    """What a walk came by."""

    files: tuple[tuple[Path, str], ...]
    """Files of a kind that can name a model, each with its kind."""
    others: int
    """How many files are of no such kind."""
    left_out: tuple[Path, ...]
    """Folders and links that were not followed."""
    unlisted: tuple[tuple[Path, str], ...]
    """Folders that could not be listed, and why."""


def walk(root: Path, is_left_out: Callable[[str], bool]) -> Seen:
    """The files below `root`, or `root` itself, in the order of their paths.

    Raises:
        InputError: there are more than `MAX_FILES`, there is no such path, or no reader takes the file.
    """
    if not root.is_dir():
        if not root.is_file():
            raise InputError.one("there is no such file or folder", expected="a folder to scan", file=root.as_posix())
        return Seen(((root, _kind_of_named(root)),), 0, (), ())
    files: list[tuple[Path, str]] = []
    left_out: list[Path] = []
    unlisted: list[tuple[Path, str]] = []
    count = 0

    def refused(error: OSError) -> None:
        unlisted.append((Path(error.filename), error.strerror or "it cannot be listed"))

    for parent, folders, names in os.walk(root, onerror=refused):
        here = Path(parent)
        kept = [
            one
            for one in sorted(folders)
            if _is_entered(here / one, one)
            and not is_environments(one, names)
            and not is_left_out(_shown(here / one, root))
        ]
        left_out += [here / one for one in sorted(folders) if one not in kept and one not in (".git", "__pycache__")]
        folders[:] = kept
        for one in sorted(names):
            count += 1
            if count > MAX_FILES:
                raise InputError.one(
                    f"more than {MAX_FILES} files", expected="a smaller folder, or --exclude", file=root.as_posix()
                )
            kind = kind_of(one)
            if kind is None or is_left_out(_shown(here / one, root)):
                continue
            if not _is_regular(here / one):
                left_out.append(here / one)
                continue
            files.append((here / one, kind))
    return Seen(tuple(files), count - len(files), tuple(left_out), tuple(unlisted))


def _kind_of_named(file: Path) -> str:
    """The reader of a file that somebody names; a script may have any name, and its first line says what runs it."""
    kind = kind_of(file.name)
    if kind is not None:
        return kind
    with opened(file, file.as_posix()) as stream:
        first = stream.readline(256)
    if not first.startswith(b"#!"):
        raise InputError.one("no reader takes this file", expected=READ, file=file.as_posix())
    return "python" if b"python" in first else "shell"


def kind_of(file: str) -> str | None:
    """The reader of a file by its name; None where no reader takes it."""
    folded = file.lower()
    suffix = Path(folded).suffix
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if folded in _BY_NAME:
        return _BY_NAME[folded]
    if folded.startswith(("dockerfile.", "containerfile.")):
        return "docker"
    if folded.startswith("modelfile."):
        return "modelfile"
    if folded == ".env" or folded.startswith(".env."):
        return "variables"
    return None


def excluded(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """Whether a path from the root matches one of the patterns that the user leaves out."""
    return lambda path: any(fnmatch(path, one) or fnmatch(path, f"{one.rstrip('/')}/*") for one in patterns)


def _is_entered(path: Path, name: str) -> bool:
    folded = name.lower()
    return folded not in VENDORED and (not name.startswith(".") or name in _WORKFLOWS) and not path.is_symlink()


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
