"""The variables of custom rules, made from the typed models: a new fact or manifest key is one by existing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from checker.document.bind import Later
from checker.document.place import At
from checker.facts.fact import Fact
from checker.facts.model import Facts
from checker.manifest.model import Manifest, ModelEntry
from checker.value import NamedTuple

Steps: TypeAlias = tuple[str, ...]


class Variable(NamedTuple):
    """One variable of the expressions."""

    name: str
    type: str
    """As the expression language spells it: `string`, `int`, `double`, `bool`, `list(string)` …"""
    meaning: str
    steps: Steps
    """The attributes that lead to the value, from the facts, the manifest or its entry; none of a derived one."""
    choices: tuple[str, ...] = ()
    """All values that it can have, where the model names them."""


Told: TypeAlias = Callable[[type], Mapping[str, str]]
"""The docstrings of a class's attributes."""


@cache
def variables() -> Mapping[str, Variable]:
    """All variables by name, in the order of their names; their meanings are left out: reading source takes time."""
    return _made(lambda model: {})


def documented() -> Mapping[str, Variable]:
    """All variables by name, with their meanings."""
    from checker.document.schema import attribute_docstrings

    return {
        name: variable._replace(meaning=variable.meaning or f"The fact `{'.'.join(variable.steps)}`.")
        for name, variable in _made(attribute_docstrings).items()
    }


def _made(told: Told) -> Mapping[str, Variable]:
    found = [*_of_facts(told), *_of_manifest(told)]
    found += list(_whether_known(found)) + list(_whether_stated())
    return {variable.name: variable for variable in sorted(found)}


SHORT = {"parameters": "params", "active_parameters": "active_params"}
"""Further names for what people write often."""
_ID = Variable("model.id", "string", "The model's id on the Hub, or the path of a local folder.", ("model",))
_REVISION = Variable("model.revision", "string", "The commit at which most of the facts were recorded.", ("revision",))
_LICENSE = (
    "The licence by its canonical id; an SPDX expression with canonical ids where several are offered or apply."
    " Not known where what the card says names no single text."
)
SCORES = Variable(
    "model.scores", "map(string, double)", "Published scores by benchmark; of several the lowest.", ("benchmarks",)
)


def _of_facts(told: Told) -> Iterator[Variable]:
    """One for each field of `Facts` that is a fact and has a static type; what only people read is none."""
    yield from (_ID, _REVISION, SCORES)
    meanings = told(Facts)
    for name, hint in get_type_hints(Facts).items():
        found = _fact_type(hint)
        if found is None:
            continue
        meaning = _LICENSE if name == "license" else meanings.get(name, "")
        for variable in _of_type(f"model.{name}", found, meaning, (name,), told):
            yield variable
            if name in SHORT:
                yield variable._replace(name=f"model.{SHORT[name]}", meaning=f"Short for `{variable.name}`.")


def _fact_type(hint: Any) -> Any:
    """What a fact holds; None where the field is no fact."""
    if get_origin(hint) is tuple and get_origin(get_args(hint)[0]) is Fact:
        return tuple[get_args(get_args(hint)[0])[0], ...]  # type: ignore[misc]  # made from what was found
    return next((get_args(arm)[0] for arm in get_args(hint) if get_origin(arm) is Fact), None)


_LEFT_OUT = frozenset(("weighbridge", "models", "known"))
"""Keys of a manifest that say nothing of their own: its format, its entries, and claims, which become facts."""


def _of_manifest(told: Told) -> Iterator[Variable]:
    for model in (Manifest, ModelEntry):
        yield from _of_block("manifest", model, (), told)


def _of_block(path: str, block: type[BaseModel], steps: Steps, told: Told) -> Iterator[Variable]:
    meanings = told(block)
    for name, field in block.model_fields.items():
        if not steps and name in _LEFT_OUT:
            continue
        written = _annotated(field)
        yield from _of_type(f"{path}.{field.alias or name}", written, meanings.get(name, ""), (*steps, name), told)


def _annotated(field: Any) -> Any:
    """A field's type with a block that is built later put in its place."""
    later = next((marker for marker in field.metadata if isinstance(marker, Later)), None)
    return later.model() if later else field.annotation


def _plain(hint: Any) -> Any:
    """A type without what only says how it is read: optional, located, annotated."""
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        arms = [arm for arm in get_args(hint) if arm is not NoneType]
        return _plain(arms[0]) if len(arms) == 1 else None
    if origin is At:
        return _plain(get_args(hint)[0])
    if metadata := getattr(hint, "__metadata__", ()):
        later = next((marker for marker in metadata if isinstance(marker, Later)), None)
        return later.model() if later else _plain(get_args(hint)[0])
    return hint


def _of_type(path: str, hint: Any, meaning: str, steps: Steps, told: Told) -> Iterator[Variable]:
    """The variables that a value of this type gives: one, one for each of its keys, or none."""
    hint = _plain(hint)
    if get_origin(hint) is tuple and get_args(hint)[1:] == (...,):
        for variable in _of_type(path, get_args(hint)[0], meaning, steps, told):
            if not variable.type.startswith("list"):
                yield variable._replace(type=f"list({variable.type})")
    elif get_origin(hint) is Literal:
        yield Variable(path, "string", meaning, steps, tuple(map(str, get_args(hint))))
    elif not isinstance(hint, type):
        return
    elif issubclass(hint, BaseModel):
        yield from _of_block(path, hint, steps, told)
    elif hasattr(hint, "_fields"):
        meanings = told(hint)
        for name, inner in get_type_hints(hint).items():
            yield from _of_type(f"{path}.{name}", inner, meanings.get(name, "") or meaning, (*steps, name), told)
    elif scalar := next((word for kind, word in _SCALARS.items() if issubclass(hint, kind)), None):
        words = [str(word) for word in hint] if issubclass(hint, StrEnum) else []
        told_of = meaning or (" ".join((hint.__doc__ or "").split()) if words else "")
        yield Variable(path, scalar, told_of, steps, tuple(words))


_SCALARS = {str: "string", bool: "bool", int: "int", float: "double", date: "string"}


def _whether_known(found: list[Variable]) -> Iterator[Variable]:
    for variable in found:
        root, _, rest = variable.name.partition(".")
        if root == "model":
            meaning = f"Whether `{variable.name}` has a value that is sure enough."
            yield Variable(f"known.{rest}", "bool", meaning, ())


def _whether_stated() -> Iterator[Variable]:
    for model in (Manifest, ModelEntry):
        for name in _keys(model, "", top=True):
            yield Variable(f"stated.{name}", "bool", f"Whether the manifest states `{name}`.", ())


def _keys(block: type[BaseModel], before: str, *, top: bool = False) -> Iterator[str]:
    """The paths of all keys below a block; those inside the items of a list are not told apart."""
    for name, field in block.model_fields.items():
        if top and name in _LEFT_OUT:
            continue
        path = f"{before}{field.alias or name}"
        yield path
        inner = _plain(_annotated(field))
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _keys(inner, f"{path}.")
