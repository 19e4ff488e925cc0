"""Everything that a choice reads: facts of each candidate and of the manifest's other entries, and the policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checker.baseline.results import BaselineNotDeclared
from checker.document.place import At
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.facts.fact import Origin
from checker.facts.lineage import build
from checker.facts.model import Facts
from checker.gather import gather
from checker.selection.ask import Question
from checker.selection.judge import Candidate
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.facts.locked.lookup import Locks


class Surroundings(NamedTuple):
    """Where a question stands, and what facts are taken from."""

    folder: Path
    root: Path
    catalogue: Catalogue
    locks: Locks | None = None


def of_ids(question: Question, ids: Iterable[str], around: Surroundings) -> Iterator[Candidate]:
    """A candidate for each model, with all that is known of it."""
    for model in ids:
        named = question.entry.model_copy(update={"model": At(model, question.entry.model.at)})
        dossier = gather(named, around.folder, around.root, around.catalogue, around.locks)
        yield Candidate(question, model, dossier)


def of_lock(question: Question, path: Path, around: Surroundings) -> Iterator[Candidate]:
    """A candidate for each entry of a lock, known as a manifest beside that lock would know it.

    Raises:
        InputError: the lock cannot be read.
    """
    from checker.facts.locked.file import read
    from checker.facts.locked.lookup import Locks

    lock, at = read(path), question.entry.model.at
    locks = Locks(lock, around.locks.organisation if around.locks is not None else ())
    for entry in lock.entries:
        revision = At(entry.revision, at) if entry.revision is not None else None
        named = question.entry.model_copy(update={"model": At(entry.model, at), "revision": revision})
        yield Candidate(question, entry.model, gather(named, around.folder, around.root, around.catalogue, locks))


def of_others(question: Question, around: Surroundings) -> tuple[Dossier, ...]:
    """What is known of the entries whose models are chosen already."""
    return tuple(gather(entry, around.folder, around.root, around.catalogue, around.locks) for entry in question.others)


def of_facts(question: Question, facts: Facts, around: Surroundings) -> Candidate:
    """A candidate of which nothing is known but what is handed over; its ancestors may be in the catalogue."""
    entry = question.entry
    dossier = Dossier(
        facts=facts,
        origin=Origin.TABLE,
        lineage=build(facts, entry.derived_from, entry.root, around.catalogue.find),
        contradictions=(),
        baseline=BaselineNotDeclared(),
    )
    return Candidate(question, facts.model, dossier)
