"""What a derivative is, for judging it: how it was made, how it is offered, and what one base can come to for it."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from checker.licenses.circumstances import Sharing
from checker.licenses.license import CommercialUse, License
from checker.licenses.terms import Assumed, Duty, Needs, Unsettled
from checker.value import NamedTuple

RelationName: TypeAlias = Literal["finetune", "adapter", "merge", "quantized", "distill", "unstated"]
Student: TypeAlias = Literal["generative", "not-generative"]
"""What a model trained on outputs is: one that generates, or one that embeds, ranks or classifies."""
Verdict: TypeAlias = Literal["ok", "conditional", "conflict", "unknown"]


class Offered(NamedTuple):
    """The derivative is offered under these licences; where there are several, all apply."""

    licenses: tuple[License, ...]


class OwnTerms(NamedTuple):
    """The derivative is offered under terms of its maker's own (`proprietary`)."""

    carry_restrictions: bool | None = None
    """Whether these terms hold recipients to the base's use restrictions; None where nobody states it."""


class Unstated(NamedTuple):
    """Nobody states the derivative's licence."""

    reason: str = "its licence is not stated"


Label: TypeAlias = Offered | OwnTerms | Unstated


class Conflict(NamedTuple):
    """The derivative's label or its use goes against the base's text on the stated facts."""

    code: str
    """The kind: community-relicensed, noncommercial-dropped …"""
    term: str
    """What the base's text says."""
    found: str
    clause: str
    key: str = ""
    """The manifest key that states what goes against it; empty where that is the derivative's label or name."""

    @property
    def sentence(self) -> str:
        """Term and statement in one sentence."""
        return f"{self.term}; {self.found}"


class Judgement(NamedTuple):
    """What one base comes to for a derivative."""

    conflicts: tuple[Conflict, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    needs: tuple[Needs, ...] = ()
    duties: tuple[Duty, ...] = ()
    assumptions: tuple[Assumed, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`ok` leaves ordinary notice duties at most, `conditional` others too."""
        if self.conflicts:
            return "conflict"
        if self.unsettled or self.needs:
            return "unknown"
        return "ok" if all(duty.ordinary or not duty.certain for duty in self.duties) else "conditional"


NOTHING = Judgement()
"""Nothing stands in the way and nothing is owed."""


class Derivative(NamedTuple):
    """A model that was made from others, and how it is offered."""

    label: Label
    relation: RelationName = "finetune"
    name: str = ""
    """Its name, without the publisher; empty where it has none yet."""
    called: str = ""
    """What messages call it; where it is empty, by its name."""
    shared: Sharing = "weights"
    """How it reaches others. A model on the Hub was shared as weights, whatever we do with it."""
    started_from: tuple[License, ...] | None = None
    """For a model trained on outputs: the licences of the model whose weights it started from; None if not stated."""
    student: Student | None = None
    """For a model trained on outputs: what kind it is; None if not stated."""

    @property
    def subject(self) -> str:
        """What messages call it."""
        return self.called or self.name or "the derivative"


Found: TypeAlias = Conflict | Unsettled | Duty | None
"""What one question comes to; None where nothing stands in the way and nothing is owed."""


def as_judgement(found: Found) -> Judgement:
    """The same as a judgement."""
    match found:
        case Conflict():
            return Judgement(conflicts=(found,))
        case Unsettled():
            return Judgement(unsettled=(found,))
        case Duty():
            return Judgement(duties=(found,))
        case None:
            return NOTHING


def together(judgements: Iterable[Judgement]) -> Judgement:
    """Several judgements as one; what two of them say alike is said once."""
    gathered = [judgement for judgement in judgements if judgement != NOTHING]
    if len(gathered) < 2:
        return gathered[0] if gathered else NOTHING
    return Judgement(
        conflicts=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.conflicts)),
        unsettled=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.unsettled)),
        needs=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.needs)),
        duties=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.duties)),
        assumptions=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.assumptions)),
    )


def carries(label: Label, base: License) -> bool:
    """Whether the base's own licence is among those that it is offered under."""
    return isinstance(label, Offered) and any(text.id == base.id for text in label.licenses)


def grants_commercial_use(label: Offered) -> bool:
    """Whether none of the licences that apply excludes it."""
    return all(text.commercial_use is not CommercialUse.NO for text in label.licenses)


def granted(base: License) -> str:
    """The purposes that a text grants, in words."""
    return next((condition.says for condition in base.conditions if condition.metric == "purpose"), "its purposes")
