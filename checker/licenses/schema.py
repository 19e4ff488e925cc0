"""The JSON Schema of a licence record, made from the types that a record is read into."""

from __future__ import annotations

from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from checker.document.schema import BASE, JsonSchema, attribute_docstrings
from checker.licenses.license import Condition, License

_BY_KEY: dict[str, JsonSchema] = {
    "spdx": {"type": ["string", "null"]},
    "dated": {"type": "string", "pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"},
    "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    "license_ref": {"type": "string", "pattern": "^(LicenseRef-|CC-BY-NC-4.0 AND LicenseRef-|$)"},
    "limit": {"type": "integer", "minimum": 0},
    "url": {"type": "string", "pattern": "^https://"},
    "links": {"type": "array", "items": {"type": "string", "pattern": r"^[a-z0-9.-]+\.[a-z]+/\S+$"}},
}
"""What the types leave wider than a record may be."""
_FILE_ONLY: JsonSchema = {
    "patent": {
        "type": "object",
        "properties": {
            "grant": {"type": "string", "minLength": 1, "description": "Whether patents are granted."},
            "retaliation": {"type": "string", "minLength": 1, "description": "What suing over them ends."},
        },
        "required": ["grant", "retaliation"],
        "additionalProperties": False,
        "description": "Whether patents are granted, and what suing over them ends.",
    }
}
"""Keys of a record that are read into two attributes."""
_OF_SCALAR: dict[type, JsonSchema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string", "minLength": 1},
}
_COUNTED = ["group-users-at-release", "product-users", "daily-users", "yearly-revenue", "monthly-revenue"]
_NEEDED_BY_METRIC: tuple[JsonSchema, ...] = (
    {
        "if": {"properties": {"metric": {"enum": _COUNTED}}},
        "then": {"required": ["limit", "op", "whose"], "properties": {"limit": {"minimum": 1}}},
    },
    {
        "if": {"properties": {"metric": {"const": "group-users-at-release"}}},
        "then": {"required": ["month"]},
        "else": {"properties": {"month": False}},
    },
    {
        "if": {"properties": {"metric": {"const": "permission"}}},
        "then": {"required": ["permission"]},
        "else": {"properties": {"permission": False}},
    },
    {
        "if": {"properties": {"metric": {"const": "model-as-a-service"}}},
        "then": {"required": ["whom"]},
        "else": {"properties": {"whom": False}},
    },
)
"""What a condition has to say besides, by what it is about: a threshold says how many, of whom and when."""
_ALWAYS_WRITTEN = ("conditions", "territory", "obligations", "use_policy")
"""Keys that a record states even where there is nothing: that a text has no condition is a finding, not a gap."""


def record_schema() -> JsonSchema:
    """The schema (2020-12) of one file of `checker/licenses/registry`."""
    made = _of_class(License)
    properties = {name: one for name, one in made["properties"].items() if not name.startswith("patent_")}
    required = [*made["required"], *_ALWAYS_WRITTEN, "patent"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{BASE}license.schema.json",
        "title": "Weighbridge licence record",
        **made,
        "properties": {**properties, **_FILE_ONLY},
        "required": required,
    }


def _of_class(model: type) -> JsonSchema:
    """The schema of a named tuple as a record writes it: an object without further keys."""
    said = attribute_docstrings(model)
    properties = {}
    for name, hint in get_type_hints(model).items():
        made = _BY_KEY.get(name) or _of_type(hint)
        properties[name] = {**made, "description": said[name]} if name in said else made
    defaults: dict[str, Any] = model._field_defaults  # type: ignore[attr-defined]
    needed = {"allOf": list(_NEEDED_BY_METRIC)} if model is Condition else {}
    return {
        "type": "object",
        "description": (model.__doc__ or "").strip(),
        "properties": properties,
        "required": [name for name in properties if name not in defaults],
        "additionalProperties": False,
        **needed,
    }


def _of_type(hint: Any) -> JsonSchema:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0])}
    if origin in (Union, UnionType):
        given = [_of_type(argument) for argument in arguments if argument is not type(None)]
        return {"anyOf": [*given, {"type": "null"}]}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if isinstance(hint, type) and hasattr(hint, "_fields"):
        return _of_class(hint)
    return _OF_SCALAR[hint]
