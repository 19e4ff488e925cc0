"""The model that is asked about: facts of the catalogue, a local folder, or a configuration by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from checker.document.errors import InputError, Problem, shown
from checker.document.json_line import PYTHONS_DECODER
from checker.document.nearest import nearest
from checker.document.place import Place
from checker.document.read import read
from checker.facts.catalogue import Catalogue
from checker.facts.config import native_context
from checker.facts.fact import Certainty, Fact
from checker.facts.model import Facts
from checker.facts.no_number import refuse_no_number
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.of_facts import model_of
from checker.sizing.sane import problems_of
from checker.value import NamedTuple


class Subject(NamedTuple):
    """A model as the arithmetic takes it, and how sure that is."""

    name: str
    model: Model
    certainty: Certainty
    """The lowest certainty of the facts that the memory depends on."""
    native_context: int | None = None
    """Tokens that it was trained for."""
    weight_formats: tuple[str, ...] = ()
    config: Mapping[str, Any] | None = None
    """Its configuration, where one was read."""
    listed: bool = False
    """Whether its name is that of a repository on the Hub."""
    revision: str | None = None
    """The commit that is loaded; without one that somebody pins, the one at which the facts were recorded."""
    pinned_by: str = "the record that the facts were read at"
    """Who names that commit."""

    def at(self, revision: str | None, pinned_by: str) -> Subject:
        """The model at the commit that `pinned_by` names; unchanged where it names none."""
        return self if revision is None else self._replace(revision=revision, pinned_by=pinned_by)


class Unanswerable(NamedTuple):
    """No answer can be given: something is unknown (exit code 3)."""

    reason: str
    missing: tuple[str, ...] = ()
    """Facts that no source states, as `known:` spells them."""
    hint: str = ""
    """What would state it."""
    nearest: str | None = None
    """The closest name that is known, where a name was not."""


NO_CONFIG = "--config FILE takes the model's config.json, and `known:` in a manifest states single facts"


def of_catalogue(name: str, catalogue: Catalogue) -> Subject | Unanswerable:
    """The model of that id, or of the one that had it as a former name."""
    facts = catalogue.find(name)
    if facts is not None:
        return of_facts(facts)
    near = nearest(name, catalogue.ids())
    meant = f"did you mean `{near}`? " if near else ""
    return Unanswerable(f"`{shown(name)}` is not in the catalogue", hint=f"{meant}{NO_CONFIG}", nearest=near)


def of_facts(facts: Facts) -> Subject:
    """A model by its facts."""
    used = (facts.parameters, facts.dimensions, facts.architecture_class)
    found = [fact.certainty for fact in used if isinstance(fact, Fact)]
    native, formats = facts.native_context, facts.weight_formats
    return Subject(
        name=facts.found_as,
        model=model_of(facts),
        certainty=max(found, key=lambda certainty: certainty.rank, default=Certainty.CLAIMED),
        native_context=native.value if isinstance(native, Fact) else None,
        weight_formats=formats.value if isinstance(formats, Fact) else (),
        listed=True,
        revision=facts.revision,
    )


def of_config(name: str, config: Mapping[str, Any], at: Place, certainty: Certainty) -> Subject | Unanswerable:
    """A model by the content of its config.json.

    Raises:
        InputError: it states sizes that no model has.
    """
    if problems := problems_of(config, at):
        raise InputError(problems)
    try:
        model = model_of_config(config)
    except (TypeError, ValueError, ArithmeticError, AttributeError, StopIteration) as error:
        # A configuration is anybody's text: what the readers trip over is its mistake and no failure of ours.
        sentence = f"the configuration cannot be understood ({type(error).__name__}: {shown(str(error))})"
        raise InputError.one(sentence, expected="the content of a config.json", at=at) from error
    if isinstance(model, NotEstimable):
        return _no_family(config, model)
    return Subject(
        name=name,
        model=model,
        certainty=certainty,
        native_context=native_context(config),
        config=config,
    )


def _no_family(config: Mapping[str, Any], refusal: NotEstimable) -> Unanswerable:
    from checker.facts.parameters.decoder import DECODERS
    from checker.facts.parameters.encoder import ENCODERS

    family = config.get("model_type")
    near = nearest(family, (*DECODERS, *ENCODERS)) if isinstance(family, str) and family[:60] == family else None
    hint = f"did you mean `{near}`?" if near and near != family else "`model_type` names a family of transformers"
    return Unanswerable(refusal.reason, refusal.missing, hint, near)


def of_folder(path: Path, tree: Path) -> Subject | Unanswerable:
    """A model by the files of its folder; links are followed inside `tree` alone.

    Raises:
        InputError: there is no such folder, or a configuration in it cannot be read.
    """
    from checker.facts.folder import read_folder  # only a local model needs it

    name = path.as_posix()
    if not name.startswith(("/", ".")) and not path.is_absolute():
        name = f"./{name}"  # without it a program that loads it could take it for an id on the Hub
    facts = read_folder(path, name, tree)
    if not (path / "config.json").is_file():
        return of_facts(facts)
    config, at = read_config(path / "config.json")
    found = of_config(name, config, at, Certainty.INFERRED)
    if isinstance(found, Unanswerable):
        by_facts = of_facts(facts)
        return by_facts if by_facts.model.parameters else found
    stated = of_facts(facts)
    built = stated.model.architecture or found.model.architecture
    return found._replace(model=found.model._replace(architecture=built), weight_formats=stated.weight_formats)


def read_config(path: Path) -> tuple[dict[str, Any], Place]:
    """The content of a config.json, and the place of its beginning.

    Raises:
        InputError: it cannot be read, or is no JSON object.
    """
    source = read(path)
    at = Place(source, 1, 1)
    try:
        value = PYTHONS_DECODER.decode(source.text)
    except json.JSONDecodeError as error:
        raise _no_json(f"this is no JSON ({error.msg})", Place(source, error.lineno, error.colno)) from error
    except RecursionError as error:
        raise _no_json("too many levels inside each other", at) from error
    except ValueError as error:
        raise _no_json(str(error), at) from error
    if not isinstance(value, dict):
        raise _no_json("this is no JSON object", at)
    refuse_no_number(value, source)
    return value, at


def _no_json(sentence: str, at: Place) -> InputError:
    return InputError((Problem(sentence, expected="the content of a config.json", at=at),))
