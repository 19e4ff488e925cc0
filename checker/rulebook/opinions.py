"""How the organisation reads a licence: its own opinion, which decides instead of ours for as long as it stands."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from checker.document.bind import Block, refuse
from checker.document.errors import Problem
from checker.document.place import At
from checker.document.scalars import Day, OneOrMany, Text, Word
from checker.licenses.registry import Ambiguous, Unrecognised, canonical_id, resolve
from checker.licenses.spelling import fold
from checker.value import NamedTuple


class OpinionVerdict(StrEnum):
    """What the organisation's reading comes to, from the best to the worst."""

    OK = "ok"
    CONDITIONAL = "conditional"
    CONFLICT = "conflict"


class OpinionUse(StrEnum):
    """What leaves the organisation, as a manifest's `use.distribution` says it."""

    SERVICE = "service"
    INTERNAL = "internal"
    WEIGHTS = "weights"
    ON_DEVICE = "on-device"


class Opinion(Block):
    """One opinion on one licence."""

    license: At[Annotated[str, Text, Field(examples=["llama3.1"])]]
    """The licence that is read; any spelling."""
    use: OneOrMany[At[Annotated[OpinionUse, Word]]] = ()
    """The ways of distribution that it is about; without it, every one."""
    verdict: At[Annotated[OpinionVerdict, Word]]
    """What the reading comes to; `conditional` passes with the reading as a duty."""
    reading: At[Annotated[str, Text]]
    """How the text is read, in one sentence."""
    by: At[Annotated[str, Text, Field(examples=["legal@example.com"])]]
    """Who gave it."""
    on: At[Annotated[date, Day]]
    """The day it was given on."""
    expires: At[Annotated[date, Day]]
    """The last day on which it counts, UTC."""
    document: At[Annotated[str, Text]] | None = None
    """Where it is kept."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = (*self._license_problems(), *self._day_problems())
        if problems:
            raise refuse(*problems)
        return self

    def _license_problems(self) -> tuple[Problem, ...]:
        written = self.license
        match resolve(written.value):
            case Ambiguous(spelling, candidates):
                sentence = f"an opinion on `{spelling}`, which names no single licence"
                return (Problem(sentence, expected=f"one of {', '.join(candidates)}", at=written.at),)
            case Unrecognised(spelling, reason, near) if "has not been read" not in reason:
                hint = f"did you mean `{near}`?" if near else ""
                return (Problem(f"an opinion on `{spelling}`: {reason}", "a known licence", hint, at=written.at),)
            case _:
                return ()

    def _day_problems(self) -> tuple[Problem, ...]:
        if self.expires.value > self.on.value:
            return ()
        sentence = f"an opinion of {self.on.value} that expires on {self.expires.value}"
        return (Problem(sentence, expected="a later day", at=self.expires.at, also=self.on.at),)

    @property
    def sentence(self) -> str:
        """The opinion with who, when and where."""
        kept = f"; {self.document.value}" if self.document else ""
        until = f"{self.by.value}, {self.on.value}, until {self.expires.value}{kept}"
        name = canonical_id(self.license.value) or self.license.value
        return f"the organisation reads {name} as {self.verdict.value}: {self.reading.value} ({until})"


class Standing(NamedTuple):
    """What the opinions on one licence come to on one day."""

    deciding: Opinion | None
    """The strictest of those that count; None where none does."""
    turning_on_use: Opinion | None = None
    """One against a way of distribution, where nothing states what leaves the organisation."""
    notes: tuple[str, ...] = ()
    """Those that do not count, and why."""


def standing(opinions: Iterable[Opinion], license_id: str, distribution: Iterable[str], today: date) -> Standing:
    """The opinion on a licence that decides for these ways of distribution.

    Args:
        opinions: all that the policy holds.
        license_id: the licence's id.
        distribution: what leaves the organisation; none where that is not stated.
        today: the day on which they are to count.
    """
    ways = set(distribution)
    counting, notes = [], []
    turning_on_use = None
    for opinion in opinions:
        may_be_about = not ways and opinion.verdict.value is OpinionVerdict.CONFLICT
        if canonical_id(opinion.license.value) != license_id or not (_is_about(opinion, ways) or may_be_about):
            continue
        if opinion.expires.value < today:
            notes.append(f"an opinion that expired does not count: {opinion.sentence}")
        elif opinion.on.value > today:
            notes.append(f"an opinion of a later day does not count yet: {opinion.sentence}")
        elif not _is_about(opinion, ways):
            turning_on_use = opinion
        else:
            counting.append(opinion)
    worst = list(OpinionVerdict)
    deciding = max(counting, key=lambda opinion: worst.index(opinion.verdict.value), default=None)
    return Standing(deciding, turning_on_use, tuple(notes))


def _is_about(opinion: Opinion, ways: set[str]) -> bool:
    """Whether all that leaves the organisation is covered; what is not stated is covered by none but a general one.

    Of an opinion that finds a conflict, one way that is covered is enough.
    """
    covered = {str(use.value) for use in opinion.use}
    if opinion.verdict.value is OpinionVerdict.CONFLICT:
        return not covered or not ways.isdisjoint(covered)
    return not covered or (bool(ways) and ways <= covered)


def on_unread(opinions: Iterable[Opinion], spelling: str) -> tuple[str, ...]:
    """What is said of opinions on a text that was not read: they stay opinions."""
    return tuple(
        f"an opinion does not turn a text that was not read into one that was: {opinion.sentence}"
        for opinion in opinions
        if fold(opinion.license.value) == fold(spelling)
    )
