"""Each file in `examples/good` is loaded, each in `examples/bad` is refused with the text beside it.

A list of names that is cut short ("one of a, b, …") stands there as `one of …`: it grows with the table it is made of.
The schemas that editors use judge the same files alike, except those in `bad/loader-only`, which no schema can tell.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from ruamel.yaml import YAML

from checker.document.errors import InputError, render_problem
from checker.document.read import from_text, read
from checker.document.tree import c_events, parse, pure_events
from checker.manifest.load import load

EXAMPLES = Path(__file__).parent / "examples"
SCHEMAS = Path(__file__).parents[2] / "checker" / "schemas"
VALIDATORS = {
    "2020-12": Draft202012Validator(json.loads((SCHEMAS / "manifest.schema.json").read_text("utf-8"))),
    "draft 07": Draft7Validator(json.loads((SCHEMAS / "manifest.draft-07.schema.json").read_text("utf-8"))),
}


def examples(folder):
    return [pytest.param(path, id=path.stem) for path in sorted((EXAMPLES / folder).glob("*.yaml"))]


def judged(path, repository):
    copy = Path(shutil.copy(path, repository / "service" / path.name))
    return load(read(copy, path.name))


def values(path):
    """The file as an editor reads it: YAML 1.2, in which a day is a text."""
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)
    return yaml.load(path.read_text("utf-8-sig"))


def test_there_are_examples():
    assert all(examples(folder) for folder in ("good", "bad", "bad/loader-only"))


@pytest.mark.parametrize("path", examples("good"))
def test_a_good_example_is_loaded(path, repository):
    judged(path, repository)


@pytest.mark.parametrize("path", [*examples("bad"), *examples("bad/loader-only")])
def test_a_bad_example_is_refused_with_the_text_beside_it(path, repository):
    with pytest.raises(InputError) as caught:
        judged(path, repository)
    told = "".join(f"{render_problem(problem)}\n" for problem in caught.value.problems)
    assert re.sub(r"\bone of .*, …", "one of …", told) == path.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("draft", VALIDATORS)
@pytest.mark.parametrize("path", examples("good"))
def test_a_schema_accepts_every_good_example(path, draft):
    assert [error.message for error in VALIDATORS[draft].iter_errors(values(path))] == []


@pytest.mark.parametrize("draft", VALIDATORS)
@pytest.mark.parametrize("path", examples("bad"))
def test_a_schema_refuses_every_bad_example(path, draft):
    assert not VALIDATORS[draft].is_valid(values(path))


@pytest.mark.parametrize("path", [*examples("good"), *examples("bad")])
def test_both_parsers_read_an_example_alike(path):
    source = from_text(path.name, path.read_bytes())
    assert parse(source, c_events) == parse(source, pure_events)
