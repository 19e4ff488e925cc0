"""What a spelling of a licence comes to that nobody listed: by its words, or by the address of a text.

Imported by the first such spelling: the patterns take longer to compile than a listed one takes to find.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeAlias

from checker.licenses.spelling import fold


def loosened(spelling: str) -> str:
    """A looser form, for a spelling that is not listed: words that say "a licence" and "a version" do not count.

    `Apache v2`, `GNU GPLv3` and `APACHE_2_0` come to what their listed spellings come to. The caller takes it where
    that is one and the same licence for all of them.
    """
    dotted = _END_IN_ZERO.sub(".0", _BETWEEN_DIGITS.sub(".", spelling.strip()))
    words = _VERSION.sub(r"\1-\2", fold(dotted)).split("-")
    return "-".join(word for word in words if word and word not in _FILLER)


_BETWEEN_DIGITS = re.compile(r"(?<=\d)_(?=\d)")
_END_IN_ZERO = re.compile(r"(?<=\d)[- ]0(?=$|[- ]0$)")
_VERSION = re.compile(r"\b([a-z]*)v(\d[\d.]*)\b")
_FILLER = frozenset(("the", "license", "version", "agreement", "v"))


def addressed(spelling: str) -> str | None:
    """The spelling that stands in the address of a text at those who keep it; None for any other text or address."""
    address = _ADDRESS.fullmatch(spelling.strip().casefold())
    if address is None:
        return None
    host, path = address.groups()
    for hosts, pattern, name in _KEEPERS:
        if host in hosts and (found := pattern.fullmatch(path)):
            return found.expand(name)
    return None


_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([a-z.]+\.[a-z]+)/(\S+?)/?(?:\.txt|\.html?|\.php)?/?")
_KEEPERS = (
    (
        ("opensource.org", "choosealicense.com", "spdx.org", "gnu.org", "fsf.org"),
        re.compile(r"(?:license|licenses|licences)/(?:old-licenses/)?([^/]+?)(?:\.[a-z]{2})?"),
        r"\1",
    ),
    (("apache.org",), re.compile(r"licenses/license-([\d.]+)"), r"apache-\1"),
    (("mozilla.org",), re.compile(r"(?:[a-z-]+/)?mpl/([\d.]+)"), r"mpl-\1"),
    # What follows the version names a language of the same text, or a country whose port is another text.
    (("creativecommons.org",), re.compile(r"licenses/([a-z-]+)/([\d.]+)(?:/(?:deed|legalcode).*)?"), r"cc-\1-\2"),
    (("creativecommons.org",), re.compile(r"publicdomain/zero/([\d.]+)(?:/(?:deed|legalcode).*)?"), r"cc0-\1"),
    (("llama.com", "llama.meta.com", "ai.meta.com"), re.compile(r"(llama[\d_]+)/license"), r"\1"),
    (("ai.google.dev",), re.compile(r"gemma/terms"), "gemma"),
)
"""Who keeps texts of licences under lasting addresses: the hosts, the path, and the spelling that it comes to."""


Open: TypeAlias = dict[tuple[str, ...], list[tuple[int, str, str]]]
"""By the words of a spelling with one of them left open: what stands there, its letters as bits before it, and the
licence that is then named."""
_MOST_LETTERS = 4
"""Letters that occur in one of two words alone, where these differ by two slips: a change makes two."""


def opened(index: Mapping[str, object]) -> Open:
    """The listed spellings by their words with one left open, so that a slip is found without comparing them all."""
    slots: Open = {}
    for spelling, named in index.items():
        if isinstance(named, str):
            words = loosened(spelling).split("-")
            for place, word in enumerate(words):
                slots.setdefault(_with_gap(words, place), []).append((_bits(word), word, named))
    return slots


def misspelt(folded: str, slots: Open) -> str | None:
    """The licence whose spelling differs by a slip of the fingers in one word; None where more differs.

    A word may have one letter too many, too few, wrong or swapped, two from six letters on; in one of three letters
    every change makes another word, so that they may be swapped alone. Digits are never a slip:
    they name another version. `LicenseRef-…` is a name that an organisation made for a licence of its own.
    """
    words = loosened(folded).split("-")
    if not words[0] or folded.startswith("licenseref-"):
        return None
    near = (
        (slips, named)
        for place, word in enumerate(words)
        for bits, listed, named in slots.get(_with_gap(words, place), ())
        if (bits ^ _bits(word)).bit_count() <= _MOST_LETTERS and (slips := _slips(word, listed))
    )
    best = min(near, default=None)
    return best[1] if best else None


@lru_cache(64)
def _bits(word: str) -> int:
    """The characters of a word as bits: a quick look before two words are compared letter by letter."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) & 63)
    return bits


def _with_gap(words: list[str], place: int) -> tuple[str, ...]:
    return (*words[:place], "", *words[place + 1 :])


def _slips(ours: str, theirs: str) -> int:
    """How many letters two words differ by; 0 where they are the same, or it is more than a slip."""
    if ours == theirs or _digits(ours) != _digits(theirs) or abs(len(ours) - len(theirs)) > 2:
        return 0
    allowed = 2 if min(len(_letters(ours)), len(_letters(theirs))) > 5 and ours[0] == theirs[0] else 1
    slips = _distance(_letters(ours), _letters(theirs))
    is_swapped = sorted(_letters(ours)) == sorted(_letters(theirs))
    return slips if slips <= allowed and (is_swapped or len(_letters(theirs)) > 3) else 0


def _digits(word: str) -> str:
    return "".join(character for character in word if not character.isalpha())


def _letters(word: str) -> str:
    return "".join(character for character in word if character.isalpha())


def _distance(ours: str, theirs: str) -> int:
    """Insertions, deletions, changes and swaps of neighbours that make one of the other (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(theirs) + 1))
    for i, left in enumerate(ours):
        above, before = before, row
        row = [i + 1]
        for j, right in enumerate(theirs):
            row.append(min(before[j] + (left != right), before[j + 1] + 1, row[j] + 1))
            if i and j and left == theirs[j - 1] and ours[i - 1] == right:
                row[-1] = min(row[-1], above[j - 1] + 1)
    return row[-1]
