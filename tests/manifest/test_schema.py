"""The schema says what a model's id and a path look like, as far as a pattern can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from checker.document.schema import generate
from checker.manifest.model import Manifest

SCHEMA = generate(Manifest, "Weighbridge manifest", "manifest.schema.json")


def test_the_shipped_schema_is_the_one_that_the_models_make():
    shipped = Path(__file__).parents[2] / "checker" / "schemas" / "manifest.schema.json"
    assert json.loads(shipped.read_text("utf-8")) == SCHEMA


def undescribed(schema):
    return [key for key, value in schema.get("properties", {}).items() if not value.get("description")]


@pytest.mark.parametrize("name", sorted(SCHEMA["$defs"]))
def test_every_key_of_a_block_is_described(name):
    assert undescribed(SCHEMA["$defs"][name]) == []


def test_every_key_of_the_manifest_is_described():
    assert undescribed(SCHEMA) == []


@pytest.mark.parametrize(
    ("model", "valid"),
    [("a/b", True), ("gpt2", True), ("./a/b c", True), ("../a", True), ("a/b/c", False), ("/a", False), ("a b", False)],
)
def test_a_model_is_named_by_an_id_or_a_relative_path(model, valid):
    manifest = {"weighbridge": 1, "models": [{"model": model, "objective": "chat"}]}
    assert Draft202012Validator(SCHEMA).is_valid(manifest) is valid
