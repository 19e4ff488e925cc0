"""What one file says of one rule, before layers come together."""

from __future__ import annotations

from checker.document.place import At, Place
from checker.rulebook.schedule import Schedule
from checker.rulebook.settings import RuleSettings
from checker.value import NamedTuple


class StatedRule(NamedTuple):
    """What one file says of one rule."""

    at: Place
    schedule: At[Schedule] | None
    settings: RuleSettings | None
    """Bound settings; only those named in `places` were stated."""
    places: dict[str, Place]
    """The line of each setting that is stated."""
    custom: bool = False
    """Whether it stands under `rules.custom`."""
