"""From a spelling to the licence that it names: one text, several, one that was not read, or none that is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from checker.licenses.license import License, Unread, from_record, unread_from_record
from checker.licenses.spelling import fold
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.licenses.unlisted import Open

_HERE = Path(__file__).parent
_LONGEST = 200
"""Characters of the longest spelling that is looked at more than once; titles and addresses are shorter."""
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

Named: TypeAlias = str | list[str] | dict[str, str]


class Resolved(NamedTuple):
    """The spelling names one text that we have read."""

    license: License
    or_later: bool = False
    """Any later version may be chosen instead; we know of none, or the choices would be an `AnyOf`."""
    exception: str = ""
    """The SPDX id of an exception that permits more than the text does. What it permits was not read."""


class Ambiguous(NamedTuple):
    """The spelling names a family; its members differ in their terms."""

    spelling: str
    candidates: tuple[str, ...]
    """Ids, in the order of their versions."""


class Unrecognised(NamedTuple):
    """The spelling names no text that we have read."""

    spelling: str
    reason: str
    nearest: str | None = None
    """The id of the licence with the nearest spelling. Never assumed to be the one meant: it is offered."""
    unread: str = ""
    """The id of the text that it names, where that is known by name and was not read."""


class AnyOf(NamedTuple):
    """The spelling offers a choice (`MIT OR Apache-2.0`): whoever takes the work may choose, and one is enough."""

    spelling: str
    choices: tuple[Resolution, ...]
    """At least two, in the order of the spelling; none of them is an `AnyOf`."""


class AllOf(NamedTuple):
    """The spelling names several texts that all apply (`MIT AND Apache-2.0`, or a list of licences)."""

    spelling: str
    parts: tuple[Resolution, ...]
    """At least two, in the order of the spelling; none of them is an `AllOf`."""


Resolution: TypeAlias = Resolved | Ambiguous | Unrecognised | AnyOf | AllOf


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
    match _named(spelling):
        case str(license_id):
            return Resolved(load(license_id))
        case list(candidates):
            return Ambiguous(spelling, tuple(candidates))
        case dict(text):
            reason = f"the text of the {text['name']} has not been read"
            return Unrecognised(spelling, reason, unread=text["unread"])
        case _:
            return _unlisted(spelling, folded)


def canonical_id(spelling: str) -> str | None:
    """The id of the one text that a spelling names, without reading it; None where `resolve` has more to say."""
    named = _named(spelling)
    return named if isinstance(named, str) else None


def _named(spelling: str) -> Named | None:
    """What the index says of a spelling: as it is listed, else by its address, else by a looser form of it."""
    found = _index().get(fold(spelling))
    if found is not None or len(spelling) > _LONGEST:
        return found
    from checker.licenses.unlisted import addressed, loosened

    if (kept := addressed(spelling)) is not None:
        found = _index().get(fold(kept)) or _loose_index().get(loosened(kept))
    return found or _loose_index().get(loosened(spelling))


@cache
def load(license_id: str) -> License:
    """The licence of that canonical id.

    Raises:
        LookupError: no registry file has that id.
    """
    return from_record(record(license_id))


def record(license_id: str) -> dict[str, Any]:
    """The registry file of that canonical id, as `json.loads` gives it.

    Raises:
        LookupError: no registry file has that id.
    """
    if license_id not in ids():
        raise LookupError(f"no licence has the id {license_id!r}")
    loaded: dict[str, Any] = json.loads((_HERE / "registry" / f"{license_id}.json").read_bytes())
    return loaded


def unread(license_id: str) -> Unread:
    """The text of that id that is known by name and that nobody has read.

    Raises:
        KeyError: no such text is known.
    """
    known: dict[str, dict[str, Any]] = json.loads((_HERE / "unread.json").read_bytes())
    return unread_from_record(license_id, known[license_id])


@cache
def ids() -> frozenset[str]:
    """The canonical ids of all licences that we have read."""
    return frozenset(named for named in _index().values() if isinstance(named, str))


def spdx_or_ref(text: License) -> str:
    """What stands for the licence in a document that wants SPDX: its id, or a `LicenseRef-…`."""
    return text.spdx or text.license_ref


def digest() -> str:
    """SHA-256 over the registry files, as hexadecimal digits."""
    return str(_file()["registry_sha256"])


def _unlisted(spelling: str, folded: str) -> Resolution:
    """What a spelling comes to that nobody listed: several licences joined, or nothing that is known."""
    if len(spelling) <= _LONGEST_EXPRESSION and any(mark in f" {spelling.casefold()} " for mark in _JOINS):
        from checker.licenses.expressions import read

        if (joined := read(spelling, _of_one)) is not None:
            return joined
    from checker.licenses.unlisted import misspelt

    return Unrecognised(spelling, "no licence of that name is known", misspelt(folded, _slots()))


def _index() -> dict[str, Named]:
    index: dict[str, Named] = _file()["spellings"]  # type: ignore[assignment]
    return index


@cache
def _slots() -> Open:
    """The listed spellings as a slip in one word is looked up in them."""
    from checker.licenses.unlisted import opened

    return opened(_index())


@cache
def _loose_index() -> dict[str, Named]:
    """The listed spellings in their looser form, as far as all that share it name the same."""
    from checker.licenses.unlisted import loosened

    loose: dict[str, list[Named]] = {}
    for spelling, named in _index().items():
        loose.setdefault(loosened(spelling), []).append(named)
    return {form: all_named[0] for form, all_named in loose.items() if all(one == all_named[0] for one in all_named)}


@cache
def _file() -> dict[str, object]:
    loaded: dict[str, object] = json.loads((_HERE / "spellings.json").read_bytes())
    return loaded
