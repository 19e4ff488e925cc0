"""What is known of a model without asking the Hub: entries from the catalogue, and who knows a gated model."""

from __future__ import annotations

from typing import Any

from checker.facts.catalogue import Catalogue
from checker.facts.fact import Fact
from checker.facts.locked.entry import LockedFacts, LockEntry, Stated
from checker.facts.locked.held import Holder
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


def known_elsewhere(entry: LockEntry, organisation: tuple[Holder, ...], catalogue: Catalogue) -> str | None:
    """Where a check finds what the files of a gated model would have told, in words; None where nobody knows it."""
    for lock in organisation:
        for other in lock.of_model(entry.id):
            when = "at this commit" if other.commit == entry.commit else f"at {(other.commit or 'no commit')[:12]}"
            return f"a check takes the rest from the organisation's facts ({lock.file}, {when})"
    facts = catalogue.find(entry.id)
    if facts is None:
        return None
    when = f"at {facts.revision[:12]}" if facts.revision else "at no stated commit"
    return f"a check takes the rest from the catalogue ({when})"
