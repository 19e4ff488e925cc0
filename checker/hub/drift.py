"""Compares what a lock holds of a model with what the Hub says today, and says how much each difference matters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from checker.facts.card import Card
from checker.facts.fact import Certainty
from checker.facts.locked.entry import Gate, LockedFacts, LockEntry, Stated
from checker.facts.model import LicenseFile
from checker.hub.errors import Failure, HubError
from checker.value import NamedTuple

T = TypeVar("T")

_PIN = re.compile(r"[0-9a-f]{40}")


class Severity(StrEnum):
    """How much a drift matters, worst first."""

    HIGH = "high"
    """What was approved is no longer what is there, or may no longer be used as it was."""
    MEDIUM = "medium"
    """Somebody should look before the next change."""
    LOW = "low"
    """The ordinary course of things."""


class Kind(StrEnum):
    """What has changed."""

    NOT_LOCKED = "not-locked"
    NOT_NEEDED = "not-needed"
    MODEL_GONE = "model-gone"
    REVISION_GONE = "revision-gone"
    DISABLED = "disabled"
    PRIVATE_NOW = "private-now"
    GATED_NOW = "gated-now"
    GATE_CHANGED = "gate-changed"
    LICENSE_CHANGED = "license-changed"
    LICENSE_CHANGED_LATER = "license-changed-later"
    COMMIT_MOVED = "commit-moved"
    FILES_CHANGED = "files-changed"
    CONTENT_DIFFERS = "content-differs"
    RUNS_CODE_NOW = "runs-code-now"
    SCAN_ISSUE = "scan-issue"
    RENAMED = "renamed"


SEVERITIES = {
    Kind.NOT_LOCKED: Severity.HIGH,
    Kind.NOT_NEEDED: Severity.LOW,
    Kind.MODEL_GONE: Severity.HIGH,
    Kind.REVISION_GONE: Severity.HIGH,
    Kind.DISABLED: Severity.HIGH,
    Kind.PRIVATE_NOW: Severity.HIGH,
    Kind.GATED_NOW: Severity.MEDIUM,
    Kind.GATE_CHANGED: Severity.LOW,
    Kind.LICENSE_CHANGED: Severity.HIGH,
    Kind.LICENSE_CHANGED_LATER: Severity.MEDIUM,
    Kind.COMMIT_MOVED: Severity.LOW,
    Kind.FILES_CHANGED: Severity.HIGH,
    Kind.CONTENT_DIFFERS: Severity.HIGH,
    Kind.RUNS_CODE_NOW: Severity.HIGH,
    Kind.SCAN_ISSUE: Severity.HIGH,
    Kind.RENAMED: Severity.LOW,
}


class Drift(NamedTuple):
    """One difference between a lock and today."""

    model: str
    revision: str | None
    kind: Kind
    sentence: str

    @property
    def severity(self) -> Severity:
        """How much it matters, by its kind."""
        return SEVERITIES[self.kind]


def is_pin(revision: str | None) -> bool:
    """Whether a revision is a commit, which cannot move."""
    return revision is not None and _PIN.fullmatch(revision) is not None


def drift_of(locked: LockEntry, today: LockEntry, *, is_tag: bool) -> tuple[Drift, ...]:
    """Every difference that matters, worst first.

    Args:
        locked: what the lock holds.
        today: what was resolved now under the same model and revision.
        is_tag: whether the revision is a tag, which is not expected to move.
    """
    found = [
        *_of_access(locked, today),
        *_of_license(locked, today),
        *_of_commit(locked, today, is_tag),
        *_of_safety(locked, today),
    ]
    order = list(Severity)
    drifts = [Drift(locked.model, locked.revision, kind, sentence) for kind, sentence in found]
    return tuple(sorted(drifts, key=lambda drift: order.index(drift.severity)))


def drift_by_failure(locked: LockEntry, error: HubError) -> Drift | None:
    """What a failure says of the model itself; None where it says nothing of it, so that nobody knows."""
    kind = {
        Failure.MISSING: Kind.MODEL_GONE,
        Failure.BAD_REVISION: Kind.REVISION_GONE,
        Failure.DISABLED: Kind.DISABLED,
        Failure.GATED: Kind.GATED_NOW if _gate(locked) is Gate.NO else None,
    }.get(error.failure)
    return None if kind is None else Drift(locked.model, locked.revision, kind, error.sentence)


def licensed_later(locked: LockEntry, head: Card) -> Drift | None:
    """A licence that the card at the default branch states today and that at a pinned commit does not."""
    was = _value(locked.facts.license)
    if was is None or not head.license or was == head.license:
        return None
    sentence = f"at the default branch the card says `{head.license}`; the pinned commit keeps `{was}`"
    return Drift(locked.model, locked.revision, Kind.LICENSE_CHANGED_LATER, sentence)


_Found = Iterator[tuple[Kind, str]]


def _of_access(locked: LockEntry, today: LockEntry) -> _Found:
    if today.id != locked.id:
        yield Kind.RENAMED, f"its name is {today.id} today"
    if _value(today.facts.disabled) is True and _value(locked.facts.disabled) is not True:
        yield Kind.DISABLED, "it is disabled on the Hub"
    if _value(today.facts.private) is True and _value(locked.facts.private) is not True:
        yield Kind.PRIVATE_NOW, "it is private today"
    before, now = _gate(locked), _gate(today)
    if before is None or now is None or before is now:
        return
    if before is Gate.NO:
        yield Kind.GATED_NOW, f"it is gated today ({now}), and was not"
    else:
        yield Kind.GATE_CHANGED, f"its gate is {now} today, and was {before}"


def _of_license(locked: LockEntry, today: LockEntry) -> _Found:
    changes = list(_changed(locked.facts, today.facts, ("license", "license_tag")))
    cards = (locked.facts.license, today.facts.license)
    if cards[0] is not None and cards[1] is not None and cards[0].source == cards[1].source:
        # Both cards were read, so that what one does not state is not there.
        changes += _changed_or_gone(locked.facts, today.facts, ("license_name", "license_link"))
    before, now = locked.facts.license_files, today.facts.license_files
    if before is not None and now is not None:
        changes += _changed_texts(before.value, now.value)
    if changes:
        yield Kind.LICENSE_CHANGED, "; ".join(changes)


def _changed(before: LockedFacts, now: LockedFacts, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        was, stands = _value(getattr(before, name)), _value(getattr(now, name))
        if was is not None and stands is not None and was != stands:
            yield f"{name} is `{stands}` and was `{was}`"


def _changed_or_gone(before: LockedFacts, now: LockedFacts, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        was, stands = (_value(getattr(facts, name)) or "" for facts in (before, now))
        if was != stands:
            yield f"{name} is `{stands}` and was `{was}`"


def _changed_texts(before: tuple[LicenseFile, ...], now: tuple[LicenseFile, ...]) -> Iterator[str]:
    was, stands = ({file.path: file.sha256 for file in files} for files in (before, now))
    yield from (f"{path} is new" for path in sorted(stands.keys() - was.keys()))
    yield from (f"{path} is gone" for path in sorted(was.keys() - stands.keys()))
    yield from (
        f"the text of {path} changed" for path in sorted(was.keys() & stands.keys()) if was[path] != stands[path]
    )


def _of_commit(locked: LockEntry, today: LockEntry, is_tag: bool) -> _Found:
    if locked.commit is None or today.commit is None:
        return
    files = _changed_files(locked, today)
    if locked.commit == today.commit:
        facts = _changed_facts(locked.facts, today.facts)
        if facts or files:
            what = ", ".join([*facts, *([f"files ({files})"] if files else [])])
            yield Kind.CONTENT_DIFFERS, f"at the same commit the Hub says something else: {what}"
        return
    where = f"from {locked.commit[:12]} to {today.commit[:12]}"
    name = locked.revision or "the default branch"
    if is_tag and files:
        yield Kind.FILES_CHANGED, f"the tag {name} moved {where}, and its files changed ({files})"
    else:
        changed = f"; files changed ({files})" if files else ""
        yield Kind.COMMIT_MOVED, f"{name} moved {where}{changed}"


_APART = frozenset(
    (
        *("license", "license_name", "license_link", "license_tag", "license_files"),
        *("gate", "private", "disabled", "security", "remote_code"),
        *("tags", "pipeline_tag", "library_name", "build"),
    )
)
"""What is compared on its own (a build by the digest of its file), and what the Hub changes without a commit."""


def _changed_facts(before: LockedFacts, now: LockedFacts) -> list[str]:
    """Facts that a source states and that differ; those that we infer change with our own versions."""
    pairs = ((name, getattr(before, name), getattr(now, name)) for name in LockedFacts._fields if name not in _APART)
    return [
        name
        for name, was, stands in pairs
        if was is not None
        and stands is not None
        and Certainty.INFERRED not in (was.certainty, stands.certainty)
        and was.value != stands.value
    ]


def _changed_files(locked: LockEntry, today: LockEntry) -> str:
    """How many files are new, gone or changed, in words; empty where none is, or where one side names no files."""
    if not locked.files or not today.files:
        return ""
    was, stands = ({file.path: (file.sha256 or file.blob, file.size) for file in e.files} for e in (locked, today))
    new, gone = len(stands.keys() - was.keys()), len(was.keys() - stands.keys())
    changed = sum(was[path] != stands[path] for path in was.keys() & stands.keys())
    counts = ((changed, "changed"), (new, "new"), (gone, "gone"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _of_safety(locked: LockEntry, today: LockEntry) -> _Found:
    if _value(today.facts.remote_code) is True and _value(locked.facts.remote_code) is False:
        yield Kind.RUNS_CODE_NOW, "loading it runs code from its repository today, and did not"
    before, now = _value(locked.facts.security), _value(today.facts.security)
    known = {issue.path for issue in before.issues} if before is not None else set()
    new = [f"{issue.path} ({issue.level})" for issue in now.issues if issue.path not in known] if now else []
    if new:
        yield Kind.SCAN_ISSUE, f"the Hub's scanners object to {', '.join(new)}"


def _gate(entry: LockEntry) -> Gate | None:
    return _value(entry.facts.gate)


def _value(stated: Stated[T] | None) -> T | None:
    return None if stated is None else stated.value
