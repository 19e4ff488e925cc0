"""What decides the verdict of a project, as one digest: an earlier result counts where all of it is the same."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from checker import __version__, applying
from checker.document.walk import PACKAGES, is_environments
from checker.facts.catalogue import Catalogue
from checker.fleet.commit import past
from checker.fleet.look import Look
from checker.fleet.record import FORMAT
from checker.fleet.store import is_result
from checker.manifest.discover import has_our_name
from checker.manifest.project import repository_root
from checker.request import Request

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of a project that are read for its digest; a larger one is judged anew each time."""


def digest(folder: Path, request: Request, look: Look, store: Path) -> str | None:
    """SHA-256, in hex, of all that the record of a project depends on; None where not all of it can be told.

    These are the tool's version, the catalogue, the day, what was asked for, the resolved policy with its locks and
    waivers, the project's commit, and the content of its files (of the whole repository, where the folder lies in one)
    and of those that links in it lead to.

    Args:
        folder: the project's folder.
        request: what the run is asked to do.
        look: how far the run looks ahead and back.
        store: the folder of earlier results, which are no part of it where they lie in the repository.

    Raises:
        InputError: the policy that applies cannot be used.
        OSError: something of it cannot be read.
    """
    around = repository_root(folder) or folder
    files, before, policy = _content(around, store), past(folder), _policy(request, applying.root_of(folder))
    if files is None or before is None or policy is None:
        return None
    asked = (request.ignore_waivers, request.exit_zero, request.fail_on.value, request.relaxations, *look)
    parts = (
        f"{FORMAT} {__version__} {Catalogue().digest()} {request.today}",
        repr(asked),
        policy,
        folder.as_posix(),
        before,
        files,
    )
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _policy(request: Request, root: Path) -> str | None:
    """The policy that applies to the project, and what it reads beside itself; None where that cannot be told."""
    policy = applying.standing(applying.key_of(request, root)).policy
    parts = [policy.sha256, policy.project_sha256 or "", policy.chosen_by.value, *(one.sha256 for one in policy.facts)]
    if policy.waivers is not None and policy.waivers.owner == "policy":
        file = policy.waivers.folder / policy.waivers.file
        parts.append(sha256(file.read_bytes()).hexdigest() if file.is_file() else "none")
        before = past(repository_root(file.parent) or file.parent)
        if before is None:
            return None
        parts.append(before)
    return " ".join(parts)


def _content(folder: Path, store: Path) -> str | None:
    """SHA-256 over the names and the content of all files; None where there is too much of it.

    Installed packages are thousands of files that no verdict depends on, unless a manifest or a link leads there.
    """
    reading = _Reading(folder, store)
    packages = reading.walk(folder, all_of_it=False)
    for name, inner in packages:
        # Of a text with escapes nobody can tell what it names before it is parsed.
        if any(os.fsencode(name) in one or b"\\" in one for one in reading.leading):
            reading.walk(inner, all_of_it=True)
    return reading.whole.hexdigest() if reading.is_complete else None


class _Reading:
    """What was read of a project so far."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.whole = sha256()
        self.leading: list[bytes] = []
        """Manifests and links: what may name a folder of installed packages."""
        self.is_complete = True
        self._folder = folder
        self._store = Path(os.path.relpath(os.path.realpath(store), os.path.realpath(folder)))
        self._left = MAX_BYTES

    def walk(self, top: Path, *, all_of_it: bool) -> list[tuple[str, Path]]:
        """Read a folder; the folders of installed packages that were left out, and the name that leads to each."""
        packages: list[tuple[str, Path]] = []
        for parent, folders, names in os.walk(top, onerror=_raise):
            here = Path(parent)
            if ".git" in (*folders, *names) and here != self._folder:  # a repository within has a past of its own
                before = past(here)
                self.is_complete = self.is_complete and before is not None
                self._add(b"past", here, (before or "").encode("utf-8", "surrogateescape"))
            links = [one for one in folders if Path(parent, one).is_symlink()]
            own = [one for one in folders if one != ".git" and one not in links]
            if not all_of_it:
                packages += [(one, here / one) for one in own if one == PACKAGES]
                packages += [(here.name, here / one) for one in own if is_environments(one, names)]
                own = [one for one in own if one != PACKAGES and not is_environments(one, names)]
            folders[:] = sorted(own)
            for name in sorted((*names, *links)):
                if not is_result(here.relative_to(self._folder) / name, self._store):
                    self._read(here / name)
                if not self.is_complete:
                    return []
        return packages

    def _read(self, path: Path) -> None:
        if path.is_symlink():
            target = os.fsencode(path.readlink())
            self.leading.append(target)
            self._add(b"link", path, target)
        if not path.is_file():
            self._add(b"no file", path, b"")
            return
        self._left -= path.stat().st_size
        if self._left < 0:
            self.is_complete = False
            return
        with open(path, "rb") as file:
            content = file.read()
        if has_our_name(path.name):
            self.leading.append(content)
        self._add(b"file", path, content)

    def _add(self, kind: bytes, path: Path, content: bytes) -> None:
        for part in (kind, os.fsencode(path.relative_to(self._folder)), content):
            self.whole.update(sha256(part).digest())


def _raise(error: OSError) -> None:
    raise error
