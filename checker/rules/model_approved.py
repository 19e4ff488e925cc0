"""The model is on the organisation's list of approved models, where there is one.

What: the model's id, or `id@revision`, matches an entry of the list; `*` in an entry stands for any characters.
Why:  some organisations review each model once, and let projects choose from what was reviewed.
Fix:  choose an approved model, or ask for this one to be reviewed.

Passes: {model: BAAI/bge-m3, objective: similarity, settings: {models: ["BAAI/*"]}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, settings: {models: ["BAAI/*"]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.model_pattern import ModelPattern, commit_of, matching
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import subset

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `model-approved`."""

    models: Annotated[OneOrMany[Annotated[str, ModelPattern]] | None, subset] = None
    """Approved models: `org/name`, `org/name@commit`, `org/*`; without a list every model is."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Match the model against the list, under its present and its former name."""
    if settings.models is None:
        return NotApplicable("the policy lists no approved models")
    revision = entry.revision.value.lower() if entry.revision else ""
    for pattern in matching(facts, settings.models):
        if commit_of(pattern) in ("", revision):
            return Passed(margin=f"approved as `{pattern}`")
    pinned = f" at {revision}" if revision else ""
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="models",
                expected="a model on the list of approved models",
                found=f"{facts.model}{pinned} is not on it",
                remedy="choose an approved model, or ask for this one to be reviewed",
            ),
        )
    )
