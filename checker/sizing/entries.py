"""The plans of a manifest: each fine-tuning and each deployment of its entries, answered by itself."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.facts.calibration import Calibration
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Fact
from checker.gather import gather
from checker.manifest.choices import Access
from checker.manifest.load import load
from checker.manifest.model import Manifest, ModelEntry
from checker.manifest.project import repository_root
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.sizing.answer import Answer, answer_serving, answer_training, with_alternatives, with_calibration
from checker.sizing.subject import Subject, Unanswerable, of_facts, read_config
from checker.value import NamedTuple


class EntryAnswer(NamedTuple):
    """The answer to one plan of one entry."""

    entry: str
    """The entry's name."""
    training: bool
    result: Answer | Unanswerable


def answer_manifest(
    source: SourceFile, folder: Path, headroom: float, catalogue: Catalogue, calibration: Calibration | None = None
) -> tuple[EntryAnswer, ...]:
    """The answers to all plans of a manifest, in its order, with what a calibration says of them.

    Raises:
        InputError: the manifest cannot be used, or has no plan in it.
    """
    manifest = load(source)
    root = repository_root(folder) or folder
    answers = [
        answer._replace(result=_whole(answer.result, calibration))
        for entry in manifest.models
        for answer in _of_entry(entry, manifest, folder, root, headroom, catalogue)
    ]
    if not answers:
        sentence = "no entry has a `fine_tuning` or a `deployment` block"
        raise InputError.one(sentence, expected="a plan whose memory is asked for", file=source.name)
    return tuple(answers)


def _of_entry(
    entry: ModelEntry, manifest: Manifest, folder: Path, root: Path, headroom: float, catalogue: Catalogue
) -> list[EntryAnswer]:
    tuning, deployment, name = entry.fine_tuning, entry.deployment, entry.display_name
    if (tuning is None and deployment is None) or entry.access.value is Access.API:
        return []
    dossier = gather(entry, folder, root, catalogue)
    if dossier.origin is None and not any(isinstance(fact, Fact) for fact in dossier.facts):
        near = f"did you mean `{dossier.nearest}`? " if dossier.nearest else ""
        reason = f"`{entry.model.value}` is not in the catalogue"
        refusal = Unanswerable(reason, hint=f"{near}`known:` states its facts", nearest=dossier.nearest)
        return [EntryAnswer(name, tuning is not None, refusal)]
    own = _subject(entry, folder, of_facts(dossier.facts))
    found = []
    if tuning is not None:
        hardware = tuning.hardware or manifest.hardware
        result = answer_training(tuning, entry.objective, hardware, own, headroom)
        found.append(EntryAnswer(name, True, result))
    if deployment is not None:
        hardware = deployment.hardware or manifest.hardware
        loaded = of_facts(dossier.weights.facts) if dossier.weights else own
        if not loaded.model.parameters:  # a quantised copy has the sizes of what it is a copy of
            loaded = loaded._replace(model=own.model)
        result = answer_serving(deployment, entry.objective, hardware, loaded, headroom)
        found.append(EntryAnswer(name, False, result))
    return found


def _whole(result: Answer | Unanswerable, calibration: Calibration | None) -> Answer | Unanswerable:
    return with_alternatives(with_calibration(result, calibration)) if isinstance(result, Answer) else result


def _subject(entry: ModelEntry, folder: Path, stated: Subject) -> Subject:
    """A local model by its configuration, which says more than the facts that are read off it."""
    path = folder / entry.model.value / "config.json"
    if not entry.is_local or not path.is_file():
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
