"""The model is not on the organisation's list of denied models.

What: neither the model's id nor `id@revision` matches an entry of the list; `*` in an entry stands for any characters.
      What one layer denies stays denied in every layer below it.
Why:  a model that was withdrawn, or found unsafe, has to be stopped whatever else speaks for it.
Fix:  choose another model; whoever owns the policy knows why this one is denied.

Passes: {model: BAAI/bge-m3, objective: similarity, settings: {models: ["acme/*"]}}
Fails:  {model: BAAI/bge-m3, objective: similarity, settings: {models: ["BAAI/*"]}}
"""

from re import fullmatch
from typing import Annotated

from checker.document.scalars import OneOrMany
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.model_pattern import ModelPattern, commit_of, matching
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import superset

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `model-denied`."""

    models: Annotated[OneOrMany[Annotated[str, ModelPattern]], superset] = ()
    """Denied models: `org/name`, `org/name@commit`, `org/*`."""


def check(entry: ModelEntry, facts: Facts, settings: Settings) -> Outcome:
    """Match the model against the list, under its present and its former name."""
    if not settings.models:
        return NotApplicable("the policy denies no model")
    found = matching(facts, settings.models)
    pinned = entry.revision.value.lower() if entry.revision else ""
    pattern = next((one for one in found if commit_of(one) in ("", pinned)), None)
    if pattern is None and found and not fullmatch("[0-9a-f]{40}", pinned):
        reason = f"the policy denies `{found[0]}`, and no commit is pinned that could be compared"
        return NotEvaluated((Unanswered("revision", reason, "revision: <commit>", entry.model.at),))
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
