"""Which models the manifests of a folder want locked, and what the lock beside them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.document.errors import InputError, NoInputError
from checker.document.nearest import did_you_mean
from checker.document.read import read
from checker.facts.locked.file import OtherFormatError, may_be_ours, parse, source
from checker.facts.locked.lock import NAME, Lock
from checker.hub.resolve import Wanted
from checker.manifest.choices import Access
from checker.manifest.discover import discover
from checker.manifest.entry import ModelEntry
from checker.manifest.load import load
from checker.manifest.model_id import is_local
from checker.value import NamedTuple


class Project(NamedTuple):
    """The manifests of one folder, and their lock."""

    folder: Path
    wanted: tuple[Wanted, ...]
    """The models that the manifests name; a folder with local models alone wants none."""
    lock: Lock | None
    """None where there is no lock yet, or none that can be used."""
    broken: InputError | None = None
    """Why the lock that is there cannot be used."""

    @property
    def file(self) -> Path:
        """Where the lock stands."""
        return self.folder / NAME


def read_projects(paths: Iterable[Path], upgraded: frozenset[str]) -> tuple[Project, ...]:
    """The projects that the paths lead to.

    Args:
        paths: manifests and folders.
        upgraded: models that are resolved anew at their revision and not at the commit that is locked.

    Raises:
        InputError: a manifest or a lock cannot be used, nothing was found, or a model to upgrade is named by none.
    """
    found = discover(paths)
    if not found.ours:
        where = ", ".join(path.as_posix() for path in paths)
        raise NoInputError.one(
            f"no manifest was found in {where}",
            expected="a model.yaml with a line that begins with `weighbridge:`",
            file="no-input",
        )
    by_folder: dict[Path, list[Path]] = {}
    for path in found.ours:
        by_folder.setdefault(path.parent, []).append(path)
    projects = tuple(_project(folder, files, upgraded) for folder, files in by_folder.items())
    known = {name for project in projects for name in _names(project)}
    for model in upgraded - known:
        raise InputError.one(
            f"no manifest names {model}", expected="a model of a manifest", hint=did_you_mean(model, known), file="lock"
        )
    return projects


def _names(project: Project) -> Iterator[str]:
    yield from (wanted.model for wanted in project.wanted)
    yield from (entry.model for entry in (project.lock.entries if project.lock else ()))


def _project(folder: Path, files: list[Path], upgraded: frozenset[str]) -> Project:
    lock, broken = usable_lock(folder / NAME)
    entries = [entry for path in files for entry in load(read(path, path.as_posix()), allow_empty=True).models]
    keys = dict.fromkeys(pair for entry in entries for pair in _models(entry))
    wanted = tuple(
        Wanted(model, revision, locked_commit(lock, model, revision) if model not in upgraded else revision)
        for model, revision in keys
    )
    named = {one.model.casefold() for one in wanted}
    above = dict.fromkeys(
        parent.value
        for entry in entries
        for parent in entry.derived_from
        if not is_local(parent.value) and parent.value.casefold() not in named
    )
    ancestors = tuple(
        Wanted(model, None, locked_commit(lock, model, None) if model not in upgraded else None, 1) for model in above
    )
    return Project(folder, wanted + ancestors, lock, broken)


def usable_lock(file: Path) -> tuple[Lock | None, InputError | None]:
    """The lock, or why it cannot be used: a lock that a merge has broken is what this command is called to mend.

    Raises:
        InputError: it cannot be read, is of another format, or is something else: none of them is ours to replace.
    """
    if not file.is_file():
        return None, None
    text = source(file)
    try:
        return parse(text), None
    except OtherFormatError:
        raise
    except InputError as error:
        if may_be_ours(text.text):
            return None, error
        raise InputError.one(
            "it is no lock of Weighbridge, and is not replaced",
            expected="a lock, or no file",
            hint="move what bears this name",
            file=text.name,
        ) from error


def locked_commit(lock: Lock | None, model: str, revision: str | None) -> str | None:
    """The commit to ask for: that of the lock, else the revision itself."""
    entry = lock.find(model, revision) if lock is not None else None
    return revision if entry is None or entry.commit is None else entry.commit


def _models(entry: ModelEntry) -> Iterator[tuple[str, str | None]]:
    """The model of an entry and the artefact that is loaded in its place; a service's model has no files to look at."""
    if entry.access.value is Access.API:
        return
    if not entry.is_local:
        yield entry.model.value, entry.revision.value if entry.revision else None
    weights = entry.deployment.weights if entry.deployment else None
    if weights is not None and not is_local(weights.model.value):
        yield weights.model.value, weights.revision.value if weights.revision else None
