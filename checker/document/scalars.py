"""How a scalar of a YAML file is read: the type of the field decides, never YAML's own guess.

Use the markers in annotations: `Annotated[str, Text]`, `At[Annotated[int, Whole, Field(ge=1)]]`.
Each reads a node of the tree (or a value of the right Python type, for models made in code), and says what the JSON
Schema of the field is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Self, TypeVar, get_args, get_origin

from pydantic_core import PydanticCustomError, core_schema

from checker.document.errors import shown
from checker.document.nearest import did_you_mean, only_slip
from checker.document.place import NOWHERE
from checker.document.tree import Scalar

T = TypeVar("T")

MAX_WHOLE = 2**63 - 1
"""The largest whole number that a file may state."""
MAX_COUNT = 2**31
"""The largest count of tokens, requests, devices and the like: far beyond anything there is."""


def wrong(found: str, expected: str, hint: str = "", instead: str = "") -> PydanticCustomError:
    """A value that does not belong there; `found` completes the sentence that begins with the key's path.

    `instead` is the one value that can be meant, where that is sure.
    """
    context = {"found": found, "expected": expected, "hint": hint, "instead": instead}
    return PydanticCustomError("wrong_value", "wrong value", context)


class Reading:
    """A marker that reads scalars of one kind. Subclasses say how, and what a JSON Schema may accept."""

    expected = ""
    """What belongs there, for error messages."""
    python: tuple[type, ...] = ()
    """Types of values made in code, which are taken as they are."""

    def convert(self, scalar: Scalar) -> Any:
        """The value of a scalar that is not empty; raises `self.refuse(scalar)`."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """What a JSON Schema says of such a field."""
        raise NotImplementedError

    def belongs(self, source: Any) -> str:
        """What belongs into a field of type `source`."""
        return self.expected

    def refuse(self, scalar: Scalar, hint: str = "") -> PydanticCustomError:
        """The error for a scalar of another kind."""
        return wrong(f"is {quoted(scalar)}", self.expected, hint)

    def read(self, node: Any) -> Any:
        """The value of a node."""
        if type(node) is Scalar:
            if node.plain and node.empty:
                raise wrong("has no value", self.expected)
            return self.convert(node)
        if type(node) in self.python:
            return node
        raise wrong(kind(node), self.expected)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        """Tell pydantic how values of this field are read."""
        inner = handler(source)
        if _CONSTRAINTS.isdisjoint(inner):
            return core_schema.no_info_plain_validator_function(self.read)
        # `x: Annotated[int, Whole] = Field(ge=1)` puts the bound before the marker: what was read is held to it.
        return core_schema.no_info_before_validator_function(self.read, inner)


def quoted(scalar: Scalar) -> str:
    """A scalar as a message quotes it."""
    return f"`{shown(scalar.text)}`" if scalar.plain else f'`"{shown(scalar.text)}"`'


def kind(node: Any) -> str:
    """What stands there instead of a scalar, as the end of a sentence."""
    if isinstance(node, dict):
        return "is a mapping"
    return "is a list" if isinstance(node, (list, tuple)) else f"is {node!r}"


class _Text(Reading):
    expected = "a text"
    python = (str,)

    def convert(self, scalar: Scalar) -> str:
        if not scalar.text.strip():
            raise wrong("has no value", self.expected)
        return scalar.text

    def json_schema(self) -> dict[str, Any]:
        # What YAML reads as a number or as yes and no is text here, so the schema must let it pass.
        return {"type": ["string", "number", "boolean"], "minLength": 1}


class _Whole(Reading):
    expected = "a whole number, digits only"
    python = (int,)

    def convert(self, scalar: Scalar) -> int:
        text = scalar.text
        if not _DIGITS.fullmatch(text):
            raise self.refuse(scalar)
        if not scalar.plain:
            raise self.refuse(scalar, "write it without quotes")
        if len(text) > 20 or abs(int(text)) > MAX_WHOLE:
            raise wrong(f"is {quoted(scalar)}", f"a whole number of at most {MAX_WHOLE}")
        return int(text)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer"}


class _Count(_Whole):
    expected = f"a whole number from 1 to {MAX_COUNT}"

    def convert(self, scalar: Scalar) -> int:
        count = super().convert(scalar)
        if not 1 <= count <= MAX_COUNT:
            raise self.refuse(scalar)
        return count

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": 1, "maximum": MAX_COUNT}


class _Number(Reading):
    expected = "a number such as 2 or 0.5"
    python = (float, int)

    def convert(self, scalar: Scalar) -> float:
        if not _DECIMAL.fullmatch(scalar.text):
            raise self.refuse(scalar)
        if not scalar.plain:
            raise self.refuse(scalar, "write it without quotes")
        if len(scalar.text) > 40 or abs(number := float(scalar.text)) > MAX_WHOLE:
            raise wrong(f"is {quoted(scalar)}", f"a number of at most {MAX_WHOLE}")
        return number

    def json_schema(self) -> dict[str, Any]:
        return {"type": "number"}


class _YesNo(Reading):
    expected = "true or false"
    python = (bool,)

    def convert(self, scalar: Scalar) -> bool:
        if scalar.text not in _YES_NO:
            meant = _SPOKEN.get(scalar.text.casefold())
            raise self.refuse(scalar, f"did you mean `{meant}`?" if meant else "")
        if not scalar.plain:
            raise self.refuse(scalar, "write it without quotes")
        return _YES_NO[scalar.text]

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class _Share(Reading):
    expected = "a share such as 10% or 0.1, between 0 and 1"
    python = (float, int)

    def convert(self, scalar: Scalar) -> float:
        percent = _PERCENT.fullmatch(scalar.text)
        decimal = scalar.plain and _DECIMAL.fullmatch(scalar.text)
        if not (percent or decimal) or len(scalar.text) > 40:
            raise self.refuse(scalar)
        share = float(Decimal(percent.group(1)) / 100) if percent else float(scalar.text)
        if not 0 <= share <= 1:
            raise self.refuse(scalar)
        return share

    def json_schema(self) -> dict[str, Any]:
        return {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^(100(\.0*)?|[0-9]{1,2}(\.[0-9]+)?)\s?%$"},
            ],
            "examples": ["10%", 0.1],
        }


class _Day(Reading):
    expected = "a day as YYYY-MM-DD"
    python = (date,)

    def convert(self, scalar: Scalar) -> date:
        if not _ISO_DAY.fullmatch(scalar.text):
            raise self.refuse(scalar)
        try:
            return date.fromisoformat(scalar.text)
        except ValueError:
            raise wrong(f"is {quoted(scalar)}", "a day of the calendar, as YYYY-MM-DD") from None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class Amount(int):
    """An amount of memory in bytes, with the unit it was written with: a card's `24 GB` is not 24 · 10**9 bytes."""

    unit: str

    def __new__(cls, size_bytes: int, unit: str) -> Self:
        """Take an amount in bytes and its unit, as `UNITS` spells it."""
        made = super().__new__(cls, size_bytes)
        made.unit = unit
        return made

    def __getnewargs__(self) -> tuple[int, str]:  # type: ignore[override]  # an int has one argument
        return int(self), self.unit


class _Memory(Reading):
    expected = "an amount of memory with its unit, such as 24 GiB"
    python = (int, Amount)

    def convert(self, scalar: Scalar) -> Amount:
        found = _AMOUNT.fullmatch(scalar.text)
        if not found:
            raise self.refuse(scalar, _amount_meant(scalar.text))
        amount = int(Decimal(found.group(1)) * UNITS[found.group(2)])
        if not 0 < amount <= MAX_WHOLE:
            raise self.refuse(scalar)
        return Amount(amount, found.group(2))

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})?\s?([KMGT]i?B)$",
            "examples": ["24 GiB", "80 GB"],
        }


def _amount_meant(text: str) -> str:
    """The hint for an amount without a unit, or with one spelt otherwise: `24gb`, `24 G`, `24Gi`."""
    found = _NEAR_AMOUNT.fullmatch(text)
    if not found:
        return ""
    number, prefix, binary = found.groups()
    return f"did you mean `{number} {(prefix or 'G').upper()}{'i' if binary or not prefix else ''}B`?"


class _Word(Reading):
    """One of the names of a StrEnum or a Literal; the field's own type says which."""

    def belongs(self, source: Any) -> str:
        return one_of(_choices(source))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_OneOf(_choices(source)).read)


class _OneOf(Reading):
    def __init__(self, choices: dict[str, Any]) -> None:
        self.choices = choices
        self.python = tuple({type(choice) for choice in choices.values()})

    def read(self, node: Any) -> Any:
        value = self.choices.get(node.text) if type(node) is Scalar else None
        if value is not None:
            return value
        if type(node) is str:  # the key of a mapping
            return self.choices[node] if node in self.choices else self.convert(Scalar(node, True, NOWHERE))
        self.expected = one_of(self.choices)
        return super().read(node)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}

    def convert(self, scalar: Scalar) -> Any:
        hint = did_you_mean(scalar.text, self.choices) if len(scalar.text) <= 60 else ""
        instead = only_slip(scalar.text, self.choices)
        raise wrong(f"is {quoted(scalar)}", one_of(self.choices, hint), hint, instead)


def belongs(annotation: Any, metadata: Iterable[Any] = ()) -> str:
    """What belongs into a field, for the message that it is missing; empty where no marker says it."""
    marker = next((each for each in metadata if isinstance(each, Reading)), None)
    if marker is not None:
        return marker.belongs(annotation)
    if metadata := getattr(annotation, "__metadata__", ()):
        return belongs(get_args(annotation)[0], metadata)
    return next((found for argument in get_args(annotation) if (found := belongs(argument))), "")


def _choices(source: Any) -> dict[str, Any]:
    if get_origin(source) is Literal:
        return {str(choice): choice for choice in get_args(source)}
    if isinstance(source, type) and issubclass(source, Enum):
        return {str(member.value): member for member in source}
    raise TypeError(f"`Word` needs a StrEnum or a Literal, not {source!r}")


def one_of(names: Any, hint: str = "") -> str:
    """A list of names for an error message: all of them, or a few where the nearest one is said beside it."""
    listed = list(names)
    few = 3 if hint and len(listed) > 6 else 40
    return f"one of {', '.join(listed[:few])}{', …' if len(listed) > few else ''}"


class _OneOrMany:
    """A list in which one value may stand without brackets; read as a tuple."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(in_brackets, handler(source))


def in_brackets(node: Any) -> Any:
    """A list as it is; anything else as a list of one."""
    if type(node) is Scalar and node.empty:
        raise wrong("has no value", "one value, or a list")
    return node if isinstance(node, (list, tuple)) and not hasattr(node, "_fields") else (node,)


class _Listed:
    """A list, or its items in one text with commas between them; read as a tuple."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(in_items, handler(source))


def in_items(node: Any) -> Any:
    """A list as it is; a text as what stands between its commas, each with its own place."""
    if type(node) is not Scalar or node.empty or "," not in node.text:
        return in_brackets(node)
    items, start = [], 0
    # Inside quotes the text begins one character later.
    first = node.at.column + (0 if node.plain else 1)
    for part in node.text.split(","):
        if not (item := part.strip()):
            raise wrong(f"is {quoted(node)}", "names with one comma between two of them")
        column = first + start + len(part) - len(part.lstrip())
        items.append(Scalar(item, node.plain, node.at._replace(column=column, width=len(item))))
        start += len(part) + 1
    return items


_CONSTRAINTS = frozenset(("ge", "gt", "le", "lt", "multiple_of", "pattern", "min_length", "max_length"))
_DIGITS = re.compile(r"-?(0|[1-9][0-9]*)")  # `0123` is octal to some and decimal to others
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s?%")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s?([KMGT]i?B)")
_NEAR_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:([KMGTkmgt])(i|I)?[Bb]?)?")
_YES_NO = {"true": True, "false": False}
_SPOKEN = {"yes": "true", "on": "true", "y": "true", "true": "true"} | dict.fromkeys(
    ("no", "off", "n", "false"), "false"
)

UNITS = {
    **{f"{prefix}iB": 1024**power for power, prefix in enumerate("KMGT", start=1)},
    **{f"{prefix}B": 1000**power for power, prefix in enumerate("KMGT", start=1)},
}
"""Bytes of each unit of memory: GiB is 2**30, GB is 10**9."""

Text = _Text()
"""Text as it is written: `2026.10`, `NO` and `0123` stay what they are."""
Whole = _Whole()
"""A whole number: plain decimal digits, at most `MAX_WHOLE`."""
Count = _Count()
"""A whole number of things, from 1 to `MAX_COUNT`."""
Number = _Number()
"""A number: decimal digits, with a point where it has a fraction."""
YesNo = _YesNo()
"""`true` or `false`."""
Share = _Share()
"""`10%` or `0.1`, read as a float from 0 to 1."""
Day = _Day()
"""A calendar day, YYYY-MM-DD."""
Memory = _Memory()
"""`24 GiB` or `24 GB`, read as bytes that keep their unit (`Amount`)."""
Word = _Word()
"""One name of the StrEnum or Literal that the marker stands beside."""
OneOrMany = Annotated[tuple[T, ...], _OneOrMany()]
"""A list in which one value may stand without brackets, read as a tuple."""
Listed = Annotated[tuple[T, ...], _Listed()]
"""A list, or one text with its items between commas, read as a tuple."""
