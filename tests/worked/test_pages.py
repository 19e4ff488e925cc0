"""The worked pages show what their commands print."""

from __future__ import annotations

import pytest

from tests.packaging import pages
from tests.worked.page import PAGES

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_worked_page_shows_what_its_commands_print(page, monkeypatch):
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)
    text = page.read_text(encoding="utf-8")
    assert pages.story(text) == text, "python -m tests.worked.page writes it"
    assert "internal error" not in text


def test_there_is_a_page_for_each_story():
    assert [page.stem for page in PAGES] == [
        "chat-on-one-rtx-4090",
        "classifier-on-a-laptop",
        "legal-documents-at-128k",
        "on-a-phone",
        "rag-on-one-l40s",
    ]


def test_a_page_that_has_gone_stale_is_seen():
    page = '```yaml title="model.yaml"\nweighbridge: 1\n```\n\n```console\n$ cat model.yaml\nsomething else\n```\n'
    assert pages.story(page) == page.replace("something else", "weighbridge: 1")


def test_a_command_may_take_several_lines_and_be_cut():
    page = "```console\n$ weighbridge explain \\\n    context-window | head -1\n```\n"
    assert pages.story(page).splitlines()[3].startswith("context-window")
