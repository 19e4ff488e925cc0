"""How far an audit looks beyond today."""

from __future__ import annotations

from checker.value import NamedTuple


class Look(NamedTuple):
    """How far to look ahead and back."""

    ahead_days: int | None = None
    """What turns red by itself within so many days; None for not at all."""
    back: bool = False
    """Whether to judge every commit that changed a manifest, its lock or its policy."""
    commits: bool = False
    """Whether journals are held against these commits, so that git has to be able to tell them."""


TODAY = Look()
"""No further than today."""
