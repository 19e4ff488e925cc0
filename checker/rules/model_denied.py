"""The model is not on the organisation's list of denied models.

What: neither the model's id nor `id@revision` matches an entry of the list; `*` in an entry stands for any characters.
      What one layer denies stays denied in every layer below it.
Why:  a model that was withdrawn, or found unsafe, has to be stopped whatever else speaks for it.
Fix:  choose another model; whoever owns the policy knows why this one is denied.

Passes: {model: BAAI/bge-m3, objective: similarity, settings: {models: ["acme/*"]}}
Fails:  {model: BAAI/bge-m3, objective: similarity, settings: {models: ["BAAI/*"]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Text
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.model_pattern import matching
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import superset

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `model-denied`."""

    models: Annotated[OneOrMany[Annotated[str, Text]], superset] = ()
    """Denied models: `org/name`, `org/name@commit`, `org/*`."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Match the model against the list, under its present and its former name."""
    if not settings.models:
        return NotApplicable("the policy denies no model")
    revision = entry.revision.value if entry.revision else None
    pattern = matching((facts.model, facts.found_as), revision, settings.models)
    if pattern is None:
        return Passed()
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="models",
                expected="a model that the policy does not deny",
                found=f"{facts.model} matches `{pattern}`",
                remedy="choose another model; the policy's owners know why this one is denied",
            ),
        )
    )
