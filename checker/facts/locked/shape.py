"""Typed values to JSON and back, and their JSON Schema, all from the annotations of the named tuples themselves."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from checker.document.json_place import Path
from checker.document.nearest import did_you_mean
from checker.value import NamedTuple

N = TypeVar("N", bound=NamedTuple)

LARGEST = (1 << 63) - 1
"""No count is larger: what fits 64 bits."""


class Form(NamedTuple):
    """The form that a text has, for `Annotated`: in words and as a regular expression for the whole of it."""

    words: str
    pattern: str


class Odd(NamedTuple):
    """One thing that is not as the type says, and where."""

    path: Path
    sentence: str
    expected: str
    hint: str = ""
    of_key: bool = False


Way: TypeAlias = "tuple[Way, str | int] | None"
"""A path from its end: the way to what is around, and the last step. Cheap to lengthen, and seldom looked at."""
Reader: TypeAlias = Callable[[Any, Way, list[Odd]], Any]
"""Reads a decoded value on the way to it; what is odd goes into the list, and the answer is then of no use."""


def read_record(kind: type[N], value: object, odd: list[Odd], path: Path = ()) -> N:
    """The named tuple that a decoded JSON object at `path` stands for; what does not fit goes into `odd`."""
    way: Way = None
    for step in path:
        way = (way, step)
    made: N = _record(kind)(value, way, odd)
    return made


def _steps(way: Way) -> Path:
    steps: list[str | int] = []
    while way is not None:
        way, step = way
        steps.append(step)
    return tuple(reversed(steps))


def plain(value: object) -> Any:
    """What JSON can say of a typed value: records without the fields that are None or hold their default."""
    if isinstance(value, tuple):
        fields = getattr(value, "_fields", None)
        if fields is None:
            return [plain(item) for item in value]
        defaults = value._field_defaults  # type: ignore[attr-defined]
        named = zip(fields, value, strict=True)
        return {name: plain(item) for name, item in named if item is not None and item != defaults.get(name, _NEVER)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in sorted(value.items())}
    return str(value) if isinstance(value, StrEnum) else value


_NEVER = object()


@cache
def _record(kind: Any) -> Reader:
    base = get_origin(kind) or kind
    bound = dict(zip(getattr(base, "__parameters__", ()), get_args(kind), strict=True))
    hints = {name: bound.get(hint, hint) for name, hint in _hints(base).items()} if bound else _hints(base)
    slots = {
        name: (index, hints[name] if hints[name] in _EXACT else None, hints[name])
        for index, name in enumerate(base._fields)
    }
    defaults: dict[str, Any] = base._field_defaults
    optional = {name for name, hint in hints.items() if name not in defaults and NoneType in get_args(hint)}
    needed = [name for name in base._fields if name not in defaults and name not in optional]
    absent = [defaults.get(name) for name in base._fields]

    def record(value: Any, way: Way, odd: list[Odd]) -> Any:
        if type(value) is not dict:
            odd.append(_other(value, way, "an object"))
            return None
        fields = absent.copy()
        for key, item in value.items():
            slot = slots.get(key)
            if slot is None:
                odd.append(_unknown(key, way, slots))
                continue
            index, exact, hint = slot  # readers are made when they are needed: an entry states some facts of many
            fields[index] = item if type(item) is exact else reader_of(hint)(item, (way, key), odd)
        for name in needed:
            if name not in value:
                path = _steps(way)
                odd.append(Odd(path, f"{_where(path)} has no `{name}`", f"`{name}`"))
        return base._make(fields)

    return record


@cache
def _hints(base: Any) -> dict[str, Any]:
    """The annotations of a named tuple's fields, evaluated."""
    return get_type_hints(base, include_extras=True)


_EXACT = (str, bool)
"""Types of which every value is right."""


def _unknown(key: str, way: Way, known: Collection[str]) -> Odd:
    path = _steps(way)
    expected = f"one of {', '.join(known)}"
    return Odd((*path, key), f"unknown key `{key}` in {_where(path)}", expected, did_you_mean(key, known), of_key=True)


def _other(value: object, way: Way, expected: str, hint: str = "") -> Odd:
    """A value of another kind than the one expected."""
    path = _steps(way)
    return Odd(path, f"{_where(path)} is {_shown(value)}", expected, hint)


@cache
def reader_of(hint: Any) -> Reader:
    """What reads a value of an annotated type.

    Raises:
        TypeError: the type is none that a lock holds.
    """
    base, arguments = get_origin(hint) or hint, get_args(hint)
    if base is Annotated:
        return _formed(hint.__metadata__[0])
    if base in (Union, UnionType):
        return _one_of(tuple(argument for argument in arguments if argument is not NoneType))
    if base is tuple:
        return _list(reader_of(arguments[0]), arguments[0] if arguments[0] in _EXACT else None)
    if base is dict:
        return _mapping(reader_of(arguments[1]))
    if base in _SCALARS:
        return _scalar(*_SCALARS[base])
    if isinstance(base, type) and issubclass(base, StrEnum):
        return _word(base)
    if hasattr(base, "_fields"):
        return _record(hint)
    raise TypeError(f"a lock holds no {hint}")


def _one_of(kinds: tuple[Any, ...]) -> Reader:
    """A reader of one of several kinds, which is the first that takes the value."""
    readers = [reader_of(kind) for kind in kinds]
    if len(readers) == 1:
        return readers[0]

    def one_of(value: Any, way: Way, odd: list[Odd]) -> Any:
        for reader in readers:
            tried: list[Odd] = []
            taken = reader(value, way, tried)
            if not tried:
                return taken
        odd.append(_other(value, way, "a text, a number, yes or no, or a list of texts"))
        return None

    return one_of


def _list(item: Reader, exact: type | None) -> Reader:
    def a_list(value: Any, way: Way, odd: list[Odd]) -> Any:
        if type(value) is not list:
            odd.append(_other(value, way, "a list"))
            return ()
        if exact is not None and all(type(one) is exact for one in value):
            return tuple(value)
        return tuple([item(one, (way, index), odd) for index, one in enumerate(value)])

    return a_list


def _mapping(item: Reader) -> Reader:
    def mapping(value: Any, way: Way, odd: list[Odd]) -> Any:
        if type(value) is not dict:
            odd.append(_other(value, way, "an object"))
            return {}
        return {key: item(one, (way, key), odd) for key, one in value.items()}

    return mapping


def _scalar(expected: str, fits: Callable[[Any], bool], _: Mapping[str, object]) -> Reader:
    def scalar(value: Any, way: Way, odd: list[Odd]) -> Any:
        if not fits(value):
            odd.append(_other(value, way, expected))
        return value

    return scalar


def _formed(form: Form) -> Reader:
    matches = re.compile(form.pattern).fullmatch

    def formed(value: Any, way: Way, odd: list[Odd]) -> Any:
        if type(value) is not str or not matches(value):
            odd.append(_other(value, way, form.words))
        return value

    return formed


def _word(kind: type[StrEnum]) -> Reader:
    words = {str(word): word for word in kind}

    def word(value: Any, way: Way, odd: list[Odd]) -> Any:
        if not isinstance(value, str) or value not in words:
            hint = did_you_mean(value, words) if isinstance(value, str) else ""
            odd.append(_other(value, way, f"one of {', '.join(words)}", hint))
            return None
        return words[value]

    return word


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST


def _is_number(value: Any) -> bool:
    return (type(value) is float and math.isfinite(value)) or _is_count(value)


_SCALARS: dict[Any, tuple[str, Callable[[Any], bool], dict[str, object]]] = {
    str: ("a text", lambda value: type(value) is str, {"type": "string"}),
    bool: ("true or false", lambda value: type(value) is bool, {"type": "boolean"}),
    int: ("a whole number of at least 0", _is_count, {"type": "integer", "minimum": 0, "maximum": LARGEST}),
    float: ("a number", _is_number, {"type": "number"}),
}


def _where(path: Path) -> str:
    words = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"`{words.lstrip('.')}`" if words else "the document"


def _shown(value: object) -> str:
    from json import dumps

    text = dumps(value)
    return f"`{text}`" if len(text) <= 40 else f"`{text[:40]}…`"


def schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of an annotated type; records go into `definitions` by their name."""
    base, arguments = get_origin(kind) or kind, get_args(kind)
    if base is Annotated:
        return {"type": "string", "pattern": f"^{kind.__metadata__[0].pattern}$"}
    if base in (Union, UnionType):
        kinds = [schema_of(argument, definitions) for argument in arguments if argument is not NoneType]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if base is tuple:
        return {"type": "array", "items": schema_of(arguments[0], definitions)}
    if base is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], definitions)}
    if base in _SCALARS:
        return dict(_SCALARS[base][2])
    if issubclass(base, StrEnum):
        return {"type": "string", "enum": [str(word) for word in base]}
    return _schema_of_record(kind, base, arguments, definitions)


def _schema_of_record(kind: Any, base: Any, arguments: tuple[Any, ...], definitions: dict[str, Any]) -> dict[str, Any]:
    from checker.document.schema import attribute_docstrings

    bound = dict(zip(getattr(base, "__parameters__", ()), arguments, strict=True))
    name = base.__name__ + "".join(_name(argument) for argument in arguments)
    if name not in definitions:
        definitions[name] = {}  # a record that holds itself would be met again
        hints = {
            field: bound.get(hint, hint)
            for field, hint in get_type_hints(base, include_extras=True).items()
            if field in base._fields
        }
        words = attribute_docstrings(base)
        definitions[name] = {
            "type": "object",
            "description": " ".join((base.__doc__ or "").split()),
            "properties": {
                field: {
                    **schema_of(hint, definitions),
                    **({"description": words[field]} if field in words else {}),
                }
                for field, hint in hints.items()
            },
            "required": [
                field
                for field, hint in hints.items()
                if field not in base._field_defaults and NoneType not in get_args(hint)
            ],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


def _name(argument: Any) -> str:
    base, inner = get_origin(argument) or argument, get_args(argument)
    if base in (Union, UnionType):
        return "Any"
    plural = {tuple: "List", dict: "By"}.get(base, "")
    return plural + (_name(inner[-1 if base is dict else 0]) if inner else base.__name__.capitalize())
