"""The pictures show what the command prints, legibly, and fetch nothing."""

from __future__ import annotations

import re

import pytest

from tests.documentation.blocks import pages
from tests.documentation.picture import FOLDER, PICTURES, Picture, drawn

BACKGROUND = (22, 27, 34)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_what_the_command_prints(picture: Picture) -> None:
    kept = (FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert kept == drawn(picture), "python -m tests.documentation.picture draws it"
    assert re.findall(r"(?:https?:)?//[^\s\"]+", kept) == ["http://www.w3.org/2000/svg"]
    assert "exit&#160;code&#160;1" in kept


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_each_colour_is_legible_on_the_window(picture: Picture) -> None:
    fills = set(re.findall(r"fill: #([0-9a-f]{6})", (FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")))
    assert len(fills) > 3
    assert {fill: contrast(fill) for fill in fills if contrast(fill) < 4.5} == {}


def contrast(fill: str) -> float:
    """The contrast ratio of a colour on the background (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    color = tuple(int(fill[at : at + 2], 16) for at in (0, 2, 4))
    light, dark = sorted((luminance(color), luminance(BACKGROUND)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: tuple[int, ...]) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [part / 255 for part in color]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_picture_is_shown_and_has_words_in_its_place() -> None:
    shown = {
        name
        for page in pages()
        for name in re.findall(r"!\[[^\]]{20,}\]\([^)]*?([a-z-]+)\.svg\)", page.read_text("utf-8"))
    }
    assert {picture.name for picture in PICTURES} <= shown
    assert {path.stem for path in FOLDER.glob("*.svg")} == {picture.name for picture in PICTURES}
