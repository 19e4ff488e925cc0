"""The model is on the organisation's list of approved models, where there is one.

What: the model's id, or `id@revision`, matches an entry of the list; `*` in an entry stands for any characters. With
      `from_facts: true` the list is the policy's `facts:`, where the organisation resolved each model at the commit
      that it reviewed; where both are set, both have to hold.
Why:  some organisations review each model once, and let projects choose from what was reviewed.
Fix:  choose an approved model, or ask for this one to be reviewed.

Passes: {model: BAAI/bge-m3, objective: similarity, settings: {models: ["BAAI/*"]}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, settings: {models: ["BAAI/*"]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, YesNo
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.model_pattern import ModelPattern, commit_of, matching
from checker.rulebook.outcome import Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import ranked, subset

SETTLED_BY = Settler.PLATFORM
JUDGES_WEIGHTS = True


class Settings(RuleSettings):
    """Options of `model-approved`."""

    models: Annotated[OneOrMany[Annotated[str, ModelPattern]] | None, subset] = None
    """Approved models: `org/name`, `org/name@commit`, `org/*`; without a list every model is."""
    from_facts: Annotated[Annotated[bool, YesNo], ranked((False, True))] = False
    """Whether only models that the policy's `facts:` hold are approved, each at its commit there."""


def check(entry: ModelEntry, facts: Facts, lock: LockState, settings: Settings) -> Outcome:
    """Match the model against the list, under its present and its former name, and against the organisation's facts."""
    if settings.from_facts:
        found = _in_facts(entry, facts, lock)
        if settings.models is None or not isinstance(found, Passed):
            return found
    if settings.models is None:
        return NotApplicable("the policy lists no approved models")
    revision = _commit(entry, lock)
    for pattern in matching(facts, settings.models):
        if commit_of(pattern) in ("", revision):
            return Passed(margin=f"approved as `{pattern}`")
    return _refused(entry, facts, revision, "models", "the list of approved models")


def _commit(entry: ModelEntry, lock: LockState) -> str:
    """The commit in use: the manifest's revision, else the one in the project's lock; empty where neither says."""
    if entry.revision is not None:
        return entry.revision.value.lower()
    return lock.entry.commit or "" if lock.entry is not None else ""


def _in_facts(entry: ModelEntry, facts: Facts, lock: LockState) -> Outcome:
    """Whether the organisation's facts hold the model at the commit in use, and not merely as another's ancestor."""
    if not lock.organisation_names_facts:
        yaml = "facts: approved.lock"
        return NotEvaluated((Unanswered("facts", "approved models are those of `facts:`", yaml, where="the policy"),))
    revision, approved = _commit(entry, lock), lock.approved
    if approved is not None and not approved.ancestor_only and approved.commit and approved.commit == revision:
        return Passed(margin=f"approved at {approved.commit} on {approved.resolved_at[:10]}")
    return _refused(entry, facts, revision, "from_facts", "the organisation's facts")


def _refused(entry: ModelEntry, facts: Facts, revision: str, setting: str, where: str) -> Failed:
    pinned = f" at {revision}" if revision else ""
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting=setting,
                expected=f"a model in {where}" if setting == "from_facts" else f"a model on {where}",
                found=f"{facts.model}{pinned} is not {'there' if setting == 'from_facts' else 'on it'}",
                remedy="choose an approved model, or ask for this one to be reviewed",
            ),
        )
    )
