"""Finds what the project's lock, the organisation's facts and the catalogue hold of a model, and joins it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from checker.facts.fact import Origin
from checker.facts.join import Disagreement, join
from checker.facts.lock_state import LockState
from checker.facts.locked.as_facts import facts_of_entry
from checker.facts.locked.entry import LockedFacts, LockEntry
from checker.facts.locked.held import Holder
from checker.facts.model import Facts
from checker.value import NamedTuple

Find: TypeAlias = Callable[[str], Facts | None]
"""The catalogue's facts of a model by its id."""
_COMMIT = re.compile("[0-9a-f]{40}")


class Locks(NamedTuple):
    """The locks that a run knows."""

    project: Holder | None = None
    """The one beside the manifest."""
    organisation: tuple[Holder, ...] = ()
    """Those that the policy names under `facts:`, the nearest file's first."""


class Known(NamedTuple):
    """What all sources together say of one model."""

    facts: Facts
    origin: Origin | None
    """The source that was taken first; None where no source knows the model."""
    state: LockState


class _Layer(NamedTuple):
    facts: Facts
    origin: Origin
    commit: str | None


def look_up(model: str, revision: str | None, locks: Locks, find: Find) -> Known:
    """What is known of a model at the revision that a manifest asks for.

    The organisation's facts at the commit in use come first, then the project's lock, then the organisation's facts at
    another commit, then the catalogue.

    Args:
        model: the id as the manifest writes it.
        revision: as the manifest writes it; None where it names none.
        locks: the locks of the run.
        find: the catalogue.
    """
    own = _own(model, revision, locks.project)
    pinned = revision if revision and _COMMIT.fullmatch(revision) else own.commit if own else None
    approved = next(_approved(model, pinned, locks), None)
    layers = list(_layers(model, own, approved, pinned, locks, find))
    facts, disagreements = _joined(layers) if layers else (Facts(model=model, found_as=model), ())
    state = LockState(
        file=locks.project.file if locks.project else None,
        entry=own,
        others=() if own or not locks.project else _revisions(model, locks.project),
        disagreements=disagreements,
        organisation_names_facts=bool(locks.organisation),
        approved=approved,
        drift=_drift(own, locks) if own else "",
    )
    return Known(facts._replace(found_as=model), layers[0].origin if layers else None, state)


def look_up_ancestor(model: str, locks: Locks, find: Find) -> Facts | None:
    """What is known of a model from which another descends; None where no source knows it.

    No manifest pins an ancestor, so the commit of a lock's entry is the one that counts.
    """
    own = next(iter(locks.project.of_model(model)), None) if locks.project else None
    approved = next(_approved(model, own.commit if own else None, locks), None)
    layers = list(_layers(model, own, approved, approved.commit if approved else None, locks, find))
    if not layers:
        return None
    facts, disagreements = _joined(layers)
    said = tuple(_sentence(one) for one in disagreements)
    return facts._replace(found_as=model, conflicts=(*facts.conflicts, *said))


def _own(model: str, revision: str | None, lock: Holder | None) -> LockEntry | None:
    """The project's entry by its key, else by the commit: a manifest may write down the commit that was locked."""
    if lock is None:
        return None
    at_commit = (entry for entry in lock.of_model(model) if revision and entry.commit == revision)
    return lock.find(model, revision) or next(at_commit, None)


def _approved(model: str, pinned: str | None, locks: Locks) -> Iterator[LockEntry]:
    """The organisation's entries for a model: of a pinned one those at that commit."""
    for lock in locks.organisation:
        yield from (entry for entry in lock.of_model(model) if pinned in (None, entry.commit))


def _layers(
    model: str, own: LockEntry | None, approved: LockEntry | None, pinned: str | None, locks: Locks, find: Find
) -> Iterator[_Layer]:
    """The sources that know the model, the one that is taken first at the head."""
    if approved is not None and pinned is not None:
        yield _layer(approved, Origin.ORGANISATION)
    if own is not None and own.facts != LockedFacts():
        yield _layer(own, Origin.LOCK)
    elsewhere = next(_approved(model, None, locks), None)
    if elsewhere is not None and (approved is None or pinned is None):
        facts = facts_of_entry(elsewhere, Origin.ORGANISATION, at_pinned_commit=False)
        yield _Layer(facts, Origin.ORGANISATION, elsewhere.commit)
    recorded = find(model) or (find(own.id) if own else None)
    if recorded is not None:
        yield _Layer(recorded, Origin.CATALOGUE, recorded.revision)


def _layer(entry: LockEntry, origin: Origin) -> _Layer:
    return _Layer(facts_of_entry(entry, origin), origin, entry.commit)


def _joined(layers: list[_Layer]) -> tuple[Facts, tuple[Disagreement, ...]]:
    """All layers in one; a project's lock yields to what follows it where both speak of the same commit."""
    first, *others = layers
    facts, found = first.facts, list[Disagreement]()
    for layer in others:
        same = first.commit is not None and layer.commit == first.commit
        joined = join(facts, layer.facts, trusted=not (same and first.origin is Origin.LOCK))
        facts = joined.facts
        if same and Origin.LOCK in (first.origin, layer.origin):
            found += joined.disagreements
        else:
            facts = facts._replace(conflicts=(*facts.conflicts, *map(_sentence, joined.disagreements)))
    return facts, tuple(found)


def _sentence(one: Disagreement) -> str:
    def said(fact: object, commit: str | None, origin: Origin) -> str:
        return f"{fact} ({origin}{f' at {commit[:12]}' if commit else ''})"

    taken, other = one.taken, one.other
    return (
        f"{one.name} is {said(taken.value, taken.source.revision, taken.source.origin)}"
        f" and {said(other.value, other.source.revision, other.source.origin)}"
    )


def _revisions(model: str, lock: Holder) -> tuple[str, ...]:
    return tuple(entry.revision or entry.commit or "no revision" for entry in lock.of_model(model))


def _drift(own: LockEntry, locks: Locks) -> str:
    """What the organisation's facts, resolved later, say otherwise of the same branch or of the same commit."""
    theirs = [entry for entry in _approved(own.model, None, locks) if entry.resolved_at > own.resolved_at]
    for entry in theirs:
        if entry.revision == own.revision and entry.commit != own.commit and entry.commit and own.commit:
            moved = f"{own.commit[:12]} to {entry.commit[:12]}"
            return f"the organisation's facts of {entry.resolved_at[:10]} saw the model move from {moved}"
        held, texts = own.facts.license_files, entry.facts.license_files
        if entry.commit == own.commit and held and texts and held.value != texts.value:
            return f"the organisation's facts of {entry.resolved_at[:10]} hold other licence files at the same commit"
    return ""
