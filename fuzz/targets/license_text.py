"""The text of a licence file: said to be one, or like one, or none; a text that is one stays it in other line breaks."""

from functools import cache

from checker.licenses.identify import Identified, identify
from fuzz.given import SHAPED, Given
from fuzz.target import ROOT, source

LONGEST = 256
_SHORT = 2000
"""Characters: what is compared of a longer text takes milliseconds."""
_PIECES = (
    "\n",
    " ",
    "not ",
    "Copyright (c) 2024 Acme",
    "you may",
    "# ",
    "* ",
    "&quot;",
    "<b>",
    "\u2019",
    "1.",
    "(a)",
    "shall",
    "-\n",
)


@cache
def _texts():
    """Whole texts, each to be cut and changed; the notices of this repository's own licence among them."""
    own = (ROOT / "LICENSE").read_text("utf-8")
    short = [path.read_text("utf-8") for path in sorted(ROOT.glob("checker/licenses/standard/*.txt"))]
    return (*(text for text in short if len(text) < _SHORT), own[:_SHORT], own)


def seeds():
    yield b"MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy"
    for number in range(min(len(_texts()), 16)):
        yield SHAPED + bytes((number, 0))


def one(data):
    text = _changed(data) if data.startswith(SHAPED) else source(data, "LICENSE").text
    found = identify(text)
    if isinstance(found, Identified):
        again = identify(text.replace("\n", "\r\n"))
        assert isinstance(again, Identified), "other line breaks make it another text"
        assert again.license == found.license


def _changed(data):
    given = Given(data[1:])
    texts = _texts()
    text = texts[-1] if given.below(100) == 99 else given.one_of(texts[:-1])
    for _ in range(given.below(5)):
        at, length = given.below(len(text) + 1) if len(text) < 65_000 else given.below(65_000), given.below(400)
        text = text[:at] + given.one_of(_PIECES) + text[at + length :]
    return text
