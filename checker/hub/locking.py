"""Makes a lock of what was resolved, keeps what could not be, and compares a lock with today."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future

from checker.facts.card import Card
from checker.facts.catalogue import Catalogue
from checker.facts.locked.entry import LockEntry
from checker.facts.locked.held import Holder
from checker.facts.locked.lock import Lock, lock_of
from checker.facts.locked.resolve import enter
from checker.hub.client import Hub
from checker.hub.donors import known_elsewhere
from checker.hub.drift import Drift, Kind, drift_by_failure, drift_of, is_pin, licensed_later
from checker.hub.errors import HubError
from checker.hub.fetch import Blobs, fetch
from checker.hub.record import read_answer
from checker.hub.resolve import Attempt, Failed, Progress, Results, Wanted
from checker.licenses.identify import known_as
from checker.value import NamedTuple


class Online:
    """Resolves models through one connection; what several projects want alike is asked for once."""

    def __init__(self, hub: Hub, at: str, organisation: tuple[Holder, ...], catalogue: Catalogue) -> None:
        self._hub = hub
        self._at = at
        self._organisation = organisation
        self._catalogue = catalogue
        self._blobs = Blobs()
        self._lock = threading.Lock()
        self._found: dict[Wanted, Future[Attempt]] = {}

    def resolve(self, wanted: Wanted) -> Attempt:
        """The lock's entry for a model; raises `HubError`."""
        key = wanted._replace(depth=0, child="")
        with self._lock:
            mine = key not in self._found
            future = self._found.setdefault(key, Future())
        if mine:
            try:
                future.set_result(self._resolve(wanted))
            except BaseException as error:
                future.set_exception(error)
        return future.result()

    def fresh(self, model: str, revision: str | None) -> LockEntry:
        """The entry as it would be today, without help from facts recorded before; raises `HubError`."""
        found = fetch(self._hub, model, revision, at=self._at, asked=revision, blobs=self._blobs)
        return enter(found.resolved, known_as).entry

    def is_tag(self, model: str, revision: str) -> bool:
        """Whether a revision is a tag of the model; raises `HubError`."""
        return revision in self._hub.tags(model)

    def head(self, model: str) -> Card | None:
        """The card at the default branch today; None where the record holds none. Raises `HubError`."""
        return read_answer(self._hub.record(model, None)).card

    def _resolve(self, wanted: Wanted) -> Attempt:
        found = fetch(self._hub, wanted.model, wanted.revision, at=self._at, asked=wanted.asked, blobs=self._blobs)
        entered = enter(found.resolved, known_as)
        if found.gated is None:
            return Attempt(entered)
        where = known_elsewhere(entered.entry, self._organisation, self._catalogue)
        if where is None:
            return Attempt(entered, found.gated)
        return Attempt(entered._replace(entry=entered.entry._replace(notes=(*entered.entry.notes, where))))


def new_lock(old: Lock | None, results: Results) -> Lock:
    """The lock of what was resolved; of a model that could not be, it keeps the entry and those of its ancestors."""
    entries = [found.entry for _, found in results.entered]
    texts = {digest: lines for _, found in results.entered for digest, lines in found.texts.items()}
    have = {entry.model.casefold() for entry in entries}
    for failed in results.failed:
        for entry in _with_ancestors(old, failed.wanted.model, failed.wanted.revision):
            if entry.model.casefold() not in have or entry.model == failed.wanted.model:
                entries.insert(0, entry)  # what was resolved now stands behind it, and the last of one key counts
    return lock_of(entries, {**(old.texts if old is not None else {}), **texts})


def _with_ancestors(lock: Lock | None, model: str, revision: str | None) -> Iterator[LockEntry]:
    """The entry of a model and those of everything above it."""
    first = lock.find(model, revision) if lock is not None else None
    todo, seen = [first] if first is not None else [], set[tuple[str, str | None]]()
    while todo and lock is not None:
        entry = todo.pop()
        if (entry.model, entry.revision) in seen:
            continue
        seen.add((entry.model, entry.revision))
        yield entry
        parents = entry.facts.parents.value if entry.facts.parents is not None else ()
        todo += [above for parent in parents for above in lock.of_model(parent.model)]


class Checked(NamedTuple):
    """What a lock and today have to say to each other."""

    drifts: tuple[Drift, ...]
    unknown: tuple[Failed, ...]
    """Models of which nobody knows whether they drifted."""


def to_check(lock: Lock | None, wanted: tuple[Wanted, ...]) -> tuple[tuple[LockEntry, ...], tuple[Drift, ...]]:
    """The entries to compare with today, and what the lock lacks or holds too much of by itself."""
    entries: dict[tuple[str, str | None], LockEntry] = {}
    drifts = []
    for one in wanted:
        above = tuple(_with_ancestors(lock, one.model, one.revision))
        entries |= {(entry.model, entry.revision): entry for entry in above}
        if not above:
            drifts.append(Drift(one.model, one.revision, Kind.NOT_LOCKED, "the lock does not hold it"))
    for entry in lock.entries if lock is not None else ():
        if (entry.model, entry.revision) not in entries:
            drifts.append(Drift(entry.model, entry.revision, Kind.NOT_NEEDED, "no manifest beside the lock needs it"))
    return tuple(entries.values()), tuple(drifts)


def compare(online: Online, locked: LockEntry) -> Checked:
    """What has changed of one model since it was locked; what else could not be learnt leaves the rest standing."""
    wanted = Wanted(locked.model, locked.revision)
    try:
        today = online.fresh(locked.model, locked.revision)
    except HubError as error:
        told = drift_by_failure(locked, error)
        return Checked((), (Failed(wanted, error),)) if told is None else Checked((told,), ())
    is_tag, later = False, None
    unknown: tuple[Failed, ...] = ()
    try:
        if locked.commit and locked.revision and today.commit != locked.commit:
            is_tag = online.is_tag(locked.model, locked.revision)
        elif is_pin(locked.revision) and (card := online.head(locked.model)) is not None:
            later = licensed_later(locked, card)
    except HubError as error:
        unknown = (Failed(wanted, error),)
    drifts = drift_of(locked, today, is_tag=is_tag)
    return Checked(drifts if later is None else (*drifts, later), unknown)


def compare_all(online: Online, entries: tuple[LockEntry, ...], jobs: int, progress: Progress) -> Checked:
    """What has changed of many models, several asked for at once."""
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(jobs, thread_name_prefix="lock-check")
    try:
        found = []
        for checked in pool.map(lambda entry: compare(online, entry), entries):
            found.append(checked)
            progress(len(found), len(entries))
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
    return Checked(
        tuple(drift for one in found for drift in one.drifts), tuple(failed for one in found for failed in one.unknown)
    )
