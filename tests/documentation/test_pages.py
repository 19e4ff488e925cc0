"""The how-to guides and explanations show what their commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documentation.page import PAGES, PREPARED, gone_through


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_its_commands_print(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)
    text = page.read_text(encoding="utf-8")
    assert gone_through(text, PREPARED.get(page.stem)) == text, "python -m tests.documentation.page writes it"
    assert "internal error" not in text


def test_the_code_of_a_command_is_that_of_the_one_before() -> None:
    page = "```console\n$ weighbridge check\nold\n$ echo $?\n0\n```\n"
    assert gone_through(page).splitlines()[-3:] == ["$ echo $?", "2", "```"]
