"""docs/select.md shows what the command prints."""

from __future__ import annotations

import pytest

from tests.selection.page import PAGE, written

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time


def test_the_page_shows_what_the_command_prints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "python -m tests.selection.page writes it"
