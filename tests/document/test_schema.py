"""A JSON Schema says what the loader says: kinds, choices, bounds, which keys there are, and what they are for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from pydantic import ConfigDict, Field
from pydantic.json_schema import PydanticInvalidForJsonSchema
from pydantic_core.core_schema import no_info_plain_validator_function

from checker.document.bind import Block, Later
from checker.document.place import NOWHERE, At
from checker.document.scalars import Count, Day, Memory, Number, OneOrMany, Share, Text, Whole, Word, YesNo
from checker.document.schema import attribute_docstrings, draft_07, generate


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Wheel(Block):
    """One wheel."""

    size: Annotated[int, Whole, Field(gt=0, lt=100)]
    """Its size,
    in inches."""


class Fields(Block):
    """Every kind of field."""

    model_config = ConfigDict(json_schema_extra={"maxProperties": 20})

    text: At[Annotated[str, Text]]
    """A text."""
    month: Annotated[str, Text, Field(pattern="^x$", min_length=2, max_length=9, examples=["x"])] = "x"
    whole: Annotated[int, Whole, Field(ge=0, le=9)] = 3
    count: At[Annotated[int, Count]] = At(1, NOWHERE)
    number: Annotated[float, Number] | None = None
    yes: At[Annotated[bool, YesNo]] = At(True, NOWHERE)
    share: Annotated[float, Share] = 0.5
    day: Annotated[date, Day] | None = None
    memory: Annotated[int, Memory] | None = None
    word: At[Annotated[Colour, Word]] = At(Colour.RED, NOWHERE)
    choice: Annotated[Literal["a", "b"], Word] = "a"
    several: OneOrMany[At[Annotated[Colour, Word]]] = ()
    defaults: OneOrMany[Annotated[Colour, Word]] = (Colour.RED, Colour.GREEN)
    wheel: Wheel | None = None
    """The spare one."""
    wheels: OneOrMany[Wheel] = ()
    shares: dict[Annotated[Colour, Word], Annotated[float, Share]] = {}
    outside: Annotated[int, Whole] = Field(default=1, ge=1, le=9)
    some: OneOrMany[Annotated[Colour, Word]] = Field(default=(Colour.RED,), min_length=1)
    later: Annotated[Any, Later(__name__, "Wheel")] = None
    from_: Annotated[str, Text] = Field(default="", alias="from")
    """Where it comes from."""


TEXT = {"type": ["string", "number", "boolean"], "minLength": 1}
COLOUR = {"type": "string", "enum": ["red", "green"]}
SHARE = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": r"^(100(\.0*)?|[0-9]{1,2}(\.[0-9]+)?)\s?%$"},
    ],
    "examples": ["10%", 0.1],
}
WHEEL = {"$ref": "#/$defs/Wheel"}
PROPERTIES = {
    "text": {**TEXT, "description": "A text."},
    "month": {"type": ["string", "number", "boolean"], "pattern": "^x$", "minLength": 2, "maxLength": 9, "examples": ["x"], "default": "x"},
    "whole": {"type": "integer", "minimum": 0, "maximum": 9, "default": 3},
    "count": {"type": "integer", "minimum": 1, "maximum": 2**31, "default": 1},
    "number": {"type": "number"},
    "yes": {"type": "boolean", "default": True},
    "share": {**SHARE, "default": 0.5},
    "day": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "memory": {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,9})?\s?([KMGT]i?B)$", "examples": ["24 GiB", "80 GB"]},
    "word": {**COLOUR, "default": "red"},
    "choice": {"type": "string", "enum": ["a", "b"], "default": "a"},
    "several": {"anyOf": [COLOUR, {"type": "array", "items": COLOUR}]},
    "defaults": {"anyOf": [COLOUR, {"type": "array", "items": COLOUR}], "default": ["red", "green"]},
    "wheel": {**WHEEL, "description": "The spare one."},
    "wheels": {"anyOf": [WHEEL, {"type": "array", "items": WHEEL}]},
    "shares": {"type": "object", "additionalProperties": SHARE, "propertyNames": {"enum": ["red", "green"]}},
    "outside": {"type": "integer", "minimum": 1, "maximum": 9, "default": 1},
    "some": {"anyOf": [COLOUR, {"type": "array", "items": COLOUR, "minItems": 1}], "default": "red"},
    "later": WHEEL,
    "from": {**TEXT, "description": "Where it comes from.", "default": ""},
}  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    return generate(Fields, "Fields of a test", "fields.schema.json")


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_field_is_described_as_it_is_read(schema, name):
    described = dict(schema["properties"][name])
    if not described.get("description", "x"):
        del described["description"]
    assert described == PROPERTIES[name]


def test_a_schema_has_no_other_properties(schema):
    assert list(schema["properties"]) == list(PROPERTIES)


def test_a_schema_begins_with_what_it_is(schema):
    assert {key: schema[key] for key in ("$schema", "$id", "title", "description", "type", "additionalProperties", "required", "maxProperties")} == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://weighbridge.example/schemas/fields.schema.json",
        "title": "Fields of a test",
        "description": "Every kind of field.",
        "type": "object",
        "additionalProperties": False,
        "required": ["text"],
        "maxProperties": 20,
    }  # fmt: skip


def test_a_block_is_defined_once(schema):
    assert schema["$defs"] == {
        "Wheel": {
            "additionalProperties": False,
            "description": "One wheel.",
            "properties": {
                "size": {
                    "type": "integer",
                    "exclusiveMinimum": 0,
                    "exclusiveMaximum": 100,
                    "description": "Its size, in inches.",
                }
            },
            "required": ["size"],
            "type": "object",
        }
    }


def test_a_schema_without_blocks_defines_none():
    assert "$defs" not in generate(Wheel, "Wheel", "wheel.schema.json")


def test_a_schema_is_one_of_its_draft(schema):
    Draft202012Validator.check_schema(schema)


def test_the_older_schema_is_one_of_its_draft(schema):
    Draft7Validator.check_schema(draft_07(schema, "old.json"))


def test_the_older_schema_puts_nothing_beside_a_reference(schema):
    old = draft_07(schema, "old.json")
    assert (old["$schema"], old["$id"], old["properties"]["wheel"], old["properties"]["later"]["allOf"]) == (
        "http://json-schema.org/draft-07/schema#",
        "https://weighbridge.example/schemas/old.json",
        {"allOf": [{"$ref": "#/definitions/Wheel"}], "description": "The spare one."},
        [{"$ref": "#/definitions/Wheel"}],
    )


def test_the_older_schema_refers_to_its_own_definitions(schema):
    old = draft_07(schema, "old.json")
    assert (list(old["definitions"]), old["properties"]["wheels"]["anyOf"][0]) == (
        ["Wheel"],
        {"$ref": "#/definitions/Wheel"},
    )


def test_docstrings_of_a_class_that_is_extended_are_kept():
    class Truck(Wheel):
        load: int = 0
        """What it carries."""

        def drive(self) -> None: ...

    assert attribute_docstrings(Truck)["size"] == "Its size, in inches."


def test_a_class_without_source_has_no_docstrings():
    made = type("Made", (), {"__module__": "builtins"})
    assert attribute_docstrings(made) == {}


def test_a_function_that_is_no_marker_is_refused():
    class Odd(Block):
        size: Annotated[int, Unknown()]

    with pytest.raises(PydanticInvalidForJsonSchema):
        generate(Odd, "Odd", "odd.json")


class Unknown:
    def __get_pydantic_core_schema__(self, source, handler):
        return no_info_plain_validator_function(int)


def test_a_function_before_a_list_changes_nothing():
    from pydantic import BaseModel, BeforeValidator

    class Odd(BaseModel):
        sizes: Annotated[list[int], BeforeValidator(list)]

    assert generate(Odd, "Odd", "odd.json")["properties"]["sizes"]["type"] == "array"
