"""What the rules that judge waivers are given: one recorded exception, and what became of it in this run."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from checker.document.place import Place
from checker.value import NamedTuple


class Kept(StrEnum):
    """What a waiver breaks when it does not count."""

    FORM = "form"
    """It never counted: nobody approved it, it is too long, too wide, or on a rule that admits none."""
    DATE = "date"
    """It counted until its last day."""


class Objection(NamedTuple):
    """One reason why a waiver does not count."""

    kept: Kept
    at: Place
    expected: str
    found: str
    remedy: str


class Use(StrEnum):
    """What a waiver was good for in this run."""

    MATCHED = "matched"
    UNUSED = "unused"
    """Everything that it could cover was judged, and nothing of it needs a waiver."""
    UNSEEN = "unseen"
    """Not all that it could cover was judged."""


class Widened(NamedTuple):
    """What a change makes of a waiver."""

    at: Place
    found: str


class WaiverCase(NamedTuple):
    """One waiver, as the rules see it."""

    id: str
    at: Place
    expires: date
    days_left: int
    objections: tuple[Objection, ...]
    use: Use
    matches: int
    """How many findings it covers."""
    widened: Widened | None
    """What the judged change adds to it; None where it adds nothing."""
    is_change: bool
    """Whether a change is judged (`--since`) at all."""
