"""From a spelling to the licence that it names: one text, several, one that was not read, or none that is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from checker.licenses.records import canonical_id, digest, ids, index, load, named, record, spdx_or_ref, unread
from checker.licenses.resolution import AllOf, Ambiguous, AnyOf, Resolution, Resolved, Unrecognised
from checker.licenses.spelling import fold

if TYPE_CHECKING:
    from checker.licenses.unlisted import Open

__all__ = [
    "AllOf", "Ambiguous", "AnyOf", "Resolution", "Resolved", "Unrecognised", "canonical_id", "digest", "ids", "load",
    "record", "resolve", "resolve_all", "spdx_or_ref", "unread",
]  # fmt: skip
_LONGEST_EXPRESSION = 1000
"""Characters of the longest text that is read as an expression."""
_JOINS = (
    " and ", " or ", " with ", "(", ")", "+", "or-later", "-or later", ",", ";", "&", "/", "-and-", "-or-",
)  # fmt: skip
"""What stands in a text that names several licences, or a version and those after it."""
_SAYS_NOTHING = {
    "": "no licence is named",
    "other": "`other` names no text, and no `license_name` says which it is",
    "unknown": "`unknown` names no text",
    "none": "`none` names no text",
    "custom": "`custom` names no text",
    "proprietary": "`proprietary` names no text",
}


@lru_cache(maxsize=1024)
def resolve(spelling: str, *, license_name: str = "", license_link: str = "") -> Resolution:
    """What a spelling names.

    `license_name` and `license_link` are what a card adds to `license: other`. The name counts there alone. The link
    counts there too, and where a name leaves several texts; where it leads to another text than the name says, the two
    contradict each other and neither is taken.
    """
    if fold(spelling) in ("", "other") and license_name.strip():
        spelling = license_name
    found = _of_one(spelling)
    if not license_link.strip() or (isinstance(found, Resolved | AnyOf | AllOf) and spelling != license_name):
        return found
    from checker.licenses.links import held_against

    return held_against(found, license_link)


def resolve_all(spellings: Sequence[str]) -> Resolution:
    """What a list of licences names: the Hub does not say how its items belong together, so all are held to apply."""
    from checker.licenses.expressions import joined

    return joined(", ".join(spellings), [_of_one(spelling) for spelling in spellings])


def _of_one(spelling: str) -> Resolution:
    """What a spelling names by itself."""
    folded = fold(spelling)
    if folded in _SAYS_NOTHING:
        return Unrecognised(spelling, _SAYS_NOTHING[folded])
    match named(spelling):
        case str(license_id):
            return Resolved(load(license_id))
        case list(candidates):
            return Ambiguous(spelling, tuple(candidates))
        case dict(text):
            reason = f"the text of the {text['name']} has not been read"
            return Unrecognised(spelling, reason, unread=text["unread"])
        case _:
            return _unlisted(spelling, folded)


def _unlisted(spelling: str, folded: str) -> Resolution:
    """What a spelling comes to that nobody listed: several licences joined, or nothing that is known."""
    if len(spelling) <= _LONGEST_EXPRESSION and any(mark in f" {spelling.casefold()} " for mark in _JOINS):
        from checker.licenses.expressions import read

        if (joined := read(spelling, _of_one)) is not None:
            return joined
    from checker.licenses.unlisted import misspelt

    return Unrecognised(spelling, "no licence of that name is known", misspelt(folded, _slots()))


@cache
def _slots() -> Open:
    """The listed spellings as a slip in one word is looked up in them."""
    from checker.licenses.unlisted import opened

    return opened(index())
