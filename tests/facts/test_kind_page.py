"""The page about `classify` shows the tables that decide."""

from __future__ import annotations

from tests.facts.kind_page import PAGE, written


def test_the_page_shows_the_tables():
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run `python3 dev.py generate`"
    assert page.count("<!-- table ") == 7
