"""The published schema of a record takes every record and refuses what a record may not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from checker.document.schema import draft_07
from checker.licenses import spellings
from checker.licenses.schema import record_schema
from checker.published import FOLDER

RECORDS = spellings.records()
SCHEMA = Draft202012Validator(record_schema())


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(record_schema())
    Draft7Validator.check_schema(draft_07(record_schema(), "license.draft-07.schema.json"))


def test_the_file_that_ships_is_made_from_the_types() -> None:
    shipped = json.loads((FOLDER / "license.schema.json").read_text(encoding="utf-8"))
    assert shipped == record_schema(), "run `python3 dev.py generate`"


@pytest.mark.parametrize("license_id", sorted(RECORDS))
def test_every_record_keeps_to_the_schema(license_id: str) -> None:
    assert [error.message for error in SCHEMA.iter_errors(RECORDS[license_id])] == []


def changed(license_id: str, **changes: Any) -> dict[str, Any]:
    return {**RECORDS[license_id], **changes}


LLAMA_CAP: dict[str, Any] = RECORDS["llama3.1"]["conditions"][0]


@pytest.mark.parametrize(("record", "said"), [
    (changed("MIT", licence="MIT"), "Additional properties are not allowed ('licence' was unexpected)"),
    ({key: value for key, value in RECORDS["MIT"].items() if key != "evidence"}, "'evidence' is a required property"),
    ({key: value for key, value in RECORDS["MIT"].items() if key != "conditions"}, "'conditions' is a required property"),
    (changed("MIT", category="free"), "'free' is not one of"),
    (changed("MIT", dated="January 2004"), "'January 2004' does not match"),
    (changed("MIT", patent="express"), "'express' is not of type 'object'"),
    (changed("llama3.1", conditions=[{**LLAMA_CAP, "limit": "700 million"}]), "'700 million' is not of type 'integer'"),
    (changed("llama3.1", conditions=[{**LLAMA_CAP, "limit": 0}]), "0 is less than the minimum of 1"),
    (changed("llama3.1", conditions=[{**LLAMA_CAP, "op": "=="}]), "'==' is not one of ['>', '>=']"),
    (changed("llama3.1", conditions=[{k: v for k, v in LLAMA_CAP.items() if k != "month"}]), "'month' is a required"),
    (changed("llama3.1", conditions=[{k: v for k, v in LLAMA_CAP.items() if k != "whose"}]), "'whose' is a required"),
    (changed("qwen", conditions=[{**RECORDS["qwen"]["conditions"][0], "month": "2024-08"}]), "False schema does not allow"),
    (changed("gemma", links=["https://ai.google.dev/gemma/terms"]), "does not match"),
])  # fmt: skip
def test_what_a_record_may_not_say_is_refused(record: dict[str, Any], said: str) -> None:
    assert [said in error.message for error in SCHEMA.iter_errors(record)].count(True) == 1
