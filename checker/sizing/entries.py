"""The plans of a manifest: each fine-tuning and each deployment of its entries, answered by itself."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.facts.calibration import Calibration
from checker.facts.catalogue import Catalogue
from checker.facts.dossier import Dossier
from checker.facts.fact import Fact
from checker.facts.locked.lookup import Locks
from checker.gather import gather
from checker.manifest.choices import Access
from checker.manifest.load import load
from checker.manifest.model import Manifest, ModelEntry
from checker.manifest.project import repository_root
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.sizing.answer import Answer, answer_serving, answer_training, with_alternatives, with_calibration
from checker.sizing.starting.launch import is_commit
from checker.sizing.subject import Subject, Unanswerable, of_facts, read_config
from checker.value import NamedTuple


class EntryAnswer(NamedTuple):
    """The answer to one plan of one entry."""

    entry: str
    """The entry's name."""
    training: bool
    result: Answer | Unanswerable
    shares: bool = False
    """Whether it is served on the manifest's shared hardware."""


class Sources(NamedTuple):
    """Where facts of models are looked up."""

    catalogue: Catalogue
    locks: Locks | None = None
    """The lock beside the manifest, and what else is locked."""
    calibration: Calibration | None = None
    """Runs of plans that were measured."""


def answer_manifest(source: SourceFile, folder: Path, headroom: float, sources: Sources) -> tuple[EntryAnswer, ...]:
    """The answers to all plans of a manifest, in its order, with what a calibration says of them.

    Raises:
        InputError: the manifest cannot be used, or has no plan in it.
    """
    manifest = load(source)
    root = repository_root(folder) or folder
    answers = [
        answer._replace(result=_whole(answer.result, sources.calibration))
        for entry in manifest.models
        for answer in _of_entry(entry, manifest, folder, root, headroom, sources)
    ]
    if not answers:
        sentence = "no entry has a `fine_tuning` or a `deployment` block"
        raise InputError.one(sentence, expected="a plan whose memory is asked for", file=source.name)
    return tuple(answers)


def _of_entry(
    entry: ModelEntry, manifest: Manifest, folder: Path, root: Path, headroom: float, sources: Sources
) -> list[EntryAnswer]:
    tuning, deployment, name = entry.fine_tuning, entry.deployment, entry.display_name
    if (tuning is None and deployment is None) or entry.access.value is Access.API:
        return []
    dossier = gather(entry, folder, root, sources.catalogue, sources.locks)
    if dossier.origin is None and not any(isinstance(fact, Fact) for fact in dossier.facts):
        near = f"did you mean `{dossier.nearest}`? " if dossier.nearest else ""
        reason = f"`{entry.model.value}` is not in the catalogue"
        refusal = Unanswerable(reason, hint=f"{near}`known:` states its facts", nearest=dossier.nearest)
        return [EntryAnswer(name, tuning is not None, refusal)]
    own = _pinned(_subject(entry, folder, of_facts(dossier.facts)), entry, dossier)
    found = []
    if tuning is not None:
        hardware = tuning.hardware or manifest.hardware
        result = answer_training(tuning, entry.objective, hardware, own, headroom)
        found.append(EntryAnswer(name, True, result))
    if deployment is not None:
        hardware = deployment.hardware or manifest.hardware
        loaded = own
        if dossier.weights is not None:
            named = entry.as_loaded_weights()
            loaded = _pinned(of_facts(dossier.weights.facts), named, dossier.weights)
            loaded = loaded._replace(listed=not named.is_local)
        if not loaded.model.parameters:  # a quantised copy has the sizes of what it is a copy of
            loaded = loaded._replace(model=own.model)
        result = answer_serving(deployment, entry.objective, hardware, loaded, headroom)
        shares = entry.shares_hardware and manifest.hardware is not None
        found.append(EntryAnswer(name, False, result, shares))
    return found


def _pinned(subject: Subject, entry: ModelEntry, dossier: Dossier) -> Subject:
    """The model at the commit that the manifest writes, else that of its lock, else the one its facts were read at."""
    written = entry.revision.value if entry.revision else None
    locked = dossier.lock.entry.commit if dossier.lock.entry else None
    if written is not None and (locked is None or is_commit(written)):
        return subject.at(written, "the manifest")
    return subject.at(locked, "model.lock")


def _whole(result: Answer | Unanswerable, calibration: Calibration | None) -> Answer | Unanswerable:
    return with_alternatives(with_calibration(result, calibration)) if isinstance(result, Answer) else result


def _subject(entry: ModelEntry, folder: Path, stated: Subject) -> Subject:
    """A local model by its configuration, which says more than the facts that are read off it."""
    path = folder / entry.model.value / "config.json"
    if not entry.is_local:
        return stated
    stated = stated._replace(name=entry.model.value, listed=False, revision=None)
    if not path.is_file():
        return stated
    config, _ = read_config(path)
    model = model_of_config(config)
    if isinstance(model, NotEstimable):
        return stated
    told = stated.model
    whole = model._replace(
        architecture=told.architecture or model.architecture, parameters=told.parameters or model.parameters
    )
    return stated._replace(model=whole, config=config)
