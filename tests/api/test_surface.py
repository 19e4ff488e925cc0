"""The public surface is what was recorded, each name of it is explained by an example that runs, and no other is public."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import checker
from tests.api.surface import RECORD, surface
from tests.packaging.offline import ROOT

NAMES = [name for name in checker.__all__ if name != "__version__"]


def test_the_surface_is_the_recorded_one():
    assert surface() == RECORD.read_text("utf-8"), "`python -m tests.api.surface` records a change that is meant"


def test_every_name_is_there_and_no_other():
    assert sorted(set(checker.__all__)) == checker.__all__
    assert set(checker.__all__) <= set(dir(checker))
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        checker.chekc  # noqa: B018


def test_no_module_takes_the_place_of_a_public_name():
    """An import of `checker.check` would put that module where the function is."""
    modules = {module.name for module in pkgutil.iter_modules(checker.__path__)}
    assert modules & set(checker.__all__) == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_explained_by_an_example_that_runs(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    held = getattr(checker, name)
    (found,) = doctest.DocTestFinder(recurse=False).find(held, name, import_module(held.__module__), globs={})
    assert found.examples
    told: list[str] = []
    doctest.DocTestRunner().run(found, out=told.append)
    assert told == []
