"""The page about `fit` shows what the command really prints."""

from __future__ import annotations

from tests.packaging.fit_page import PAGE, written


def test_the_page_shows_the_output_of_its_commands() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page)
    assert page.count("$ weighbridge fit ") == 5
    assert "error: `method` is `qlra`" in page
