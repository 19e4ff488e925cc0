"""What is said of mutation testing is what the records hold."""

from __future__ import annotations

import importlib.util
import json
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
RECORDS = sorted(FOLDER.glob("*.json"))


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("mutants_page", ROOT / "tools" / "mutants" / "page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_the_records(page):
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_nine_in_ten_of_what_was_judged_was_noticed(path):
    record = json.loads(path.read_text(encoding="utf-8"))
    assert record["drawn"] >= min(500, record["existing"])
    assert record["noticed_percent"] >= 90


def test_each_equivalent_mutant_is_of_a_file_that_is_there_and_has_its_reason():
    listed = tomllib.loads((FOLDER / "equivalents.toml").read_text(encoding="utf-8")).get("equivalent", [])
    for one in listed:
        assert set(one) == {"file", "scope", "before", "after", "reason"}
        assert (ROOT / one["file"]).is_file()
        assert len(one["reason"].split()) >= 4, one
