"""The parts of an answer for programs that trainings and deployments share; all amounts are of one GPU."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

Fits = Literal["fits", "tight", "does not fit"]


class JsonRange(TypedDict):
    """An amount of memory that is known to lie between two, in bytes."""

    low: int
    """The least, in bytes."""
    high: int
    """The most, in bytes."""


class JsonTerm(TypedDict):
    """One part of what is needed; `outside` says that it lies outside the tensors."""

    name: str
    """What it is: weights, KV cache, activations …"""
    bytes: int
    """Of one GPU."""
    formula: str
    """How it was computed, in words and numbers that a person can check."""
    outside: bool
    """Whether it lies outside the tensors, as the driver's context does."""


class JsonMoment(TypedDict):
    """One moment of a step, and what is alive then."""

    name: str
    """Which moment: forward, backward …"""
    bytes: int
    """What lives in tensors then, in bytes of one GPU."""


class JsonBand(TypedDict):
    """How far measurements lie from such estimates, as shares; and the amounts at both ends."""

    low: float
    """The lower end as a share of the estimate: -0.03 is 3 % less."""
    high: float
    """The upper end as a share of the estimate."""
    basis: str
    """What it was measured on, or that it was not."""
    least_bytes: int
    """What is needed at the lower end, in bytes of one GPU."""
    most_bytes: int
    """What is needed at the upper end, in bytes of one GPU."""


class JsonGuide(TypedDict):
    """The published figure for models of this size, in GB (10**9 bytes)."""

    billions: float
    """The size that the figure is published for, in billions of parameters."""
    gb: float
    """The figure, in GB (10**9 bytes)."""


class JsonHardware(TypedDict):
    """The GPU that the plan is held against: `limit_bytes` is what may be used of `bytes`."""

    gpu: str
    """How a person names it: `RTX 4090`, `a GPU of 24.0 GiB`."""
    bytes: int
    """Memory that a program finds on one GPU."""
    count: int
    """How many equal GPUs there are."""
    headroom: float
    """The part of each that stays free, 0 to 1."""
    limit_bytes: int
    """What may be used of one GPU: `bytes` less the headroom."""
    note: str
    """What else to know of it; empty where that is nothing."""


class JsonRun(TypedDict):
    """A run of this very plan (`weighbridge calibrate`); `counts` says that `fits` is by it and not by the estimate."""

    file: str
    """The file that records it."""
    device: Literal["cuda", "cpu"]
    """`cuda`, or `cpu`, on which tensors are counted and nothing of a GPU is."""
    gpu: str
    """The GPU's name; empty on a processor."""
    allocated_bytes: int
    """The most that lived in tensors at once, in the last step."""
    reserved_bytes: int | None
    """The most that the allocator's pool held; null where it was not measured."""
    device_bytes: int | None
    """What the driver showed of the process; null where it was not measured."""
    estimated_bytes: int
    """What the estimate said of the tensors."""
    measured_on: str
    """The day of the run, YYYY-MM-DD."""
    counts: bool
    """Whether `fits` is by this run and not by the estimate."""


class JsonAlternative(TypedDict):
    """One change to the plan, as a manifest would say it, and what the plan needs with it."""

    change: str
    """The change, as a manifest would say it: `micro_batch_size 1`."""
    needed_bytes: int
    """What the plan needs with it, in bytes of one GPU."""
    fits: Fits
    """Whether it then fits; `tight`: inside the estimate's error band."""


class JsonCell(TypedDict):
    """One plan of a ladder; null where the arithmetic stops, or where no hardware is named."""

    needed_bytes: int | None
    """What that plan needs, in bytes of one GPU; null where the arithmetic stops."""
    left_bytes: int | None
    """What stays free beside the headroom, below 0 where the GPU is too small; null without hardware."""
    fits: Fits | None
    """Whether it fits; null without hardware, or where the arithmetic stops."""


class JsonLadder(TypedDict):
    """A table of plans that differ in two keys: a line of cells for each of `rows`."""

    row_key: str
    """The key that differs from line to line: `sequence_length` or `context_window`."""
    column_key: str
    """The key that differs within a line: `micro_batch_size` or `parallel_requests`."""
    rows: list[int]
    """The values of `row_key`, in tokens."""
    columns: list[int]
    """The values of `column_key`: samples of a micro batch, or requests."""
    cells: list[list[JsonCell]]
    """A line of plans for each of `rows`, with one for each of `columns`."""


class JsonTrace(TypedDict):
    """The same step traced through the library's own code, beside the estimate of its tensors."""

    peak_bytes: int
    """The most that lived in tensors at once, by the trace."""
    peak_at: str
    """The pass in which that was seen."""
    allocated_bytes: int
    """What the estimate says of the tensors."""
    difference: float
    """How far the estimate lies from the trace, as a share of the trace."""
    versions: str
    """The libraries that ran."""
