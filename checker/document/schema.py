"""JSON Schemas made from the typed models, so that an editor says what the loader says.

Descriptions are the docstrings below the attributes; they are read from the source only here, where a schema is made,
because reading source while a check starts would cost more than the check.
"""

import ast
import sys
from functools import cache
from inspect import getsource
from typing import Any, TypeAlias

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from checker.document.bind import Later
from checker.document.place import At
from checker.document.scalars import Reading, in_brackets, in_items

BASE = "https://weighbridge.example/schemas/"
"""Where the ids of our schemas begin."""

JsonSchema: TypeAlias = dict[str, Any]


def generate(model: type[BaseModel], title: str, name: str) -> JsonSchema:
    """The JSON Schema (2020-12) of a model; its id is `BASE` and `name`."""
    schema: JsonSchema = _respelt(_Generator(by_alias=True).generate(_core_schema(model), mode="validation"))
    definitions = schema.pop("$defs", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": BASE + name,
        "title": title,
        **schema,
        **({"$defs": definitions} if definitions else {}),
    }


def draft_07(schema: JsonSchema, name: str) -> JsonSchema:
    """The same schema for editors that know draft 07 only."""
    converted: JsonSchema = _to_draft_07(schema)
    return {**converted, "$schema": "http://json-schema.org/draft-07/schema#", "$id": BASE + name}


def attribute_docstrings(model: type) -> dict[str, str]:
    """The docstrings below the attributes of a class and of the classes that it extends, each on one line."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if base.__module__ in sys.modules and base not in (object, BaseModel):
            found.update(_docstrings_of_module(base.__module__).get(base.__qualname__, {}))
    return found


@cache
def _docstrings_of_module(module: str) -> dict[str, dict[str, str]]:
    try:
        tree = ast.parse(getsource(sys.modules[module]))
    except (OSError, TypeError):  # a module without source text: built in, or typed at a prompt
        return {}
    return {node.name: _docstrings_of_class(node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def _docstrings_of_class(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for statement, following in zip(node.body, node.body[1:], strict=False):
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
            meaning = " ".join(str(following.value.value).split())
            found.update((target.id, meaning) for target in targets if isinstance(target, ast.Name))
    return found


def _core_schema(model: type[BaseModel]) -> core_schema.CoreSchema:
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return model.__pydantic_core_schema__


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, which learns our markers and leaves out what pydantic would add of its own."""

    def function_plain_schema(self, schema: core_schema.PlainValidatorFunctionSchema) -> JsonSchema:
        """A scalar that one of our markers reads, or a block that is built later."""
        marker = getattr(schema["function"]["function"], "__self__", None)
        if isinstance(marker, Reading):
            return marker.json_schema()
        if isinstance(marker, Later):
            return self.generate_inner(_core_schema(marker.model()))
        return super().function_plain_schema(schema)

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchema:
        """A scalar that is held to bounds after it was read, or a list whose one value may stand without brackets."""
        several = super().function_before_schema(schema)
        marker = getattr(schema["function"]["function"], "__self__", None)
        if isinstance(marker, Reading):
            return {**several, **marker.json_schema()}
        if schema["function"]["function"] not in (in_brackets, in_items):
            return several
        return {"anyOf": [several["items"], several]}

    def chain_schema(self, schema: core_schema.ChainSchema) -> JsonSchema:
        """A pattern is tried on what a marker has read; the marker says the type."""
        made: JsonSchema = {}
        for step in schema["steps"]:
            made = {**self.generate_inner(step), **made}
        return made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchema:
        """A key may be absent; standing there without a value is an error."""
        return self.generate_inner(schema["schema"])

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchema:
        """Add the docstrings of attributes."""
        made = super().model_schema(schema)
        made.pop("title", None)
        model = schema["cls"]
        descriptions = attribute_docstrings(model)
        for name, field in model.model_fields.items():
            made["properties"][field.alias or name].setdefault("description", descriptions.get(name, ""))
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        """Show a default only where there is something to show."""
        made = super().default_schema(schema)
        if made.get("default", 0) in (None, [], {}):
            del made["default"]
        return made

    def encode_default(self, dft: Any) -> Any:
        """A default as it would be written in the file."""
        if isinstance(dft, At):
            return self.encode_default(dft.value)
        if isinstance(dft, tuple):
            items = [self.encode_default(item) for item in dft]
            return items[0] if len(items) == 1 else items
        return super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        """The key is title enough."""
        return False


_KEYWORDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
    "max_length": "maxLength",
}
"""Constraints that pydantic leaves under its own names where one of our markers reads the value."""


def _respelt(node: Any) -> Any:
    if isinstance(node, list):
        return [_respelt(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        _KEYWORDS.get(key, key) if isinstance(value, (int, float)) else key: _respelt(value)
        for key, value in node.items()
    }


def _to_draft_07(node: Any) -> Any:
    if isinstance(node, list):
        return [_to_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    converted = {("definitions" if key == "$defs" else key): _to_draft_07(value) for key, value in node.items()}
    if isinstance(converted.get("$ref"), str):
        reference = {"$ref": converted.pop("$ref").replace("#/$defs/", "#/definitions/")}
        return {"allOf": [reference], **converted} if converted else reference  # draft 07 sees nothing beside a $ref
    return converted
