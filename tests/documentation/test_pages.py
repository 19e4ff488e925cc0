"""The how-to guides and explanations show what their commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

import dev
from tests.documentation import page, picture
from tests.documentation.page import PAGES, PREPARED, gone_through
from tests.hooks import tutorial
from tests.packaging import fit_page
from tests.selection import page as select_page
from tests.worked import page as worked_page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_shows_what_its_commands_print(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)
    text = path.read_text(encoding="utf-8")
    assert gone_through(text, PREPARED.get(path.stem)) == text, "python -m tests.documentation.page writes it"
    assert "internal error" not in text


def test_the_code_of_a_command_is_that_of_the_one_before() -> None:
    text = "```console\n$ weighbridge check\nold\n$ echo $?\n0\n```\n"
    assert gone_through(text).splitlines()[-3:] == ["$ echo $?", "2", "```"]


def test_the_habit_starts_the_writer_of_every_page() -> None:
    started = {f"tests.{name}" for name in dev.PAGE_WRITERS}
    assert started == {module.__name__ for module in (page, picture, tutorial, worked_page, select_page, fit_page)}
