"""What became of one manifest under two policies: small values of text, which travel between processes and machines."""

from __future__ import annotations

from enum import StrEnum

from checker.value import NamedTuple


class State(StrEnum):
    """What a check of the manifest alone would come to."""

    PASSES = "passes"
    BLOCKED = "blocked"
    UNKNOWN = "could not be evaluated"
    UNUSABLE = "cannot be used"


class Kind(StrEnum):
    """What a change means for the gate, the gravest first."""

    BLOCKS = "newly blocked"
    """A finding blocks that did not."""
    UNKNOWN = "could no longer be evaluated"
    """A rule that blocks lacks a fact or an answer that nobody needed before."""
    FREED = "no longer blocked"
    OTHER = "another verdict, the same at the gate"


class Side(NamedTuple):
    """What one policy says of one rule and one model."""

    verdict: str
    level: str
    blocks: bool
    said: str
    """The first finding, or what is missing; empty where there is nothing to say."""
    policy: str
    """The line of the policy."""


class Cause(NamedTuple):
    """Changes of the policy that bring the verdict about."""

    settings: tuple[str, ...]
    """One name where one suffices; several where they do so together only."""
    words: tuple[str, ...]
    """What changed in each of them."""


class Shift(NamedTuple):
    """One rule and one model whose verdict, or whose weight at the gate, is another."""

    rule: str
    model: str
    at: str
    """The manifest's line."""
    kind: Kind
    before: Side | None
    """None where the policy does not judge the rule."""
    after: Side | None
    causes: tuple[Cause, ...] = ()
    """Each of these suffices by itself; empty where nobody asked."""


class Record(NamedTuple):
    """One manifest under both policies."""

    file: str
    project: str
    owner: str
    before: State
    after: State
    shifts: tuple[Shift, ...] = ()
    problems: tuple[str, ...] = ()
    """Why it cannot be used under one of them, or under both."""

    @property
    def kind(self) -> Kind | None:
        """The gravest of its changes; None where nothing changes."""
        found = [shift.kind for shift in self.shifts]
        if self.before is not self.after and self.after is State.UNUSABLE:
            found.append(Kind.BLOCKS)
        if self.before is not self.after and self.after is State.UNKNOWN and self.before is State.PASSES:
            found.append(Kind.UNKNOWN)
        if self.before is State.UNUSABLE and self.after is not State.UNUSABLE:
            found.append(Kind.FREED)
        return min(found, key=tuple(Kind).index) if found else None
