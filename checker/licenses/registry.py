"""From a spelling to the licence that it names: one text, several, one that was not read, or none that is known."""

import json
from functools import cache
from pathlib import Path
from typing import TypeAlias

from checker.document.nearest import nearest
from checker.licenses.license import License, from_record
from checker.licenses.spelling import fold
from checker.value import NamedTuple

_HERE = Path(__file__).parent
_OPERATORS = frozenset({"AND", "OR", "WITH"})
_NEAR = 0.8
"""Part of the letters that two spellings must share to be called near."""
_LONGEST = 200
"""Characters of the longest spelling that is looked at more than once; titles and addresses are shorter."""
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


Resolution: TypeAlias = Resolved | Ambiguous | Unrecognised


def resolve(spelling: str, *, license_name: str = "") -> Resolution:
    """What a spelling names. `license_name` is what a card adds to `license: other`, and counts there alone."""
    if fold(spelling) in ("", "other") and license_name.strip():
        spelling = license_name
    folded = fold(spelling)
    if folded in _SAYS_NOTHING:
        return Unrecognised(spelling, _SAYS_NOTHING[folded])
    match _named(spelling):
        case str(license_id):
            return Resolved(load(license_id))
        case list(candidates):
            return Ambiguous(spelling, tuple(candidates))
        case dict(text):
            return Unrecognised(spelling, f"the text of the {text['unread']} has not been read")
        case _:
            return _unrecognised(spelling, folded)


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
    if license_id not in ids():
        raise LookupError(f"no licence has the id {license_id!r}")
    return from_record(json.loads((_HERE / "registry" / f"{license_id}.json").read_bytes()))


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


def _unrecognised(spelling: str, folded: str) -> Unrecognised:
    if _is_compound(spelling, folded):
        return Unrecognised(spelling, "a compound expression: which of its licences apply has to be judged one by one")
    return Unrecognised(spelling, "no licence of that name is known", _nearest(folded))


def _nearest(folded: str) -> str | None:
    """The licence whose letters differ by one or two; where digits alone differ, another version is meant.

    The general measure also calls much less than that near, and this hint turns a manifest's licence into an error.
    """
    from checker.licenses.unlisted import loosened

    if folded.startswith("licenseref-") or not loosened(folded):
        return None  # a name that an organisation made for a licence of its own, or the mere word "license"
    singles = {key: named for key, named in _index().items() if isinstance(named, str)}
    close = nearest(folded, singles)
    if close is None:
        return None
    from difflib import SequenceMatcher

    ours, theirs = _letters(close), _letters(folded)
    is_misspelt = ours != theirs and SequenceMatcher(None, ours, theirs).ratio() >= _NEAR
    return singles[close] if is_misspelt else None


def _letters(folded: str) -> str:
    return "".join(character for character in folded if character.isalpha())


def _is_compound(spelling: str, folded: str) -> bool:
    """Whether it is made of known licences: `A OR B`, `GPL-2.0-or-later`, `GPL-2.0+`."""
    later = folded.removesuffix("+").removesuffix("-or-later")
    if later != folded:
        return later in _index()
    return bool(_OPERATORS & set(_words(spelling.upper()))) and bool(_parts(spelling))


def _parts(expression: str) -> list[str]:
    """The spellings between the operators of an expression that are known; none in a mere title such as "A and B"."""
    pieces = " ".join("\n" if word.upper() in _OPERATORS else word for word in _words(expression)).split("\n")
    return [piece for piece in pieces if fold(piece) in _index()]


def _words(expression: str) -> list[str]:
    return expression.replace("(", " ").replace(")", " ").split()


def _index() -> dict[str, Named]:
    index: dict[str, Named] = _file()["spellings"]  # type: ignore[assignment]
    return index


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
