"""What an estimate is: terms that add up to a peak, the moment of it, what was assumed, and how far off it may be."""

from checker.memory.units import gib
from checker.value import NamedTuple


class Term(NamedTuple):
    """One part of the memory."""

    name: str
    bytes: int
    formula: str
    """How it was computed, in words and numbers that a person can check."""
    outside: bool = False
    """Whether it lies outside the tensors: the driver's context, a runtime's libraries."""

    def __str__(self) -> str:
        return f"{self.name}: {gib(self.bytes)} ({self.formula})"


class Band(NamedTuple):
    """How far measurements lie from estimates of this kind, as shares of the estimate: -0.03 is 3 % less."""

    low: float
    high: float
    basis: str
    """What it was measured on, or that it was not."""


class Spread(NamedTuple):
    """How far measurements may lie from an estimate: a share of it, and what does not grow with it."""

    low: float
    high: float
    basis: str
    low_bytes: int = 0
    high_bytes: int = 0

    def around(self, peak: int) -> Band:
        """The band of an estimate of `peak` bytes."""
        fixed = max(peak, 1)
        return Band(self.low - self.low_bytes / fixed, self.high + self.high_bytes / fixed, self.basis)


class Guide(NamedTuple):
    """The figure that the guidance publishes for models of this size, in GB (10**9 bytes)."""

    billions: float
    gb: float

    def __str__(self) -> str:
        return f"{self.gb:g} GB for a model of {self.billions:g} B"


class Moment(NamedTuple):
    """One moment of a step, and what lives in tensors then."""

    name: str
    bytes: int


class Estimate(NamedTuple):
    """The memory of one device at the moment at which it is fullest."""

    terms: tuple[Term, ...]
    """Parts alive at that moment, the largest first."""
    moment: str
    """When that is: `loss, backward`."""
    assumptions: tuple[str, ...]
    """What stands in for something that nobody said."""
    band: Band
    guide: Guide | None = None
    """The published figure, to stand beside the result: it knows neither length nor batch."""
    moments: tuple[Moment, ...] = ()
    """The fullest point of each part of a step, in order; empty where nothing moves."""
    reserved_bytes: tuple[int, int] | None = None
    """What the allocator's pool may reach, least and most; None where nothing was measured."""
    device_bytes: tuple[int, int] | None = None
    """What the driver may show, least and most."""

    @property
    def allocated_bytes(self) -> int:
        """What lives in tensors: `torch.cuda.max_memory_allocated`."""
        return sum(term.bytes for term in self.terms if not term.outside)

    @property
    def peak_bytes(self) -> int:
        """The sum of the terms."""
        return sum(term.bytes for term in self.terms)

    @property
    def least_bytes(self) -> int:
        """The lower end of the error band."""
        return int(self.peak_bytes * (1 + self.band.low))

    @property
    def most_bytes(self) -> int:
        """The upper end of the error band."""
        return int(self.peak_bytes * (1 + self.band.high))

    def term(self, name: str) -> int:
        """Bytes of one term; 0 where there is none of that name."""
        return sum(term.bytes for term in self.terms if term.name == name)

    def largest(self, count: int = 3) -> tuple[tuple[str, int], ...]:
        """The largest terms by name, and what is left as `other`."""
        named = tuple((term.name, term.bytes) for term in self.terms[:count])
        rest = sum(term.bytes for term in self.terms[count:])
        return (*named, ("other", rest)) if rest else named


class NotEstimable(NamedTuple):
    """The arithmetic stops here: facts are missing, or the model or plan is of a kind that is not modelled."""

    reason: str
    missing: tuple[str, ...] = ()
    """Names of facts as `known:` spells them (`dimensions.head_dim`); empty where no fact would help."""


def estimate_of(
    terms: tuple[Term, ...], moment: str, assumptions: tuple[str, ...], spread: Spread, guide: Guide | None = None
) -> Estimate:
    """An estimate with its terms in order and without empty ones."""
    kept = sorted((term for term in terms if term.bytes > 0), key=lambda term: -term.bytes)
    band = spread.around(sum(term.bytes for term in kept))
    return Estimate(tuple(kept), moment, assumptions, band, guide)
