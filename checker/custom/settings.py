"""What a policy says of a rule of its own: two expressions, what it judges, words for people, and who settles it."""

from typing import Annotated

from pydantic import ConfigDict, Field

from checker.document.scalars import YesNo
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import fixed, ranked


class CustomSettings(RuleSettings):
    """A custom rule; a lower layer may raise `min_certainty`, ask for `weights`, and change nothing else."""

    model_config = ConfigDict(populate_by_name=True)

    when: Annotated[str, fixed] = ""
    """The condition under which the rule applies; empty: always."""
    assert_: Annotated[str, fixed] = Field(default="", alias="assert")
    """The condition that has to hold."""
    message: Annotated[str, fixed] = ""
    """What people are told where it does not hold."""
    settled_by: Annotated[Settler, fixed] = Settler.YOU
    """Who can settle a finding."""

    weights: Annotated[bool, YesNo, ranked((False, True))] = False
    """Whether the artefact under `deployment.weights` is judged by it too."""

    @property
    def expressions(self) -> tuple[tuple[str, str], ...]:
        """The expressions that are stated, each with the key that states it."""
        return tuple((key, text) for key, text in (("when", self.when), ("assert", self.assert_)) if text)
