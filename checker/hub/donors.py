"""Fills what a gated model's files would have told from facts that somebody recorded before, and says so."""

from __future__ import annotations

from typing import Any

from checker.facts.catalogue import Catalogue
from checker.facts.fact import Fact
from checker.facts.locked.entry import LockedFacts, LockEntry, Stated
from checker.facts.locked.lock import Lock
from checker.facts.locked.resolve import Entered
from checker.facts.model import Facts
from checker.hub.errors import Failure, HubError

_NOT_FROM_THE_CATALOGUE = frozenset(("weight_formats", "remote_code"))
"""What only files can tell; the catalogue does not hold it."""


def from_catalogue(catalogue: Catalogue, model: str, revision: str | None, at: str) -> Entered:
    """A lock's entry made of the catalogue alone.

    Raises:
        HubError: the catalogue does not hold the model.
    """
    facts = catalogue.find(model)
    if facts is None:
        near = catalogue.nearest(model)
        raise HubError(
            Failure.NOT_THERE,
            f"{model} is not in the catalogue",
            f"did you mean {near}?" if near else "leave out --offline, or use --from-dir or --from-cache",
        )
    notes: tuple[str, ...] = ("from the catalogue that ships with Weighbridge: nothing was asked of the Hub",)
    if revision is not None and revision != facts.revision:
        recorded = f"at {facts.revision}" if facts.revision else "at no stated commit"
        notes = (*notes, f"recorded {recorded}, not at {revision}: identity, architecture and sizes are taken to hold")
    entry = LockEntry(
        model=model,
        revision=revision,
        commit=facts.revision,
        resolved_at=at,
        resolved_from="catalogue",
        now_called=facts.model if facts.model != model else None,
        notes=notes,
        facts=stated_by_catalogue(facts),
    )
    return Entered(entry, {})


def stated_by_catalogue(facts: Facts) -> LockedFacts:
    """The catalogue's facts in the form of a lock, each with the catalogue's source."""
    known: dict[str, Any] = {
        name: Stated(fact.value, fact.certainty, f"catalogue: {fact.source.detail}", fact.source.revision)
        for name in LockedFacts._fields
        if isinstance(fact := getattr(facts, name, None), Fact) and name not in _NOT_FROM_THE_CATALOGUE
    }
    return LockedFacts(**known)


def completed(entered: Entered, organisation: Lock | None, catalogue: Catalogue) -> Entered | None:
    """An entry whose files may not be read, filled from the organisation's facts, else from the catalogue.

    None where neither knows the model.
    """
    entry = entered.entry
    for lock_entry in organisation.of_model(entry.id) if organisation is not None else ():
        same = lock_entry.commit == entry.commit
        when = "at this commit" if same else f"at {lock_entry.commit or 'no commit'}"
        said = f"filled from facts that the organisation resolved {when}"
        donor = _moved(lock_entry.facts, None if same else lock_entry.commit)
        texts = dict(organisation.texts) if organisation is not None else {}
        return Entered(_filled(entry, donor, said), {**texts, **entered.texts})
    facts = catalogue.find(entry.id)
    if facts is None:
        return None
    return entered._replace(entry=_filled(entry, stated_by_catalogue(facts), "filled from the catalogue"))


def _moved(facts: LockedFacts, commit: str | None) -> LockedFacts:
    """The same facts, each with the commit at which it was read where that is another one."""
    moved: dict[str, Any] = {
        name: stated._replace(source=f"organisation: {stated.source}", commit=stated.commit or commit)
        for name, stated in zip(LockedFacts._fields, facts, strict=True)
        if stated is not None
    }
    return LockedFacts(**moved)


def _filled(entry: LockEntry, donor: LockedFacts, said: str) -> LockEntry:
    """The entry with the donor's facts where it has none of its own."""
    pairs = zip(entry.facts, donor, strict=True)
    facts = LockedFacts._make(own if own is not None else other for own, other in pairs)
    return entry._replace(facts=facts, notes=(*entry.notes, said))
