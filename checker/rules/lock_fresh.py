"""The lock beside the manifest is the one that the manifest asks for, and not too old.

What: where a `model.lock` lies beside the manifest, it has an entry for the model at the revision that the manifest
      names; nothing in it contradicts a surer source at the same commit; it is no older than `max_age_days`; and
      nothing is known to have changed since (`weighbridge lock --check` asks the Hub). An ancestor that it does not
      hold is said.
Why:  facts of another revision, or of last year, describe a model that is not the one in use.
Fix:  run `weighbridge lock` and look at what changed in model.lock before it is merged.

Passes: {model: BAAI/bge-m3, objective: similarity, lock: {resolved_at: 2026-11-20T09:00:00Z}}
Fails:
  {model: BAAI/bge-m3, objective: similarity, revision: 5617a9f61b028005a4858fdac845db406aefb181,
   lock: {revision: main, commit: babcf60cae0a1f438d7ade582983d4ba462303c2}}
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from checker.document.errors import shown
from checker.document.scalars import Count
from checker.facts.lock_state import LockState
from checker.manifest.model import Access, ModelEntry
from checker.rulebook.outcome import Failed, Finding, NotApplicable, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import lower

SETTLED_BY = Settler.YOU
JUDGES_WEIGHTS = True
_LOCK = "run `weighbridge lock` and review what changed in it"


class Settings(RuleSettings):
    """Options of `lock-fresh`."""

    max_age_days: Annotated[Annotated[int, Count] | None, lower] = None
    """Days after which an entry of the lock is too old; without a number age is said and never blocks."""


def check(entry: ModelEntry, lock: LockState, settings: Settings, today: date) -> Outcome:
    """Compare the lock's entry with the manifest, with surer sources, and with the day."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: nothing of it is locked")
    if entry.is_local:
        return NotApplicable("a local folder is read itself, in each run")
    if lock.file is None:
        return NotApplicable("no model.lock lies beside the manifest")
    findings = tuple(_findings(entry, lock, settings, today))
    if findings:
        return Failed(findings)
    assert lock.entry is not None  # its absence is a finding
    age = _age(lock.entry.resolved_at, today)
    left = "" if settings.max_age_days is None else f", {settings.max_age_days - age} left"
    notes = [f"{lock.file} was resolved later than the day that is judged"] if age < 0 else []
    if lock.unlocked:
        notes.append(f"{lock.file} does not hold its ancestors {', '.join(map(shown, lock.unlocked))}")
    if not lock.entry.resolved_from.startswith("https://"):
        notes.append(f"its facts are from {shown(lock.entry.resolved_from)}: no server was asked")
    return Passed(margin=f"resolved {max(age, 0)} days ago{left}", notes=tuple(notes))


def _findings(entry: ModelEntry, lock: LockState, settings: Settings, today: date) -> Iterator[Finding]:
    at = entry.revision.at if entry.revision else entry.model.at
    if lock.entry is None:
        asked = f"{entry.model.value} at {shown(entry.revision.value) if entry.revision else 'no revision'}"
        held = ", ".join(map(shown, lock.others))
        found = f"{lock.file} holds it at {held}" if held else f"{lock.file} does not hold it"
        yield Finding(at=at, expected=f"an entry for {asked}", found=found, remedy=_LOCK)
        return
    for one in lock.disagreements:
        taken, other = one.taken, one.other
        yield Finding(
            at=entry.model.at,
            expected=f"{one.name} {_value(taken.value)}, as the {taken.source.origin} has it at the same commit",
            found=f"{one.name} {_value(other.value)} in the {other.source.origin}",
            evidence=(taken, other),
            remedy="run `weighbridge lock`; where the lock is right, report the other source's error",
        )
    if lock.drift:
        yield Finding(at=at, expected="a lock after which nothing changed", found=lock.drift, remedy=_LOCK)
    age, limit = _age(lock.entry.resolved_at, today), settings.max_age_days
    if limit is not None and not 0 <= age <= limit:
        said = f"resolved {age} days ago" if age >= 0 else f"resolved on {lock.entry.resolved_at[:10]}, after {today}"
        expected = f"an entry of at most {limit} days"
        since = f"resolved at {lock.entry.resolved_at}"  # the age is another one every day
        yield Finding(at=at, setting="max_age_days", expected=expected, found=said, remedy=_LOCK, value=since)


def _age(resolved_at: str, today: date) -> int:
    return (today - date.fromisoformat(resolved_at[:10])).days


def _value(value: object) -> str:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return ", ".join(f"{name} {size}" for name, size in value._asdict().items() if size is not None)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else shown(str(value))
