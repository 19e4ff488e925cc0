"""The values of a custom rule's variables for one entry; what is not known is left out, with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from pydantic import BaseModel

from checker.custom.variables import SCORES, Variable, variables
from checker.document.place import NOWHERE, At, Place
from checker.facts.fact import Fact, NotRead, Unknown
from checker.facts.model import Facts
from checker.licenses.declared import declared
from checker.licenses.registry import AllOf, AnyOf, Resolution, Resolved, Unrecognised, resolve
from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.outcome import Unanswered
from checker.value import NamedTuple

Bound: TypeAlias = str | int | float | bool | list[Any] | dict[str, float]

MAX_TEXT = 4_096
"""Characters of a text that an expression may see: what is longer is not bound, since matching takes time by length."""
MAX_ITEMS = 256
"""Items of a list that an expression may see: the library's `map` takes time by their square."""


class Values(NamedTuple):
    """What the variables of one expression stand for."""

    bound: dict[str, Bound]
    missing: tuple[Unknown | Unanswered, ...]
    evidence: tuple[Fact[object], ...]
    places: tuple[Place, ...]
    """The manifest's lines that state them."""


class _Absent(Exception):
    """There is no value."""

    def __init__(self, lacking: Unknown | Unanswered) -> None:
        super().__init__(lacking)
        self.lacking = lacking


class _Found(NamedTuple):
    value: Any
    evidence: tuple[Fact[object], ...] = ()
    place: Place = NOWHERE


def values(names: tuple[str, ...], rule_id: str, entry: ModelEntry, manifest: Manifest, facts: Facts) -> Values:
    """The values of these variables for one entry; facts that are too unsure were left out of `facts` before."""
    bound: dict[str, Bound] = {}
    missing: list[Unknown | Unanswered] = []
    evidence: list[Fact[object]] = []
    places: list[Place] = []
    for name in names:
        try:
            found = _found(name, rule_id, entry, manifest, facts)
            bound[name] = _bound(name, found.value)
        except _Absent as absent:
            missing.append(absent.lacking)
            continue
        evidence += [fact for fact in found.evidence if fact not in evidence]
        if found.place is not NOWHERE:
            places.append(found.place)
    return Values(bound, tuple(missing), tuple(evidence), tuple(places))


def _found(name: str, rule_id: str, entry: ModelEntry, manifest: Manifest, facts: Facts) -> _Found:
    root, _, rest = name.partition(".")
    if root == "known":
        try:
            return _Found(True, _fact(variables()[f"model.{rest}"], facts).evidence)
        except _Absent:
            return _Found(False)
    if root == "stated":
        return _Found(_stated(rest, entry, manifest))
    if root == "manifest":
        return _declared(variables()[name], rule_id, entry, manifest)
    return _fact(variables()[name], facts)


def _fact(variable: Variable, facts: Facts) -> _Found:
    first, *rest = variable.steps
    held = getattr(facts, first)
    if first == "license":
        return _license(facts)
    if isinstance(held, (Unknown, NotRead)):
        raise _Absent(Unknown(held.name, held.reason))
    if isinstance(held, tuple) and not isinstance(held, Fact):  # several facts: scores
        if not held:
            raise _Absent(Unknown(first))
        inner = _scores(held) if variable.name == SCORES.name else [_step(fact.value, rest, first) for fact in held]
        return _Found(inner, held)
    if not isinstance(held, Fact):
        if held is None:
            raise _Absent(Unknown(first))
        return _Found(held)
    if rest and isinstance(held.value, tuple) and not hasattr(held.value, "_fields"):
        return _Found([_step(item, rest, first) for item in held.value], (held,))
    return _Found(_step(held.value, rest, first), (held,))


def _step(value: Any, steps: list[str], path: str) -> Any:
    for step in steps:
        value, path = getattr(value, step), f"{path}.{step}"
        if value is None:
            raise _Absent(Unknown(path))
    return value


def _scores(facts: tuple[Fact[Any], ...]) -> dict[str, float]:
    """The lowest score under each name, so that a floor holds for all."""
    lowest: dict[str, float] = {}
    for fact in facts:
        score = fact.value
        lowest[score.name] = min(score.score, lowest.get(score.name, score.score))
    return lowest


def _license(facts: Facts) -> _Found:
    stated = declared(facts)
    if isinstance(stated, Unknown):
        raise _Absent(stated)
    name = canonical(stated.resolution) if stated.spelling else ""
    if not name:
        raise _Absent(Unknown("license", stated.problem))
    return _Found(name, stated.evidence)


def canonical(found: Resolution) -> str:
    """The one spelling of what a licence field names; empty where it names no single text."""
    match found:
        case Resolved(text, _, exception):
            return f"{text.id} WITH {exception}" if exception else text.id
        case Unrecognised(unread=unread):
            return unread
        case AnyOf(choices=parts):
            return _joined(parts, " OR ")
        case AllOf(parts=parts):
            return _joined(parts, " AND ")
        case _:
            return ""


def _joined(parts: tuple[Resolution, ...], word: str) -> str:
    names = [f"({name})" if " OR " in name else name for name in map(canonical, parts)]
    return word.join(names) if all(names) else ""


def _declared(variable: Variable, rule_id: str, entry: ModelEntry, manifest: Manifest) -> _Found:
    """The value of a manifest's key; one inside the items of a list is the list of them."""
    block: BaseModel = entry if variable.steps[0] in type(entry).model_fields else manifest
    path = variable.name.partition(".")[2]
    place = block.at  # type: ignore[attr-defined]  # each block of a manifest is located
    value: Any = block
    for index, step in enumerate(variable.steps):
        if isinstance(value, tuple):
            items = [_leaf(_follow(item, variable.steps[index:]), path) for item in value]
            if None in items:
                raise _Absent(_asked(variable, rule_id, path, place))
            return _Found(items, place=place)
        value = getattr(value, step)
        if isinstance(value, At):
            place, value = value.at, value.value
        elif isinstance(value, BaseModel):
            place = value.at  # type: ignore[attr-defined]
        if value is None:
            raise _Absent(_asked(variable, rule_id, path, place))
    if isinstance(value, tuple):
        return _Found([_leaf(item, path) for item in value], place=place)
    return _Found(_leaf(value, path), place=place)


def _follow(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        value = getattr(value, step)
        value = value.value if isinstance(value, At) else value
        if value is None:
            return None
    return value


def _leaf(value: Any, path: str) -> Any:
    value = value.value if isinstance(value, At) else value
    if isinstance(value, date):
        return value.isoformat()
    if path.endswith("license") and isinstance(value, str):
        return canonical(resolve(value)) or value
    return value


def _asked(variable: Variable, rule_id: str, path: str, place: Place) -> Unanswered:
    example = variable.choices[0] if variable.choices else _EXAMPLES.get(variable.type, "…")
    *blocks, key = path.split(".")
    lines = [f"{'  ' * depth}{block}:" for depth, block in enumerate(blocks)]
    yaml = "\n".join([*lines, f"{'  ' * len(blocks)}{key}: {example}"])
    return Unanswered(path, f"the rule {rule_id} reads `{variable.name}`", yaml, None if place is NOWHERE else place)


_EXAMPLES = {"int": "1", "double": "0.5", "bool": "true"}


def _stated(path: str, entry: ModelEntry, manifest: Manifest) -> bool:
    """Whether the manifest itself says something under these keys: a default says nothing."""
    first = path.partition(".")[0]
    block: Any = (
        entry if any((field.alias or name) == first for name, field in type(entry).model_fields.items()) else manifest
    )
    for key in path.split("."):
        if not isinstance(block, BaseModel):
            return False
        names = {field.alias or name: name for name, field in type(block).model_fields.items()}
        if names[key] not in block.model_fields_set:
            return False
        block = getattr(block, names[key])
    return block is not None


def _bound(name: str, value: Any) -> Bound:
    """The value as the expression library takes it.

    Raises:
        _Absent: it is longer than an expression may see.
    """
    for text in _texts(value):
        if len(text) > MAX_TEXT:
            raise _Absent(Unknown(name.partition(".")[2], f"it is longer than {MAX_TEXT:,} characters"))
    if isinstance(value, (tuple, list)):
        if len(value) > MAX_ITEMS:
            raise _Absent(Unknown(name.partition(".")[2], f"it has more than {MAX_ITEMS:,} items"))
        return [_plain(item, variables()[name].type) for item in value]
    return value if isinstance(value, dict) else _plain(value, variables()[name].type)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list, Mapping)):
        for item in value:
            yield from _texts(item)


def _plain(value: Any, kind: str) -> Any:
    """Words, amounts and other subclasses as what they are built on."""
    if isinstance(value, str):
        return str(value)
    if "double" in kind:
        return float(value)
    return bool(value) if isinstance(value, bool) else int(value)
