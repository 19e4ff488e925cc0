"""docs/select.md shows what the command prints."""

from __future__ import annotations

from tests.selection.page import PAGE, written


def test_the_page_shows_what_the_command_prints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "python -m tests.selection.page writes it"
