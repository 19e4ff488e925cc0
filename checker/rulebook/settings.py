"""The options that every rule has; a rule adds its own, each marked with what "tighter" means for it."""

from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict

from checker.document.scalars import Word
from checker.facts.fact import Certainty
from checker.rulebook.tighter import ranked


class Settler(StrEnum):
    """Who can settle a finding."""

    YOU = "you"
    PLATFORM = "platform"
    LEGAL = "legal"


MinCertainty: TypeAlias = Annotated[Certainty, Word, ranked(tuple(reversed(Certainty)))]
"""The option `min_certainty`, for rules that give it another default."""


class RuleSettings(BaseModel):
    """What every rule has. A rule's own `Settings` adds its options, each `Annotated[type, direction]`."""

    # Building a validator costs about a millisecond; most rules of a run keep their defaults and never need one.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    min_certainty: MinCertainty = Certainty.DECLARED
    """The least certainty of the facts that the rule may rest on."""
