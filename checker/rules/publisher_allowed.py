"""The model comes from a publisher that the organisation accepts.

What: the namespace of the model's id (`Qwen` in `Qwen/Qwen2.5-7B`) is on the policy's list, where one is set.
Why:  anybody can upload a copy under a similar name; the namespace is what the Hub guards.
Fix:  use the publisher's own repository, or ask for the publisher to be added.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, settings: {allow: [Qwen, BAAI]}}
Fails:  {model: meta-llama/Llama-3.1-8B-Instruct, settings: {allow: [Qwen, BAAI]}}
"""

from typing import Annotated

from checker.document.scalars import OneOrMany, Text
from checker.facts.lock_state import LockState
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


def check(entry: ModelEntry, facts: Facts, lock: LockState, settings: Settings) -> Outcome:
    """Compare the namespace of the id that the model has today with the list."""
    if settings.allow is None:
        return NotApplicable("the policy lists no publishers")
    if entry.is_local:
        return NotApplicable("a local folder has no publisher")
    publisher = facts.model.partition("/")[0] if "/" in facts.model else ""
    if publisher.casefold() in {name.casefold() for name in settings.allow}:
        return Passed(margin=_answered(facts, lock))
    return _refused(entry, publisher, settings, _answered(facts, lock))


def _answered(facts: Facts, lock: LockState) -> str:
    """Under which id, where and when a server answered for the model, as a lock holds it."""
    held = lock.approved or lock.entry
    if held is None or not held.resolved_from.startswith("https://"):
        return ""
    return f"{held.resolved_from} answered for {facts.model} on {held.resolved_at[:10]}"


def _refused(entry: ModelEntry, publisher: str, settings: Settings, answered: str) -> Failed:
    accepted = settings.allow or ()
    return Failed(
        (
            Finding(
                at=entry.model.at,
                setting="allow",
                expected=f"a model of {', '.join(accepted)}",
                found=f"`{publisher}`" if publisher else "an id without a publisher",
                remedy="use an accepted publisher's own repository, or ask for this one to be added",
            ),
        ),
        notes=(answered,) if answered else (),
    )
