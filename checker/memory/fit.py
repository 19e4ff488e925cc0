"""Whether a device holds what is needed: outside the error band yes or no, inside it neither."""

from collections.abc import Sequence
from enum import StrEnum

from checker.memory.estimate import Estimate
from checker.value import NamedTuple


class Fit(StrEnum):
    """The answer."""

    YES = "fits"
    UNSURE = "tight"
    """The limit lies inside the error band."""
    NO = "does not fit"


class Fitting(NamedTuple):
    """What is needed beside what there is, in bytes of one device."""

    fit: Fit
    needed: int
    least: int
    """Needed at the lower end of the error band."""
    most: int
    """Needed at the upper end."""
    limit: int
    """What may be used: the device less the headroom."""
    capacity: int
    """What the device has."""

    @property
    def left(self) -> float:
        """The share of the device that stays free; below 0 where it is too small."""
        return 1 - self.needed / self.capacity


def fitting(estimates: Sequence[Estimate], capacity: int, headroom: float) -> Fitting:
    """Hold what `estimates` need together against a device of `capacity` bytes, `headroom` of which stays free."""
    needed = sum(estimate.peak_bytes for estimate in estimates)
    least = sum(estimate.least_bytes for estimate in estimates)
    most = sum(estimate.most_bytes for estimate in estimates)
    limit = int(capacity * (1 - headroom))
    fit = Fit.YES if most <= limit else Fit.NO if least > limit else Fit.UNSURE
    return Fitting(fit, needed, least, most, limit, capacity)
