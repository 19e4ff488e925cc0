"""What a run of `lock` did, in words, as JSON, and as an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.document.as_json import dumps
from checker.facts.locked.entry import LockEntry
from checker.facts.locked.lock import Lock
from checker.facts.locked.shape import plain
from checker.hub.client import Hub
from checker.hub.drift import Severity
from checker.hub.errors import Failure
from checker.hub.locking import Checked
from checker.hub.resolve import Failed, Results
from checker.policy.policy import Policy, introduced
from checker.value import NamedTuple

ANSWERED_NO, BAD_INPUT, UNKNOWN = 1, 2, 3

_OF_AN_ANCESTOR = frozenset((Failure.BAD_ID, Failure.MISSING, Failure.NOT_THERE, Failure.GATED, Failure.DISABLED))
"""Definite answers: that a base model is gone or hidden says what can be known of it, and a check judges that."""


class Written(NamedTuple):
    """One lock that was made, or compared with today."""

    file: str
    old: Lock | None
    lock: Lock | None
    """None where it was compared and not written."""
    failed: tuple[Failed, ...]
    checked: Checked | None


class Outcome(NamedTuple):
    """What a run did."""

    source: str
    """The endpoint, `catalogue`, or `cache`."""
    policy: Policy
    """Whose locks fill in what a model keeps behind a gate."""
    anonymous: str = ""
    locks: tuple[Written, ...] = ()
    requests: int = 0
    received_bytes: int = 0

    def with_lock(self, file: str, old: Lock | None, lock: Lock, results: Results) -> Outcome:
        """And that lock was made."""
        return self._replace(locks=(*self.locks, Written(file, old, lock, results.failed, None)))

    def with_check(self, file: str, checked: Checked) -> Outcome:
        """And that lock was compared."""
        return self._replace(locks=(*self.locks, Written(file, None, None, checked.unknown, checked)))

    def with_traffic(self, hub: Hub | None) -> Outcome:
        """And so much went over the network."""
        if hub is None:
            return self
        return self._replace(requests=hub.traffic.requests, received_bytes=hub.traffic.received_bytes)


def exit_code(outcome: Outcome) -> int:
    """0 where all is answered with yes; of several others the first of 2, 1 and 3 counts."""
    failed = [one for lock in outcome.locks for one in lock.failed if blocks(one)]
    if any(one.error.failure is Failure.BAD_ID for one in failed):
        return BAD_INPUT
    if any(lock.checked is not None and lock.checked.drifts for lock in outcome.locks):
        return ANSWERED_NO
    return UNKNOWN if failed else 0


def blocks(failed: Failed) -> bool:
    """Whether a failure leaves open what was asked: of an ancestor a definite answer is one."""
    return failed.wanted.depth == 0 or failed.error.failure not in _OF_AN_ANCESTOR


def problems(outcome: Outcome) -> Iterator[str]:
    """Lines for stderr: each failure with its remedy, and what a reader has to know of a run."""
    if outcome.anonymous:
        yield f"note: no token is sent: {outcome.anonymous}"
    for lock in outcome.locks:
        for failed in lock.failed:
            above = f" (named as a base by {failed.wanted.child})" if failed.wanted.child else ""
            kind = "error" if blocks(failed) else "note"
            yield f"{kind}: {failed.error.sentence}{above}; {failed.error.remedy}"
        if lock.lock is not None and any(map(blocks, lock.failed)):
            yield f"{lock.file} {_kept(lock)}"


def _kept(lock: Written) -> str:
    if lock.lock is None or not lock.lock.entries:
        return "was not written" if lock.old is None else "is unchanged"
    return "holds what could be resolved; of the others it keeps what it held"


def as_text(outcome: Outcome) -> Iterator[str]:
    """Lines for a person."""
    policy = outcome.policy
    yield introduced(policy.name, policy.version, policy.chosen_by)
    for lock in outcome.locks:
        yield from _drifts(lock, lock.checked) if lock.checked is not None else _written(lock, outcome.source)


def _written(lock: Written, source: str) -> Iterator[str]:
    entries = lock.lock.entries if lock.lock is not None else ()
    if not entries and not lock.failed:
        yield f"{lock.file}: no manifest beside it names a model of the Hub: nothing to lock"
        return
    above = sum(entry.ancestor_only for entry in entries)
    ancestors = f", {above} of them as an ancestor" if above else ""
    yield f"{lock.file}: {_count(len(entries), 'model')}{ancestors}; source: {source}"
    for entry in entries:
        yield f"  {entry.model}{f'@{entry.revision}' if entry.revision else ''}  {_state(entry, lock.old)}"
        yield from (f"    note: {note}" for note in entry.notes)


def _state(entry: LockEntry, old: Lock | None) -> str:
    before = old.find(entry.model, entry.revision) if old is not None else None
    commit = entry.commit[:12] if entry.commit else "no commit"
    renamed = f", called {entry.now_called} today" if entry.now_called else ""
    if before is None:
        return f"{commit}{renamed} (new)"
    if before.commit != entry.commit:
        return f"{commit}{renamed} (was {before.commit[:12] if before.commit else 'at no commit'})"
    return f"{commit}{renamed}"


def _drifts(lock: Written, checked: Checked) -> Iterator[str]:
    order = list(Severity)
    for drift in sorted(checked.drifts, key=lambda one: (order.index(one.severity), one.model)):
        at = f"@{drift.revision}" if drift.revision else ""
        yield f"{lock.file}: {drift.severity}: {drift.model}{at}: {drift.kind}: {drift.sentence}"
    unknown = f"; of {_count(len(checked.unknown), 'model')} nobody knows" if checked.unknown else ""
    yield f"{lock.file}: {_count(len(checked.drifts), 'drift') if checked.drifts else 'no drift'}{unknown}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def as_json(outcome: Outcome, code: int) -> str:
    """The result for programs."""
    document = {
        "source": outcome.source,
        "anonymous": outcome.anonymous,
        "policy": {key: getattr(outcome.policy, key) for key in ("name", "version", "sha256", "chosen_by")},
        "requests": outcome.requests,
        "received_bytes": outcome.received_bytes,
        "locks": [_lock_as_json(lock) for lock in outcome.locks],
        "exit_code": code,
    }
    return dumps(document, indent=1, ensure_ascii=True) + "\n"


def _lock_as_json(lock: Written) -> dict[str, Any]:
    shown: dict[str, Any] = {"file": lock.file}
    if lock.lock is not None:
        keys = ("model", "revision", "commit", "resolved_from", "resolved_at", "now_called", "notes")
        shown["models"] = [{key: plain(getattr(entry, key)) for key in keys} for entry in lock.lock.entries]
    if lock.checked is not None:
        shown["drift"] = [{**drift._asdict(), "severity": drift.severity} for drift in lock.checked.drifts]
    shown["failed"] = [
        {
            "model": failed.wanted.model,
            "revision": failed.wanted.revision,
            "failure": failed.error.failure,
            "sentence": failed.error.sentence,
            "remedy": failed.error.remedy,
            "blocks": blocks(failed),
        }
        for failed in lock.failed
    ]
    return shown
