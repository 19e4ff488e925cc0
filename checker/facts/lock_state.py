"""What a rule may ask of the locks about one entry of a manifest, beside the facts that come from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.value import NamedTuple

if TYPE_CHECKING:  # without a lock nothing of it is imported: start-up is a budget
    from checker.facts.join import Disagreement
    from checker.facts.locked.entry import LockEntry


class LockState(NamedTuple):
    """What the project's lock and the organisation's facts hold of one entry."""

    file: str | None = None
    """The project's lock as the user knows it; None where none lies beside the manifest."""
    entry: LockEntry | None = None
    """The project's entry for the model at the revision that the manifest asks for."""
    others: tuple[str, ...] = ()
    """Where there is no such entry: the revisions at which the lock holds the model."""
    unlocked: tuple[str, ...] = ()
    """Ancestors of which the project's lock holds nothing."""
    disagreements: tuple[Disagreement, ...] = ()
    """What the project's lock states otherwise than a source that is trusted more, at the same commit."""
    organisation_names_facts: bool = False
    """Whether the policy has `facts:`."""
    approved: LockEntry | None = None
    """The organisation's entry for the model at the commit in use; at any commit where none is pinned."""
    drift: str = ""
    """What is known, without asking anybody, to have changed since the lock was written; empty where nothing is."""
