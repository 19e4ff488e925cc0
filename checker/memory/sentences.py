"""How estimates are told: needs, room, margin and what would fit instead, in words that rules and commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.memory.estimate import Estimate
from checker.memory.fit import Fit, Fitting
from checker.memory.plan import Hardware
from checker.memory.units import gib, number

if TYPE_CHECKING:  # what fits is told without them, and that is the usual case
    from checker.memory.alternatives import Alternative
    from checker.memory.gpus import Gpu

_FEW = 3


def percent(share: float) -> str:
    """A share as a percentage: `6 %`."""
    return f"{100 * share:.0f} %"


def needs(estimate: Estimate) -> str:
    """`needs 27.4 GiB; weights 15.0, activations 9.1, other 3.3`."""
    parts = ", ".join(f"{name} {number(amount)}" for name, amount in estimate.largest())
    return f"needs {gib(estimate.peak_bytes)}; {parts}"


def room(fitting: Fitting, hardware: Hardware, headroom: float) -> str:
    """`at most 21.6 GiB: RTX 4090 has 24.0 GiB, and 10 % stay free`."""
    each = " each" if hardware.devices > 1 else ""
    free = f", and {percent(headroom)} stay free" if headroom else ""
    return f"at most {gib(fitting.limit)}{each}: {hardware.label} has {gib(fitting.capacity)}{free}"


def margin(fitting: Fitting) -> str:
    """`6 % of the memory left`."""
    return f"{percent(fitting.left)} of the memory left"


def detail(estimate: Estimate) -> tuple[str, ...]:
    """The terms, the moment, the error band and the published figure, a line each."""
    band = estimate.band
    lines = [str(term) for term in estimate.terms]
    lines.append(f"fullest at: {estimate.moment}")
    lines.append(f"error band: {gib(estimate.least_bytes)} to {gib(estimate.most_bytes)} ({band.basis})")
    if estimate.guide is not None:
        lines.append(f"published guide figure: {estimate.guide}, whatever length and batch")
    return tuple(lines)


def instead(alternatives: Sequence[Alternative], gpus: Sequence[Gpu]) -> str:
    """What would fit: changes to the plan, and the smallest GPUs that hold it unchanged."""
    fitting = [alternative for alternative in alternatives if alternative.fit is Fit.YES][:_FEW]
    advice = []
    if fitting:
        advice.append("what fits: " + ", ".join(f"{item.change} ({gib(item.needed)})" for item in fitting))
    elif alternatives:
        advice.append("no change fits: " + ", ".join(map(str, alternatives[-_FEW:])))
    if gpus:
        advice.append("GPUs that hold it: " + ", ".join(gpu.name for gpu in gpus[:_FEW]))
    return "; ".join(advice) or "no single GPU of the list holds it"
