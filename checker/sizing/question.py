"""A plan as somebody asks for it: options of `fit`, or one line of a batch, with the keys that a manifest has."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from typing import Annotated, Any

from checker.document.bind import bind
from checker.document.errors import InputError
from checker.document.json_line import parse_line
from checker.document.place import NOWHERE, At, Place, SourceFile
from checker.document.scalars import Word, YesNo
from checker.document.tree import Entry, Mapping, Scalar
from checker.manifest.choices import Objective
from checker.manifest.deployment import ServingKeys
from checker.manifest.fine_tuning import TrainingKeys
from checker.manifest.hardware import Devices
from checker.manifest.model_id import ModelId
from checker.manifest.tokens import written
from checker.value import NamedTuple


class Plan(TrainingKeys, ServingKeys):
    """One plan: the model, and the keys of a fine-tuning or of a deployment."""

    model: At[Annotated[str, ModelId]] | None = None
    """Its id on the Hub, or `./path`."""
    serve: At[Annotated[bool, YesNo]] = At(False, NOWHERE)
    """Whether the model is served; else it is trained."""
    objective: At[Annotated[Objective, Word]] | None = None
    """What it is to do; default: what a model of its kind does."""
    hardware: Devices | None = None
    """Where it runs; without it nothing is said of what fits."""


class Question(NamedTuple):
    """A plan, and the configuration of its model where that came along."""

    plan: Plan
    config: Dictionary[str, Any] | None
    """The content of a config.json."""
    config_at: Place
    id: str | int | float | None = None
    """What the line calls itself, handed back as it came."""


RAW = ("config", "id")


def of_line(source: SourceFile) -> Question:
    """The plan in one line of JSON. A key with null counts as absent.

    Raises:
        InputError: it is no JSON object, or no plan; everything that is wrong with its keys is told.
    """
    line = parse_line(source, RAW)
    config, name = line.raw.get("config"), line.raw.get("id")
    if config is not None and not isinstance(config, dict):
        at = line.raw_at["config"]
        raise InputError.one("`config` is no mapping", expected="the content of a config.json", at=at)
    if isinstance(name, bool) or not isinstance(name, (str, int, float, type(None))):
        raise InputError.one("`id` is no name", expected="a text or a number", at=line.raw_at["id"])
    plan = of_node(line.root, also_known=RAW)
    if plan.model is None and config is None:
        raise InputError.one("the model is not said", expected="`model` or `config`", at=line.root.at)
    return Question(plan, config, line.raw_at.get("config", NOWHERE), name)


def of_node(root: Mapping, also_known: tuple[str, ...] = ()) -> Plan:
    """The plan that a mapping states.

    Raises:
        InputError: everything that is wrong with its keys.
    """
    return bind(_without_nothing(root), Plan, also_known=also_known)


def _without_nothing(node: Mapping) -> Mapping:
    """The mapping without keys that have no value, nor blocks that are left with none."""
    items: dict[str, Entry] = {}
    for key, entry in node.items.items():
        value = entry.value
        if isinstance(value, Mapping) and value.items:
            value = _without_nothing(value)
            if not value.items:
                continue
        if isinstance(value, Scalar) and value.empty:
            continue
        items[key] = Entry(entry.key_at, value)
    return Mapping(items, node.at)


def of_options(given: Dictionary[str, str]) -> Plan:
    """The plan that options state, by the names of its keys; those of the hardware among them.

    Raises:
        InputError: everything that is wrong with them, each shown as the option that it was.
    """
    lines = [f"--{key.replace('_', '-')} {value}" for key, value in given.items()]
    source = SourceFile("options", "\n".join(line.replace("\n", " ") for line in lines))
    items: dict[str, Entry] = {}
    devices: dict[str, Entry] = {}
    for number, (key, text) in enumerate(given.items(), start=1):
        start = len(key) + 4
        key_at = Place(source, number, 1, start - 2)
        said = _SPOKEN.get(text.casefold(), text) if key in SWITCHES else written(key, text)
        value = Scalar(said, True, key_at)
        value.at = Place(source, number, start, max(len(text), 1))
        (devices if key in _HARDWARE else items)[key] = Entry(key_at, value)
    if devices:
        first = next(iter(devices.values())).key_at
        items["hardware"] = Entry(first, Mapping(devices, first))
    return bind(Mapping(items, Place(source, 1, 1)), Plan)


_HARDWARE = frozenset(Devices.model_fields)
_SPOKEN = {"yes": "true", "no": "false", "on": "true", "off": "false", "true": "true", "false": "false"}


def is_spoken(text: str) -> bool:
    """Whether a word says yes or no."""
    return text.casefold() in _SPOKEN


SWITCHES = ("gradient_checkpointing", "upcast_frozen", "double_quantization", "keeps_quantized_inputs", "serve")
"""Keys that are yes or no."""
