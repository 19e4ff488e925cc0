"""Reads what a folder with a model tells of it: file names, configuration and card, and never the weights."""

import os
from collections.abc import Mapping
from json import JSONDecodeError
from pathlib import Path
from typing import Any, TypeVar

from checker.document.characters import from_json
from checker.document.each_once import KeyTwice
from checker.document.errors import InputError
from checker.document.place import Place, SourceFile
from checker.document.read import read
from checker.facts.card import Card, front_matter, read_card
from checker.facts.config import LARGEST, build, dimensions, native_context, traits, word, words
from checker.facts.fact import Certainty, Fact, Origin, Source, Unknown
from checker.facts.kind import Kind, Signals, Standing, Training, classify, of_config
from checker.facts.model import ArchitectureClass, Facts, Head, Parent, Relation
from checker.facts.no_number import SIZED, refuse_no_number
from checker.facts.parameters.decoder import DECODERS
from checker.facts.parameters.total import total
from checker.value import NamedTuple

T = TypeVar("T")

_DEPTH = 2
"""Folders inside each other that are listed: `onnx/`, `1_Pooling/`."""
_MOST_NAMES = 10_000
"""Files of a folder; one with more is refused."""
_FORMATS = {
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    ".bin": "pickle",
    ".pt": "pickle",
    ".pth": "pickle",
    ".ckpt": "pickle",
    ".pkl": "pickle",
    ".pickle": "pickle",
    ".joblib": "pickle",
    ".h5": "h5",
    ".msgpack": "msgpack",
    ".npz": "npz",
}
_OF_TRAINING = ("optimizer", "rng_state", "scaler", "scheduler", "training_args")
"""What a trainer leaves behind is no weights and is not loaded with them."""


class Found(NamedTuple):
    """What was read of a folder; None for a file that is not there."""

    name: str
    """The path as the manifest writes it."""
    names: frozenset[str]
    """Files, relative and with forward slashes."""
    config: Mapping[str, Any] | None = None
    tokenizer: Mapping[str, Any] | Unknown | None = None
    """tokenizer_config.json; unknown where it cannot be read: some are larger than any file that we read."""
    adapter: Mapping[str, Any] | None = None
    pooling_limit: Mapping[str, Any] | None = None
    """sentence_bert_config.json, which may cut texts below what the positions reach."""
    modules: tuple[str, ...] = ()
    card: Card | Unknown = Unknown("license", "the folder has no README.md with front matter")
    hub_id: str = ""
    """The model's id where the files are those of a Hub's repository: a sign of its kind, as a folder's name is not."""


def read_folder(path: Path, name: str, tree: Path) -> Facts:
    """The facts of a local model.

    Args:
        path: the model's folder, or a single file of weights.
        name: the path as the manifest writes it.
        tree: the repository; nothing outside it is read.

    Raises:
        InputError: nothing is there, it lies outside the repository, or a configuration in it cannot be read.
    """
    return facts_of(find_in(path, name, tree))


def find_in(path: Path, name: str, tree: Path) -> Found:
    """What the files of a local model hold; arguments and errors are those of `read_folder`."""
    root = tree.resolve()
    real = _resolved(path, name)
    if not real.is_relative_to(root):
        raise InputError.one(f"{name} leads out of the repository", expected="a folder inside it", file=name)
    if real.is_file():
        return Found(name, frozenset((real.name,)))
    if not real.is_dir():
        raise InputError.one(f"there is no folder {name}", expected="a folder with a model", file=name)
    names = _names(real, name)

    def json_of(file: str, kind: type[T]) -> T | None:
        return _json(real / file, f"{name.rstrip('/')}/{file}", root, kind) if file in names else None

    try:
        tokenizer: Mapping[str, Any] | Unknown | None = json_of("tokenizer_config.json", dict)
    except InputError as error:
        tokenizer = Unknown("remote_code", f"tokenizer_config.json cannot be read: {error.problems[0].sentence}")
    return Found(
        name=name,
        names=names,
        config=json_of("config.json", dict),
        tokenizer=tokenizer,
        adapter=json_of("adapter_config.json", dict),
        pooling_limit=json_of("sentence_bert_config.json", dict),
        modules=tuple(word(item, "type") or "" for item in json_of("modules.json", list) or () if type(item) is dict),
        card=_card(real / "README.md", f"{name.rstrip('/')}/README.md", root) if "README.md" in names else _NO_CARD,
    )


def facts_of(found: Found) -> Facts:
    """The facts that the files of a folder give: what loading takes from them as it is, is verified."""
    known: dict[str, Any] = {"gated": _fact(found, False, "the folder itself", Certainty.VERIFIED)}
    formats = weight_formats(found.names)
    known["weight_formats"] = (
        _fact(found, formats, "names of files", Certainty.VERIFIED)
        if formats
        else Unknown("weight_formats", f"{found.name} holds no weights")
    )
    known["remote_code"] = _remote_code(found, formats)
    kind = classify(signals_of(found))
    known |= _configured(found, found.config or {})
    known |= _judged(found, kind)
    count = _parameters(found.config or {}, kind)
    if count is not None:
        known["parameters"] = _fact(found, count, "config.json, counted from the dimensions", Certainty.INFERRED)
    known |= _declared(found)
    return Facts(model=found.name, found_as=found.name, **known)


def weight_formats(names: frozenset[str]) -> tuple[str, ...]:
    """The formats of the weights among these files, sorted."""
    files = (name.rpartition("/")[2].casefold() for name in names)
    weights = (file for file in files if not file.startswith(_OF_TRAINING))
    return tuple(sorted({_FORMATS[ending] for file in weights if (ending := Path(file).suffix) in _FORMATS}))


def _configured(found: Found, config: Mapping[str, Any]) -> dict[str, Any]:
    sizes = dimensions(config)
    taken = {
        "model_type": word(config, "model_type"),
        "architectures": words(config, "architectures") or None,
        "dimensions": sizes if any(size is not None for size in sizes) else None,
        "torch_dtype": word(config, "torch_dtype", "dtype"),
        "head": _head(config),
    }
    known: dict[str, Any] = {
        name: _fact(found, value, "config.json", Certainty.VERIFIED) for name, value in taken.items() if value
    }
    if found.config is not None:
        known["build"] = _fact(found, build(config), "config.json", Certainty.VERIFIED)
    reach = native_context(config)
    if reach is not None:
        limit = (found.pooling_limit or {}).get("max_seq_length")
        source = "config.json"
        if type(limit) is int and 0 < limit < reach:
            reach, source = limit, "sentence_bert_config.json"
        known["native_context"] = _fact(found, reach, source, Certainty.DECLARED)
    return known


def signals_of(found: Found) -> Signals:
    """What the files show of the model's kind. The folder's name is no sign: it may be anything."""
    card = found.card if isinstance(found.card, Card) else None
    base = word(found.adapter or {}, "base_model_name_or_path")
    adapted = (Parent(base, Relation.ADAPTER),) if base else ()
    template = found.tokenizer.get("chat_template") if isinstance(found.tokenizer, Mapping) else None
    return of_config(
        found.config or {},
        id=found.hub_id,
        pipeline_tag=card.pipeline_tag if card else "",
        library_name=card.library_name if card else "",
        tags=card.tags if card else (),
        files=tuple(sorted(found.names)),
        modules=found.modules,
        chat_template=True if template or "chat_template.jinja" in found.names else None,
        template_text=template if isinstance(template, str) else "",
        parents=adapted or (card.parents if card else ()),
        adapter_task=word(found.adapter or {}, "task_type") or "",
    )


def _judged(found: Found, kind: Kind) -> dict[str, Any]:
    """The kind as facts, all of them inferred, since the tables are our heuristic however sure their signs are.

    What signs contradict, and what only nothing speaks against, stays unknown.
    """
    known: dict[str, Any] = {}
    built, trained = kind.of("architecture_class"), kind.of("variant")
    if built is None or kind.architecture_class is None:
        return known
    if built.by_default:
        return {
            "architecture_class": Unknown("architecture_class", f"no file says what it was built for: {built.because}")
        }
    if built.standing is Standing.AMBIGUOUS:
        return {"architecture_class": Unknown("architecture_class", f"the files are ambiguous: {built.because}")}
    known["architecture_class"] = _fact(found, kind.architecture_class, built.because, Certainty.INFERRED)
    variant = kind.training.variant if kind.training is not None else None
    if trained is not None and trained.standing is Standing.AMBIGUOUS:
        known["variant"] = Unknown("variant", f"the files are ambiguous: {trained.because}")
    elif variant is not None and trained is not None and not trained.by_default:
        known["variant"] = _fact(found, variant, trained.because, Certainty.INFERRED)
    if kind.training is Training.EMBEDDING_AND_GENERATION and kind.objectives:
        known["also_serves"] = _fact(found, kind.objectives, built.because, Certainty.INFERRED)
    known["multimodal"] = _fact(found, "multimodal" in kind.attributes, built.because, Certainty.INFERRED)
    if kind.architecture_class is ArchitectureClass.DECODER:
        known["state_space"] = _fact(found, "state-space" in kind.attributes, built.because, Certainty.INFERRED)
    return known


def _head(config: Mapping[str, Any]) -> Head | None:
    """What a classification head computes, where the configuration says which problem it solves."""
    problem = word(config, "problem_type")
    return {"multi_label_classification": Head.SIGMOID, "single_label_classification": Head.SOFTMAX}.get(problem or "")


def _parameters(config: Mapping[str, Any], kind: Kind) -> int | None:
    """The total, where a formula covers the family and nothing but text goes in."""
    own: dict[str, Any] = {}
    family = of_config(config).model_type
    if family in DECODERS:
        own |= traits(config)
        own["headless"] = kind.architecture_class is ArchitectureClass.BI_ENCODER
    try:
        count = None if "multimodal" in kind.attributes else total(family, dimensions(config), own)
    except TypeError:  # the formula of a hybrid wants more than is read here
        return None
    return count if count is not None and count < LARGEST else None


def _remote_code(found: Found, formats: tuple[str, ...]) -> Fact[bool] | Unknown:
    """Whether loading runs code of the folder: an `auto_map`, or a module that is not of sentence-transformers."""
    for file, held in (("config.json", found.config), ("tokenizer_config.json", found.tokenizer)):
        if isinstance(held, Mapping) and held.get("auto_map"):
            return _fact(found, True, f"`auto_map` in {file}", Certainty.VERIFIED)
    if any(not module.startswith("sentence_transformers.") for module in found.modules):
        return _fact(found, True, "modules.json", Certainty.VERIFIED)
    if isinstance(found.tokenizer, Unknown):
        return found.tokenizer
    if found.config is not None:
        return _fact(found, False, "config.json without `auto_map`", Certainty.VERIFIED)
    if formats == ("gguf",):
        return _fact(found, False, "a GGUF file alone", Certainty.VERIFIED)
    return Unknown("remote_code", f"{found.name} holds no config.json")


def _declared(found: Found) -> dict[str, Any]:
    """What the card and the adapter's configuration state."""
    known: dict[str, Any] = {}
    card = found.card
    if isinstance(card, Unknown):
        known["license"] = card
    else:
        known["license"] = _fact(found, card.license, "README.md", Certainty.DECLARED)
        stated = {
            "license_name": card.license_name,
            "license_link": card.license_link,
            "parents": card.parents,
            "pipeline_tag": card.pipeline_tag,
            "library_name": card.library_name,
        }
        known |= {name: _fact(found, value, "README.md", Certainty.DECLARED) for name, value in stated.items() if value}
    base = word(found.adapter or {}, "base_model_name_or_path")
    if base is not None:
        parents = (Parent(base, Relation.ADAPTER),)
        known["parents"] = _fact(found, parents, "adapter_config.json", Certainty.DECLARED)
    return known


def _fact(found: Found, value: T, file: str, certainty: Certainty) -> Fact[T]:
    return Fact(value, certainty, Source(Origin.FOLDER, file, found.name))


_NO_CARD = Unknown("license", "the folder has no README.md")


def _names(folder: Path, shown: str) -> frozenset[str]:
    """Files of the folder, two levels deep, links to folders not followed.

    Raises:
        InputError: it cannot be listed, or holds more files than any model has.
    """

    def refuse(error: OSError) -> None:
        raise InputError.one("the folder cannot be listed", expected="a readable folder", file=shown) from error

    names: list[str] = []
    for parent, folders, files in os.walk(folder, onerror=refuse):
        inside = Path(parent).relative_to(folder).parts
        if len(inside) >= _DEPTH:
            folders.clear()
        folders[:] = [name for name in folders if not name.startswith(".")]
        names += ["/".join((*inside, file)) for file in files]
        if len(names) > _MOST_NAMES:
            raise InputError.one(f"more than {_MOST_NAMES} files", expected="a folder with one model", file=shown)
    return frozenset(names)


def _resolved(path: Path, shown: str) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        raise InputError.one(f"{shown} cannot be followed", expected="a folder or a file", file=shown) from error


def _json(path: Path, shown: str, root: Path, kind: type[T]) -> T:
    source = _text(path, shown, root)
    expected = "a JSON list" if kind is list else "a JSON object"
    try:
        value = from_json(source.text)
    except JSONDecodeError as error:
        at = Place(source, error.lineno, error.colno)
        raise InputError.one(f"this is no JSON ({error.msg})", expected=expected, at=at) from error
    except KeyTwice as error:
        raise InputError.one(str(error), expected="each key once", file=shown) from error
    except (RecursionError, ValueError) as error:  # nested too deep, or a number of thousands of digits
        raise InputError.one(f"{shown} is no JSON that can be read", expected=expected, file=shown) from error
    if isinstance(value, dict) and path.name in SIZED:
        refuse_no_number(value, source)
    if not isinstance(value, kind):
        raise InputError.one(f"{shown} holds something else", expected=expected, file=shown)
    return value


def _card(path: Path, shown: str, root: Path) -> Card | Unknown:
    """A card is prose by people: one that cannot be read leaves the licence unknown and stops nothing."""
    try:
        front = front_matter(_text(path, shown, root))
        return _NO_FRONT if front is None else read_card(front)
    except InputError as error:
        problem = error.problems[0]
        place = f", line {problem.at.line}" if problem.at else ""
        return Unknown("license", f"{shown}{place} cannot be read: {problem.sentence}")


_NO_FRONT = Unknown("license", "README.md has no front matter")


def _text(path: Path, shown: str, root: Path) -> SourceFile:
    """The text of a file, unless it is a link that leads out of the repository."""
    if not _resolved(path, shown).is_relative_to(root):
        raise InputError.one(f"{shown} is a link out of the repository", expected="a file inside it", file=shown)
    return read(path, shown)
