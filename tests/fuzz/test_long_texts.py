"""Texts of somebody else's that once took the square of their length, or more: none does any more."""

from __future__ import annotations

import json

import pytest

from checker.document.place import SourceFile
from checker.facts.kind.record import signals_of
from checker.facts.model import Facts
from checker.licenses.identify import identify
from checker.licenses.registry import resolve
from checker.memory.versions import version_of
from checker.rulebook.model_pattern import matching
from checker.scan import notebook, plain_yaml
from tests.ending import that_ends


def _notebook(code: str) -> SourceFile:
    cells = [{"cell_type": "code", "source": one} for one in (code, "y = 1\n")]
    return SourceFile("a.ipynb", json.dumps({"cells": cells}))


CASES = {
    "a licence of at signs": lambda: identify("@" * 990_000),
    "a licence of one long word": lambda: identify("a" * 999_999),
    "a list with many stars": lambda: matching(Facts(model=f"a/{'a' * 90}", found_as="a"), [f"a/{'*a' * 40}b"]),
    "a licence's name of blanks": lambda: resolve(f"MIT{' ' * 400_000}x"),
    "a note of blanks": lambda: signals_of({"id": "a/b", "notes": f"architectures = a{' ' * 400_000}b"}),
    "a version of letters": lambda: version_of("z" * 400_000, "transformers"),
    "a cell of blanks": lambda: notebook.read(_notebook(f"x{' ' * 400_000}="), lambda _: None),
    "templates that do not end": lambda: list(plain_yaml.documents(SourceFile("a.yaml", f"a: '{'{{' * 160_000}'\n"))),
}


@pytest.mark.parametrize("case", CASES)
def test_a_long_text_is_read_without_taking_the_square_of_it(case):
    with that_ends():
        CASES[case]()


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("acme/one", "acme/one", True),
        ("ACME/One", "acme/oNE", True),
        ("acme/one", "acme/one-two", False),
        ("acme/*", "acme/", True),
        ("acme/*", "acme/one", True),
        ("acme/*", "other/acme/one", False),
        ("*-instruct", "acme/one-instruct", True),
        ("*-instruct", "acme/one-instruct-2", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "acb", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("ab*bc", "abc", False),
        ("**", "anything/at-all", True),
        ("acme.one", "acmexone", False),
        (f"acme/*@{'a' * 40}", "acme/one", True),
    ],
)
def test_a_star_stands_for_any_characters(pattern, name, fits):
    assert bool(matching(Facts(model=name, found_as=name), [pattern])) is fits
