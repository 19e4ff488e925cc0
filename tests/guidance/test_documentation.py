"""The guidance's tables in the documentation are the data's."""

from __future__ import annotations

from pathlib import Path

from checker.guidance.guidance import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "guidance.md"


def test_the_documentation_shows_the_guidance_as_it_is():
    shown = PAGE.read_text(encoding="utf-8").partition("compares it) -->\n")[2].partition("<!-- guidance: end -->")[0]
    assert shown.strip() == as_markdown().strip()
