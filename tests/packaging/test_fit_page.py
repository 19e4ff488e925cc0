"""The pages about `fit` show what the command really prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.fit_page import PAGES, PICTURE, drawn, written

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time


@pytest.mark.parametrize(
    ("page", "commands", "words"),
    [
        (PAGES[0], 7, "error: `method` is `qlra`"),
        (PAGES[1], 3, "latent attention (MLA)"),
    ],
    ids=["fit", "context-cost"],
)
def test_a_page_shows_the_output_of_its_commands(page: Path, commands: int, words: str) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == written(text)
    assert text.count("$ weighbridge fit ") == commands
    assert words in text


def test_the_picture_is_what_the_command_draws() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn()
