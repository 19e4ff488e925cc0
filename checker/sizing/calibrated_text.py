"""For people: what steps took beside what was estimated."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.memory.units import GIB
from checker.sizing.calibrate import Measured


def as_text(found: Measured) -> str:
    """The comparison, line by line."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Measured) -> Iterator[str]:
    run, device, estimate = found.run, found.device, found.answer.estimate
    where = f"{device.name} ({_gib(device.memory_bytes)})" if device.kind == "cuda" else "the processor"
    yield f"{visible(run.model)}: {run.plan}"
    yield f"{run.steps} steps with random weights on {visible(where)}"
    yield ""
    yield "            measured      estimated"
    yield f"  tensors   {_gib(run.allocated_bytes):<12}  {_gib(run.estimated_bytes)} ({run.difference:+.1%})"
    if run.reserved_bytes is not None:
        yield f"  pool      {_gib(run.reserved_bytes):<12}  {_range(estimate.reserved_bytes)}"
    if run.device_bytes is not None:
        yield f"  device    {_gib(run.device_bytes):<12}  {_range(estimate.device_bytes)}"
    elif device.kind == "cuda":
        yield f"  device    not told      {_range(estimate.device_bytes)}"
    low, high = found.band
    place = "inside" if found.inside else "OUTSIDE"
    yield f"  the tensors lie {place} the estimate's error band, {_gib(low)} to {_gib(high)} ({estimate.band.basis})"
    yield f"  step by step: {', '.join(_gib(peak) for peak in found.steps.peaks)}"
    yield f"  libraries: {', '.join(f'{name} {version}' for name, version in run.versions)}"
    if device.kind == "cpu":
        yield ""
        yield "counted on the processor, tensor by tensor in blocks of 512 bytes: attention and autocast are those of a"
        yield "processor, attention drops nothing, and no context, pool or workspace of a GPU is in it; it never counts"
    else:
        yield ""
        yield "counts for this plan on this GPU: in `fit`, and in `check` where the policy sets `measured_counts: true`"


def _gib(amount: int) -> str:
    return f"{amount / GIB:.3f} GiB"


def _range(amounts: tuple[int, int] | None) -> str:
    return "not estimated" if amounts is None else f"{_gib(amounts[0])} to {_gib(amounts[1])}"
