"""Reads and joins what is known of each entry: locks, catalogue or local folder, claims, lineage, baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checker.baseline.results import BaselineNotDeclared, BaselineState
from checker.document.errors import InputError, Problem
from checker.document.system import told
from checker.facts.beside import beside
from checker.facts.catalogue import Catalogue
from checker.facts.claims import Claim, apply
from checker.facts.dossier import Dossier
from checker.facts.fact import Origin
from checker.facts.lineage import Lineage, build
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.facts.shown import read_shown
from checker.manifest.model import ModelEntry

if TYPE_CHECKING:  # without a lock nothing of it is imported: start-up is a budget
    from checker.facts.locked.lookup import Locks


def gather(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue, locks: Locks | None = None) -> Dossier:
    """Everything known of one entry.

    Args:
        entry: what the manifest declares.
        folder: the manifest's folder; local models and baselines are relative to it.
        root: the repository, or the folder again; nothing outside it is read.
        catalogue: the embedded facts.
        locks: the lock beside the manifest and the organisation's facts; None where there is neither.

    Raises:
        InputError: a local model's folder or a path cannot be used, or a claim cannot be understood.
    """
    with told():
        dossier = _dossier(entry, folder, root, catalogue, locks)
        if entry.deployment is None or entry.deployment.weights is None:
            return dossier
        return dossier._replace(weights=_dossier(entry.as_loaded_weights(), folder, root, catalogue, locks))


def _dossier(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue, locks: Locks | None) -> Dossier:
    known, origin, lock = _recorded(entry, folder, root, catalogue, locks)
    nearest = None if origin else _folder_of(entry, folder) or catalogue.nearest(entry.model.value)
    facts, contradictions = apply(known, _claims(entry)) if entry.known else (known, ())
    find = catalogue.find if locks is None else _with_locks(locks, catalogue)
    lineage = build(facts, entry.derived_from, entry.root, find)
    return Dossier(
        facts=facts,
        origin=origin,
        lineage=lineage,
        contradictions=contradictions,
        baseline=_baseline(entry, folder, root),
        nearest=nearest,
        lock=lock if locks is None else lock._replace(unlocked=_unlocked(lineage, locks)),
        generators=_generators(entry, find),
        calibration=beside(folder, root) if entry.fine_tuning is not None else None,
        shown=read_shown(tuple(shown.where.value for shown in entry.obligations), folder, root),
    )


def _folder_of(entry: ModelEntry, folder: Path) -> str | None:
    """The path that was meant where a model is named like a folder beside the manifest: paths begin with `./`."""
    return f"./{entry.model.value}" if (folder / entry.model.value).is_dir() else None


def _baseline(entry: ModelEntry, folder: Path, root: Path) -> BaselineState:
    if entry.baseline is None:
        return BaselineNotDeclared()
    from checker.baseline.read import read_baseline  # most entries name none: start-up is a budget

    return read_baseline(entry.baseline.value, folder, root)


def _generators(entry: ModelEntry, find: Callable[[str], Facts | None]) -> dict[str, Facts | None]:
    """What is recorded of the models whose outputs the training data holds."""
    sets = entry.fine_tuning.data if entry.fine_tuning else ()
    named = {data.generated_by.value for data in sets if data.generated_by is not None}
    return {name: find(name) for name in sorted(named) if name != "none"}


def _recorded(
    entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue, locks: Locks | None
) -> tuple[Facts, Origin | None, LockState]:
    """What a source states, before the project's own word is added."""
    written = entry.model.value
    if entry.is_local:
        from checker.facts.folder import read_folder  # only a local model needs it

        try:
            return read_folder(folder / written, written, root), Origin.FOLDER, LockState()
        except InputError as error:
            raise InputError(tuple(_at_entry(problem, entry) for problem in error.problems)) from error
    if locks is not None:
        from checker.facts.locked.lookup import look_up

        revision = entry.revision.value if entry.revision else None
        found = look_up(written, revision, locks, catalogue.find)
        return found.facts, found.origin, found.state
    recorded = catalogue.find(written)
    if recorded is not None:
        return recorded, Origin.CATALOGUE, LockState()
    return Facts(model=written, found_as=written), None, LockState()


def _with_locks(locks: Locks, catalogue: Catalogue) -> Callable[[str], Facts | None]:
    from checker.facts.locked.lookup import look_up_ancestor

    return lambda model: look_up_ancestor(model, locks, catalogue.find)


def _unlocked(lineage: Lineage, locks: Locks) -> tuple[str, ...]:
    """The ancestors, each once, of which the project's lock holds nothing."""
    lock = locks.project
    if lock is None:
        return ()
    names = (path[-1].parent.value.model for path in lineage.paths())
    return tuple(dict.fromkeys(name for name in names if not lock.of_model(name)))


def _at_entry(problem: Problem, entry: ModelEntry) -> Problem:
    """A problem with the folder itself stands at the line that names it; one inside a file of it stays there."""
    return problem._replace(at=entry.model.at) if problem.file == entry.model.value else problem


def _claims(entry: ModelEntry) -> Iterator[Claim]:
    for stated in entry.known.stated() if entry.known else ():
        setting = getattr(stated.claim, "setting", None)
        yield Claim(
            name=stated.name,
            value=stated.value.value,  # type: ignore[arg-type]  # the manifest's types admit no other
            evidence=stated.evidence.value if stated.evidence else "",
            at=stated.value.at,
            setting=setting.value if setting else "",
        )
