"""Several models on the same GPUs: what they need together, whether it fits, and the part that each may take."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from checker.memory.alternatives import gpus_for
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.gpus import Gpu
from checker.memory.plan import Hardware
from checker.sizing.answer import Answer, with_room
from checker.value import NamedTuple


class Together(NamedTuple):
    """Deployments that share their GPUs."""

    names: tuple[str, ...]
    answers: tuple[Answer, ...]
    """In the order of `names`."""
    hardware: Hardware | None
    headroom: float
    needed: int
    """Bytes of one GPU that all of them need."""
    most: int
    """The same at the upper end of the error bands."""
    fitting: Fitting | None
    """None where no hardware is named."""
    gpus: tuple[Gpu, ...]
    """Common GPUs of which one, or as many as the plans name, holds all; the smallest first."""

    @property
    def fit(self) -> Fit | None:
        """Whether they fit together; None where no hardware is named."""
        return self.fitting.fit if self.fitting else None

    def shares(self) -> tuple[float, ...] | None:
        """The part of each GPU (0 to 1) that each model may take, in their order; None where they do not fit.

        What the headroom leaves is divided in proportion to the needs, cut to thousandths: programs such as vLLM take
        the share that they are told, whatever they need, so that these must not add up to more than there is.
        """
        if self.fitting is None or self.fitting.needed > self.fitting.limit:
            return None
        whole = self.fitting.limit / self.fitting.capacity
        return tuple(floor(1000 * whole * answer.estimate.peak_bytes / self.needed) / 1000 for answer in self.answers)


def beside_each_other(found: Together) -> tuple[Answer, ...]:
    """The answers, each with the part of the GPUs that it may take, and what there is room for in it."""
    shares = found.shares()
    if shares is None:
        return found.answers
    return tuple(with_room(answer._replace(share=share)) for answer, share in zip(found.answers, shares, strict=True))


def together(named: Sequence[tuple[str, Answer]]) -> Together:
    """What deployments need on the GPUs that they share: those of the first."""
    answers = tuple(answer for _, answer in named)
    first = answers[0]
    estimates = [answer.estimate for answer in answers]
    outcome = fitting(estimates, first.hardware.bytes, first.headroom) if first.hardware else None
    most = sum(estimate.most_bytes for estimate in estimates)
    return Together(
        names=tuple(name for name, _ in named),
        answers=answers,
        hardware=first.hardware,
        headroom=first.headroom,
        needed=sum(estimate.peak_bytes for estimate in estimates),
        most=most,
        fitting=outcome,
        gpus=gpus_for(most, first.headroom),
    )
