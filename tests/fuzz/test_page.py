"""The page about fuzzing says what the records say."""

from __future__ import annotations

from fuzz import page
from fuzz.run import recorded
from fuzz.target import names


def test_the_page_shows_the_records():
    written = page.PAGE.read_text(encoding="utf-8")
    assert page.made(written) == written, "run `python -m fuzz.page`"


def test_the_record_holds_targets_that_there_are():
    assert recorded().keys() <= set(names())
