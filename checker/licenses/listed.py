"""Holds a licence against the lists of a policy: denied, to be reviewed, allowed, or not to be told.

Deny wins. Then what a list names by its id goes before what it takes in by its kind: review by id, allow by id, review
by kind or property, allow by kind or property.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Protocol

from checker.licenses.kinds import Kind, kind_among
from checker.licenses.license import License
from checker.licenses.properties import Wanted, lacking
from checker.licenses.registry import AllOf, AnyOf, Resolution, Resolved
from checker.licenses.spelling import fold
from checker.value import NamedTuple


class Standing(IntEnum):
    """What the lists say, the best first."""

    ALLOWED = 0
    REVIEW = 1
    """A person has to decide."""
    OPEN = 2
    """The text was not read, so that nobody can tell."""
    DENIED = 3


class Ruling(NamedTuple):
    """What the lists say of one licence, and which of them says it."""

    standing: Standing
    setting: str = ""
    """The list that decides; empty where nothing speaks against the licence."""
    found: str = ""
    """The licence, and what of it decides: "llama3.1, which is source-available"."""
    expected: str = ""
    name: str = ""
    """The licence's id, or its spelling."""


class Lists(Protocol):
    """The lists that hold for every use, or for one."""

    @property
    def deny(self) -> Sequence[str]:
        """Denied by id."""

    @property
    def deny_categories(self) -> Sequence[Kind]:
        """Denied by kind."""

    @property
    def require(self) -> Wanted | None:
        """Denied without these properties."""

    @property
    def review(self) -> Sequence[str]:
        """To be reviewed by id."""

    @property
    def review_categories(self) -> Sequence[Kind]:
        """To be reviewed by kind."""

    @property
    def review_unless(self) -> Wanted | None:
        """To be reviewed without these properties."""

    @property
    def allow(self) -> Sequence[str] | None:
        """Allowed by id."""

    @property
    def allow_categories(self) -> Sequence[Kind]:
        """Allowed by kind."""

    @property
    def allow_if(self) -> Wanted | None:
        """Allowed with these properties."""


class Named(NamedTuple):
    """Lists and the setting that holds them: none of its own for those of every use, `contexts` for those of one."""

    lists: Lists
    setting: str = ""

    def where(self, key: str) -> str:
        """The setting whose line decides."""
        return self.setting or key


def rule(found: Resolution, held: Sequence[Named]) -> Ruling:
    """What the lists say of what a spelling names: of a choice the best, of several that all apply the worst."""
    match found:
        case Resolved(text):
            return _of_text(text, held)
        case AnyOf(choices=choices):
            return min((rule(one, held) for one in choices), key=lambda ruling: ruling.standing)
        case AllOf(parts=parts):
            return max((rule(one, held) for one in parts), key=lambda ruling: ruling.standing)
        case _:
            return _of_name(found.spelling, held)


def is_listed(name: str, names: Iterable[str]) -> bool:
    """Whether a list names a licence, in whatever spelling."""
    return fold(name) in {fold(listed) for listed in names}


def _of_text(text: License, held: Sequence[Named]) -> Ruling:
    by_id = _of_name(text.id, held)
    denied = by_id if by_id.standing is Standing.DENIED else _denied(text, held)
    if denied is not None:
        return denied
    if by_id.standing is not Standing.OPEN:
        return by_id
    review = _to_review(text, held)
    if review is not None:
        return review
    if not _has_allow_list(held) or _allowed_by_kind(text, held):
        return Ruling(Standing.ALLOWED, name=text.id)
    return Ruling(Standing.DENIED, "allow", text.id, _accepted(held), text.id)


def _of_name(name: str, held: Sequence[Named]) -> Ruling:
    """What the lists say of a name alone. Of a text that was not read they can say no more."""
    for one in held:
        if is_listed(name, one.lists.deny):
            expected = "a licence that the policy does not deny"
            return Ruling(Standing.DENIED, one.where("deny"), name, expected, name)
    for one in held:
        if is_listed(name, one.lists.review):
            return Ruling(Standing.REVIEW, one.where("review"), f"`{name}` is to be reviewed by name", "", name)
    for one in held:
        if one.lists.allow is not None and is_listed(name, one.lists.allow):
            return Ruling(Standing.ALLOWED, one.where("allow"), name=name)
    return Ruling(Standing.OPEN, name=name)


def _denied(text: License, held: Sequence[Named]) -> Ruling | None:
    for one in held:
        kind = kind_among(text, one.lists.deny_categories)
        if kind is not None:
            kinds = ", ".join(one.lists.deny_categories)
            expected, found = f"a licence of none of these kinds: {kinds}", f"{text.id}, which is {kind}"
            return Ruling(Standing.DENIED, one.where("deny_categories"), found, expected, text.id)
        lacks = lacking(text, one.lists.require) if one.lists.require else ()
        if lacks:
            expected, found = f"a licence with {one.lists.require}", f"{text.id}, which {' and '.join(lacks)}"
            return Ruling(Standing.DENIED, one.where("require"), found, expected, text.id)
    return None


def _to_review(text: License, held: Sequence[Named]) -> Ruling | None:
    for one in held:
        kind = kind_among(text, one.lists.review_categories)
        if kind is not None:
            found = f"`{text.id}` is {kind}, and such licences are to be reviewed"
            return Ruling(Standing.REVIEW, one.where("review_categories"), found, "", text.id)
        lacks = lacking(text, one.lists.review_unless) if one.lists.review_unless else ()
        if lacks:
            found = f"`{text.id}` {' and '.join(lacks)}, and such licences are to be reviewed"
            return Ruling(Standing.REVIEW, one.where("review_unless"), found, "", text.id)
    return None


def _has_allow_list(held: Sequence[Named]) -> bool:
    """Whether the lists of every use allow some only; those of one use add to them."""
    general = held[0].lists
    return general.allow is not None or bool(general.allow_categories) or general.allow_if is not None


def _allowed_by_kind(text: License, held: Sequence[Named]) -> bool:
    for one in held:
        if kind_among(text, one.lists.allow_categories) is not None:
            return True
        if one.lists.allow_if is not None and not lacking(text, one.lists.allow_if):
            return True
    return False


def _accepted(held: Sequence[Named]) -> str:
    """What would have been accepted, in words."""
    names = [name for one in held for name in one.lists.allow or ()]
    kinds = [kind for one in held for kind in one.lists.allow_categories]
    wanted = [str(one.lists.allow_if) for one in held if one.lists.allow_if is not None]
    accepted = [f"one of {', '.join(names)}"] if names or not (kinds or wanted) else []
    accepted += [f"a licence that is {' or '.join(kinds)}"] if kinds else []
    accepted += [f"a licence with {one}" for one in wanted]
    return ", or ".join(accepted)
