"""What a policy says of a rule of its own: the two expressions, the sentence for people, and who can settle it."""

from typing import Annotated

from pydantic import ConfigDict, Field

from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import fixed


class CustomSettings(RuleSettings):
    """A custom rule; a lower layer may raise `min_certainty` and change nothing else."""

    model_config = ConfigDict(populate_by_name=True)

    when: Annotated[str, fixed] = ""
    """The condition under which the rule applies; empty: always."""
    assert_: Annotated[str, fixed] = Field(default="", alias="assert")
    """The condition that has to hold."""
    message: Annotated[str, fixed] = ""
    """What people are told where it does not hold."""
    settled_by: Annotated[Settler, fixed] = Settler.YOU
    """Who can settle a finding."""

    @property
    def expressions(self) -> tuple[tuple[str, str], ...]:
        """The expressions that are stated, each with the key that states it."""
        return tuple((key, text) for key, text in (("when", self.when), ("assert", self.assert_)) if text)
