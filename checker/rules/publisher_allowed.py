"""The model comes from a publisher that the organisation accepts.

What: the namespace of the model's id (`Qwen` in `Qwen/Qwen2.5-7B`) is on the policy's list, where one is set.
Why:  anybody can upload a copy under a similar name; the namespace is what the Hub guards.
Fix:  use the publisher's own repository, or ask for the publisher to be added.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Qwen, BAAI]}}
Fails:  {model: meta-llama/Llama-3.1-8B-Instruct, settings: {allow: [Qwen, BAAI]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Text
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import subset

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `publisher-allowed`."""

    allow: Annotated[OneOrMany[Annotated[str, Text]] | None, subset] = None
    """Namespaces of the Hub that are accepted; without a list every publisher is."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Compare the namespace of the id that the model has today with the list."""
    if settings.allow is None:
        return NotApplicable("the policy lists no publishers")
    if entry.is_local:
        return NotApplicable("a local folder has no publisher")
    publisher = facts.model.partition("/")[0] if "/" in facts.model else ""
    if publisher.casefold() in {name.casefold() for name in settings.allow}:
        return Passed()
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="allow",
                expected=f"a model of {', '.join(settings.allow)}",
                found=f"`{publisher}`" if publisher else "an id without a publisher",
                remedy="use an accepted publisher's own repository, or ask for this one to be added",
            ),
        )
    )
