"""Tables of what is needed: sequence length by micro batch for training, context by parallel requests for serving."""

from __future__ import annotations

from collections.abc import Callable

from checker.memory import repeated, serving
from checker.memory.alternatives import caches_of
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fit, fitting
from checker.memory.model import Model, is_encoder
from checker.memory.plan import Hardware, ServingPlan, TrainingPlan
from checker.value import NamedTuple

_ROWS = 10
_COLUMNS = 7
_SHORT = 512
_LONG = 131_072
"""Tokens at which a ladder ends where nobody says how many a model was trained for."""


class Cell(NamedTuple):
    """One plan of the table."""

    needed: int | None
    """Bytes of one device; None where the arithmetic stops."""
    fit: Fit | None
    """None where no hardware is named, or nothing is known."""
    left: int | None = None
    """Bytes of one device that stay free beside the headroom, below 0 where it is too small; None without hardware."""


class Ladder(NamedTuple):
    """A table of plans that differ in two keys."""

    row_key: str
    column_key: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    cells: tuple[tuple[Cell, ...], ...]
    """A line of cells for each of `rows`."""
    asked: tuple[int, int] = (0, 0)
    """The row and the column of the plan itself, by their indices."""


def of_training(
    model: Model, plan: TrainingPlan, hardware: Hardware | None, headroom: float, longest: int | None = None
) -> Ladder:
    """Sequence lengths up to `longest` tokens by micro batches; the plan itself is one of the cells."""
    rows = _steps(plan.sequence_length, _SHORT, longest or _LONG, _ROWS)
    columns = _steps(plan.micro_batch_size, 1, max(64, plan.micro_batch_size), _COLUMNS)

    def need(length: int, batch: int) -> Estimate | NotEstimable:
        return repeated.estimate(model, plan._replace(sequence_length=length, micro_batch_size=batch))

    cells = _table(rows, columns, need, hardware, headroom)
    asked = (rows.index(plan.sequence_length), columns.index(plan.micro_batch_size))
    return Ladder("sequence_length", "micro_batch_size", rows, columns, cells, asked)


def of_serving(
    model: Model,
    plan: ServingPlan,
    devices: int,
    hardware: Hardware | None,
    headroom: float,
    longest: int | None = None,
) -> Ladder:
    """Contexts up to `longest` tokens by parallel requests; the plan itself is one of the cells."""
    rows = _steps(plan.context_window, _SHORT, longest or _LONG, _ROWS, also=longest)
    columns = _steps(plan.parallel_requests, 1, max(64, plan.parallel_requests), _COLUMNS)

    def need(window: int, requests: int) -> Estimate | NotEstimable:
        prompt = None if plan.prompt_tokens is None else min(plan.prompt_tokens, window)
        asked = plan._replace(context_window=window, parallel_requests=requests, prompt_tokens=prompt)
        return serving.estimate(model, asked, devices)

    cells = _table(rows, columns, need, hardware, headroom)
    asked = (rows.index(plan.context_window), columns.index(plan.parallel_requests))
    return Ladder("context_window", "parallel_requests", rows, columns, cells, asked)


class CacheLadder(NamedTuple):
    """The ladder of a deployment for one number format of the KV cache."""

    kv_cache: str
    ladder: Ladder


def of_caches(
    model: Model,
    plan: ServingPlan,
    devices: int,
    hardware: Hardware | None,
    headroom: float,
    longest: int | None = None,
) -> tuple[CacheLadder, ...]:
    """A ladder for each format of the KV cache that the runtime is known to hold, the plan's first.

    Formats are those that people choose between (`alternatives.CACHES`); a model without a cache has one ladder.
    """
    plain, smaller = caches_of(plan)
    formats = [plan.kv_cache]
    if not is_encoder(model):
        formats += [] if plan.kv_cache in plain else plain[:1]
        formats += [name for name in smaller if name != plan.kv_cache]
    return tuple(
        CacheLadder(name, of_serving(model, plan._replace(kv_cache=name), devices, hardware, headroom, longest))
        for name in formats
    )


def _steps(asked: int, least: int, most: int, count: int, *, also: int | None = None) -> tuple[int, ...]:
    """Doublings from `least` to `most` around what was asked, that and `also` among them."""
    sizes = {asked, also or asked}
    size = least
    while size <= most:
        sizes.add(size)
        size *= 2
    ordered = sorted(sizes)
    if len(ordered) <= count:
        return tuple(ordered)
    start = min(max(0, ordered.index(asked) - count // 2), len(ordered) - count)
    return tuple(ordered[start : start + count])


def _table(
    rows: tuple[int, ...],
    columns: tuple[int, ...],
    need: Callable[[int, int], Estimate | NotEstimable],
    hardware: Hardware | None,
    headroom: float,
) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(_cell(need(row, column), hardware, headroom) for column in columns) for row in rows)


def _cell(result: Estimate | NotEstimable, hardware: Hardware | None, headroom: float) -> Cell:
    if isinstance(result, NotEstimable):
        return Cell(None, None)
    outcome = fitting((result,), hardware.bytes, headroom) if hardware else None
    if outcome is None:
        return Cell(result.peak_bytes, None)
    return Cell(result.peak_bytes, outcome.fit, outcome.limit - outcome.needed)
