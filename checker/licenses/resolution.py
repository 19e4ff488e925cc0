"""What a spelling comes to: one text, several, a choice between some, or none that was read."""

from __future__ import annotations

from typing import TypeAlias

from checker.licenses.license import License
from checker.value import NamedTuple


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
