"""The options of `fit`, made from the keys of a plan: a new key of the manifest is an option without a line here."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, get_args

from checker.document.bind import Block
from checker.document.place import At
from checker.document.schema import attribute_docstrings
from checker.manifest.deployment import ServingKeys
from checker.manifest.fine_tuning import TargetPreset, TrainingKeys
from checker.manifest.hardware import Devices
from checker.sizing.question import SWITCHES, Plan
from checker.value import NamedTuple


class Offered(tuple[str, ...]):
    """Words that completion offers; what is none of them is refused by whoever reads the plan, with the nearest one."""

    __slots__ = ()

    def __contains__(self, word: object) -> bool:
        return True


class Option(NamedTuple):
    """One key of a plan as an option."""

    name: str
    help: str
    metavar: str
    switch: bool
    """Whether it is yes or no."""
    choices: Offered | None
    """The words that it takes; None where it takes numbers or free text."""


SERVING = "keys of serving"
_GROUPS: tuple[tuple[str, type[Block]], ...] = (
    ("keys of training", TrainingKeys),
    (SERVING, ServingKeys),
    ("hardware", Devices),
)


@cache
def options() -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """The options by group."""
    of_all = ("objective",)
    common = tuple(_option(Plan, name) for name in of_all)
    return (
        ("keys of a plan", common),
        *((title, tuple(_option(block, name) for name in block.model_fields)) for title, block in _GROUPS),
    )


def keys() -> tuple[str, ...]:
    """The names of all keys that options state."""
    return ("serve", *(option.name for _, found in options() for option in found))


def _option(block: type[Block], name: str) -> Option:
    words = _words(block.model_fields[name].annotation)
    if name == "target_modules":
        words = tuple(TargetPreset)
    told, _, default = attribute_docstrings(block).get(name, "").rstrip(".").partition("; default: ")
    held = block.model_fields[name].default
    default = default or (str(held.value) if isinstance(held, At) else "")
    parts = [told[:1].lower() + told[1:], f"one of {', '.join(words)}" if 0 < len(words) <= _FEW else ""]
    default = "no" if name in SWITCHES and default == "false" else default
    parts += [f"default: {default}"] if default else []
    said = "; ".join(filter(None, parts)).replace("%", "%%")
    return Option(name, said, _metavar(name, words), name in SWITCHES, Offered(words) if words else None)


_FEW = 10
"""Words that help lists; of more it says which key they are of."""


def _metavar(name: str, words: tuple[str, ...]) -> str:
    if words:
        return "WORD"
    return {"gpu": "NAME", "instance": "NAME", "vram": "AMOUNT", "runtime_version": "VERSION"}.get(name, "N")


def _words(annotation: Any) -> tuple[str, ...]:
    """The names of the StrEnum that an annotation holds somewhere."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(str(member.value) for member in annotation)
    return next((found for argument in get_args(annotation) if (found := _words(argument))), ())
