"""Reads and joins what is known of each entry: catalogue or local folder, claims, lineage, baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from checker.document.errors import InputError, Problem
from checker.facts.baseline import read_baseline
from checker.facts.catalogue import Catalogue
from checker.facts.claims import Claim, apply
from checker.facts.dossier import Dossier
from checker.facts.fact import Origin
from checker.facts.lineage import build
from checker.facts.model import Facts
from checker.facts.shown import read_shown
from checker.manifest.model import ModelEntry


def gather(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue) -> Dossier:
    """Everything known of one entry.

    Args:
        entry: what the manifest declares.
        folder: the manifest's folder; local models and baselines are relative to it.
        root: the repository, or the folder again; nothing outside it is read.
        catalogue: the embedded facts.

    Raises:
        InputError: a local model's folder cannot be used, or a claim cannot be understood.
    """
    dossier = _dossier(entry, folder, root, catalogue)
    if entry.deployment is None or entry.deployment.weights is None:
        return dossier
    return dossier._replace(weights=_dossier(entry.as_loaded_weights(), folder, root, catalogue))


def _dossier(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue) -> Dossier:
    known, origin = _recorded(entry, folder, root, catalogue)
    nearest = None if origin else catalogue.nearest(entry.model.value)
    facts, contradictions = apply(known, _claims(entry)) if entry.known else (known, ())
    return Dossier(
        facts=facts,
        origin=origin,
        lineage=build(facts, entry.derived_from, entry.root, catalogue.find),
        contradictions=contradictions,
        baseline=read_baseline(entry.baseline.value if entry.baseline else None, folder, root),
        nearest=nearest,
        shown=read_shown(tuple(shown.where.value for shown in entry.obligations), folder, root),
        generators=_generators(entry, catalogue.find),
    )


def _generators(entry: ModelEntry, find: Callable[[str], Facts | None]) -> dict[str, Facts | None]:
    """What is recorded of the models whose outputs the training data holds."""
    sets = entry.fine_tuning.data if entry.fine_tuning else ()
    named = {data.generated_by.value for data in sets if data.generated_by is not None}
    return {name: find(name) for name in sorted(named) if name != "none"}


def _recorded(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue) -> tuple[Facts, Origin | None]:
    """What a source states, before the project's own word is added."""
    written = entry.model.value
    if entry.is_local:
        from checker.facts.folder import read_folder  # only a local model needs it

        try:
            return read_folder(folder / written, written, root), Origin.FOLDER
        except InputError as error:
            raise InputError(tuple(_at_entry(problem, entry) for problem in error.problems)) from error
    recorded = catalogue.find(written)
    if recorded is not None:
        return recorded, Origin.CATALOGUE
    return Facts(model=written, found_as=written), None


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
