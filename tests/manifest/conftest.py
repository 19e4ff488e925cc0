"""A repository of its own for each test, so that paths have something to stay inside of."""

from __future__ import annotations

import pytest

from checker.document.errors import InputError, render_problem
from checker.document.read import from_text
from checker.manifest.load import load


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A git repository; the test runs in its folder `service`."""
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    folder = tmp_path / "shop" / "service"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return tmp_path / "shop"


@pytest.fixture
def manifest():
    """Load a manifest from text."""
    return lambda text, **options: load(from_text("model.yaml", text), **options)


@pytest.fixture
def refusal(manifest):
    """What is told of a manifest that is refused."""

    def told(text, **options):
        with pytest.raises(InputError) as caught:
            manifest(text, **options)
        return "\n".join(render_problem(problem) for problem in caught.value.problems)

    return told
