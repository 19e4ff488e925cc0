"""What decides the verdict of a project, as one digest: an earlier result counts where all of it is the same."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from checker import __version__, applying
from checker.facts.catalogue import Catalogue
from checker.fleet.commit import head
from checker.fleet.look import Look
from checker.fleet.record import FORMAT
from checker.manifest.project import repository_root
from checker.request import Request

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of a project that are read for its digest; a larger one is judged anew each time."""
_NOT_READ = frozenset((".git", "node_modules", "__pycache__"))


def digest(folder: Path, request: Request, look: Look) -> str | None:
    """SHA-256, in hex, of all that the record of a project depends on; None where it is too large to be read.

    These are the tool's version, the catalogue, the day, what was asked for, the resolved policy with its locks and
    waivers, the project's commit, and the content of its files (of the whole repository, where the folder lies in one).

    Args:
        folder: the project's folder.
        request: what the run is asked to do.
        look: how far the run looks ahead and back.

    Raises:
        InputError: the policy that applies cannot be used.
        OSError: something of it cannot be read.
    """
    around = repository_root(folder) or folder
    files = _content(around)
    if files is None:
        return None
    asked = (request.ignore_waivers, request.exit_zero, request.fail_on.value, request.relaxations, *look)
    parts = (
        f"{FORMAT} {__version__} {Catalogue().digest()} {request.today}",
        repr(asked),
        _policy(request, applying.root_of(folder)),
        folder.as_posix(),
        head(folder),
        files,
    )
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _policy(request: Request, root: Path) -> str:
    """The policy that applies to the project, and what it reads beside itself."""
    policy = applying.standing(applying.key_of(request, root)).policy
    parts = [policy.sha256, policy.project_sha256 or "", policy.chosen_by.value, *(one.sha256 for one in policy.facts)]
    if policy.waivers is not None and policy.waivers.owner == "policy":
        file = policy.waivers.folder / policy.waivers.file
        parts.append(sha256(file.read_bytes()).hexdigest() if file.is_file() else "none")
        parts.append(head(repository_root(file.parent) or file.parent))
    return " ".join(parts)


def _content(folder: Path) -> str | None:
    """SHA-256 over the names and the content of all files; None where there is too much of it."""
    whole, left = sha256(), MAX_BYTES
    for parent, folders, names in os.walk(folder):
        if "pyvenv.cfg" in names and Path(parent) != folder:
            folders.clear()
            continue
        links = [one for one in folders if Path(parent, one).is_symlink()]
        folders[:] = sorted(one for one in folders if one not in _NOT_READ and one not in links)
        for name in sorted((*names, *links)):
            path = Path(parent, name)
            whole.update(os.fsencode(path.relative_to(folder)) + b"\0")
            if path.is_symlink():
                whole.update(b"link " + os.fsencode(path.readlink()) + b"\0")
            elif path.is_file():
                left -= path.stat().st_size
                if left < 0:
                    return None
                with open(path, "rb") as file:
                    whole.update(sha256(file.read()).digest())
    return whole.hexdigest()
