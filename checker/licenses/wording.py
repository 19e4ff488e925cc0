"""The words of a licence text as far as they count: layout, markup, addresses, numbering and holders' names do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from unicodedata import normalize

from checker.value import NamedTuple

MAX_CHARACTERS = 1_000_000
"""The longest text that is looked at, in characters; the longest licence known has about 40,000."""

_BINDING = """
shall must may not no cannot never only unless except provided without within limited exclude excludes
excluded excluding prohibit prohibits prohibited forbid forbids forbidden require requires required permission
permissions permitted condition conditions conditional conditioned restrict restricts restricted restriction
restrictions terms additional addition commercial commercially noncommercial royalty royalties fee fees pay
paid revenue users use uses used using research academic evaluation internal military purpose purposes grant
grants granted agree agrees obtain request written consent authorization authorisation exception exceptions
waive waived waiver sell sublicense distribute distribution display prominently terminate terminates notify
warranty liable
"""
BINDING = frozenset(_BINDING.split())
"""Words by which a text binds or frees somebody; a passage that holds one is never mere decoration."""


class Passage(NamedTuple):
    """A stretch of a text between two full stops, or a heading."""

    words: tuple[str, ...]
    is_heading: bool
    """A line of its own without a full stop, which binds nobody."""


def words(text: str) -> list[str]:
    """The words of a text, in lower case, as they are compared.

    A person's or a company's name where standard texts leave room for one is replaced by one word, so that MIT is MIT
    whoever disclaims the warranty.
    """
    return _words(_plain(text))


def passages(text: str) -> Iterator[Passage]:
    """The text cut at full stops, colons, semicolons and empty lines.

    A piece of one or two words joins the next; as a heading it is left out.
    """
    pending: list[str] = []
    for paragraph in _EMPTY_LINES.split(_plain(text)):
        for piece in _STOPS.split(paragraph):
            found = _words(piece)
            pending += found
            if len(pending) > 2:
                yield Passage(tuple(pending), _is_heading(piece, pending))
                pending = []
        if not binds(pending):
            pending = []
    if pending:
        yield Passage(tuple(pending), False)


def binds(run: list[str]) -> bool:
    """Whether words that a known text does not hold could change what it says.

    Titles, copyright lines and names of holders do not. Anything else of more than a dozen words does, for caution.
    """
    following = [*run[1:], ""] if run else []
    if any(word in BINDING and not _is_month(word, then) for word, then in zip(run, following, strict=True)):
        return True
    return len(run) > _DECORATION and not names_holders(run)


def names_holders(run: list[str]) -> bool:
    """Whether words are copyright lines, with a title before them at most."""
    begins = " ".join(run[:4]).startswith(("portions", "all rights reserved", "attribution notice"))
    return begins or ("copyright" in run[: _DECORATION + 1] and len(run) <= _HOLDERS_LISTED)


def _plain(text: str) -> str:
    plain = normalize("NFKC", unescape(text)).replace("©", "(c)").replace("\u00ad", "").casefold()
    plain = _TAGS.sub(" ", plain)
    plain = _ADDRESSES.sub(" ", plain)
    return _NUMBERING.sub(" ", plain)


def _words(plain: str) -> list[str]:
    return _without_holders(" ".join(_WORD.findall(plain))).split()


def _without_holders(joined: str) -> str:
    joined = joined.replace("non infringement", "noninfringement")
    for pattern, said in _HOLDERS:
        joined = pattern.sub(partial(_unnamed, said), joined)
    return joined


def _unnamed(said: str, found: re.Match[str]) -> str:
    """The sentence without the name; whole where what stands in its place binds somebody."""
    return found.group(0) if BINDING & set(found.group(1).split()) else said


def _is_heading(piece: str, found: list[str]) -> bool:
    """A date or a number tells versions apart: it is no mere heading."""
    is_short = len(found) <= _DECORATION and not any(character.isdigit() for word in found for character in word)
    return is_short and not piece.rstrip().endswith((".", ";")) and not binds(found)


def _is_month(word: str, following: str) -> bool:
    return word == "may" and following.isdigit()


_DECORATION = 12
"""Words of the longest title or heading that is passed over."""
_HOLDERS_LISTED = 200
"""Words of the longest list of holders that is passed over."""
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
"""Scripts without spaces between words: each character counts as one, so that wrapping does not matter."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+(?:\.\d+)*")
_EMPTY_LINES = re.compile(r"\r?\n[ \t>*#/|-]*\r?\n|\r[ \t]*\r")
_STOPS = re.compile(r"(?<=[.;:!?])[\"'”’)*_]*\s+")
_TAGS = re.compile(r"<(?:/?[a-z][^<>]{0,200}|!--.{0,2000}?--)>", re.DOTALL)
_ADDRESSES = re.compile(r"(?:https?://|www\.|mailto:)\S+|(?<!\S)\S[^\s@]*+@\S+\.\S+")
"""Begun at the beginning of a word alone: from each of its characters, ten thousand `@` take minutes."""
_NUMBERING = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=[*_#]))\\?\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,5})\\?[.)]+(?=[\s*_])"
)
_NAME = r"((?:\S+ ){1,14}?)"
_HOLDERS = tuple(
    (re.compile(f"{before}{_NAME}{after}"), said)
    for before, after, said in (
        ("in no event shall ", "be liable", "in no event shall holder be liable"),
        ("this software is provided by ", "as is", "this software is provided by holder as is"),
        ("as is and ", "disclaims? all warranties", "as is and holder disclaims all warranties"),
        (
            "neither the names? (?:of )?",
            "nor (?:the names? of|those of)(?: its| any| the| other| their)* contributors",
            "neither the name of holder nor the names of its contributors",
        ),
    )
)
"""Where standard texts name somebody, and what is compared instead."""
