"""The enforcement level of a rule over time: one level, or levels that begin on given days."""

from datetime import date
from enum import StrEnum

from checker.value import NamedTuple


class Enforcement(StrEnum):
    """What a rule's outcome does, loosest first; the levels are those of HashiCorp Sentinel.

    Example:
        >>> from checker import Enforcement, check
        >>> hard = [one for one in check("examples/stopped").blocking if one.enforcement is Enforcement.HARD_MANDATORY]
        >>> [one.rule for one in hard]
        ['license-allowed', 'license-use']
    """

    OFF = "off"
    """Not judged."""
    ADVISORY = "advisory"
    """Reported; never blocks."""
    SOFT_MANDATORY = "soft-mandatory"
    """Blocks unless a waiver covers it."""
    HARD_MANDATORY = "hard-mandatory"
    """Blocks, and no waiver can cover it."""

    @property
    def rank(self) -> int:
        """0 for off, 3 for hard-mandatory."""
        return _RANKS[self]

    @property
    def blocks(self) -> bool:
        """Whether a failed or an unevaluated rule of this level stops the gate."""
        return self in (Enforcement.SOFT_MANDATORY, Enforcement.HARD_MANDATORY)


_RANKS = {level: rank for rank, level in enumerate(Enforcement)}


class Step(NamedTuple):
    """A level that holds from a day on; `begins` is the first day of the calendar for the level of today."""

    begins: date
    enforcement: Enforcement


class Schedule(NamedTuple):
    """Levels in the order in which they begin; the first holds from the beginning of time."""

    steps: tuple[Step, ...]

    @classmethod
    def always(cls, enforcement: Enforcement) -> "Schedule":
        """One level without dates."""
        return cls((Step(date.min, enforcement),))

    def on(self, day: date) -> Enforcement:
        """The level that holds on `day`."""
        return next(step.enforcement for step in reversed(self.steps) if step.begins <= day)

    def after(self, day: date) -> tuple[Step, ...]:
        """The changes that are still to come after `day`."""
        return tuple(step for step in self.steps if step.begins > day)

    def weakened_by(self, below: "Schedule") -> date | None:
        """The first day on which `below` is looser than this schedule; None where it never is."""
        days = sorted({step.begins for step in (*self.steps, *below.steps)})
        return next((day for day in days if below.on(day).rank < self.on(day).rank), None)

    def join(self, other: "Schedule") -> "Schedule":
        """The tighter level of the two on every day."""
        days = sorted({step.begins for step in (*self.steps, *other.steps)})
        levels = [(day, max(self.on(day), other.on(day), key=lambda level: level.rank)) for day in days]
        steps = [
            Step(day, level)
            for index, (day, level) in enumerate(levels)
            if index == 0 or level is not levels[index - 1][1]
        ]
        return Schedule(tuple(steps))
