"""Answers a plan for a model as somebody names it: an id, a folder, or a config.json."""

from __future__ import annotations

from pathlib import Path

from checker.document.system import from_home
from checker.facts.calibration import Calibration
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty
from checker.sizing import subject as subjects
from checker.sizing.answer import Answer, answer_plan, with_alternatives, with_calibration
from checker.sizing.question import Plan
from checker.sizing.subject import Subject, Unanswerable
from checker.value import NamedTuple


class Named(NamedTuple):
    """What was written of a model."""

    model: str | None
    """An id of the catalogue, a folder, or a config.json; beside `config` what the model is called."""
    config: str | None = None
    """The path of its config.json."""
    revision: str | None = None
    """The commit that is to be loaded."""


def answer_named(
    named: Named, plan: Plan, headroom: float, calibration: Calibration | None = None
) -> Answer | Unanswerable:
    """The answer to a plan, with what a calibration says of it, and what would fit instead.

    Raises:
        InputError: the plan contradicts itself or the model, a file cannot be used, or a GPU is not known.
    """
    subject = subject_of(named)
    if isinstance(subject, Unanswerable):
        return subject
    result = answer_plan(plan, subject.at(named.revision, "--revision"), headroom)
    if isinstance(result, Unanswerable):
        return result
    return with_alternatives(with_calibration(result, calibration))


def subject_of(named: Named) -> Subject | Unanswerable:
    """The model as the arithmetic takes it.

    Raises:
        InputError: a file cannot be used.
        ValueError: nothing is named.
    """
    model, file = named.model, named.config
    if file is None and model is not None and Path(model).name == "config.json":
        file, model = model, None
    if file is not None:
        config, at = subjects.read_config(Path(file))
        return subjects.of_config(model or Path(file).as_posix(), config, at, Certainty.INFERRED)
    if model is None:
        raise ValueError("neither a model nor its configuration is named")
    path = Path(model)
    if model.startswith((".", "/", "~")) or path.is_absolute():
        return subjects.of_folder(from_home(model), Path(path.resolve().anchor))
    return subjects.of_catalogue(model, Catalogue())
