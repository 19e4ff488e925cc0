"""How far the memory estimates lie from what real GPUs and traces show: tables by family, method, software and metric.

Run it with `python dev.py bench memory_accuracy`, or by itself with `python -m benchmarks.memory_accuracy`. Like is
compared with like: `max_memory_allocated` with the tensors, `max_memory_reserved` and `nvidia-smi` with the middles of
the ranges given for them. Errors are estimate over measurement, less 1. Every row worse than 10 % is listed, and every
row that makes no plan, with the reason.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import _measured_training as measured  # noqa: E402
from checker.memory import litgpt, training  # noqa: E402
from checker.memory.estimate import NotEstimable  # noqa: E402
from checker.memory.plan import Stack  # noqa: E402

WORSE = 0.10
"""Rows beyond this error are listed one by one."""


class Result(NamedTuple):
    """A row and what is estimated for it."""

    row: measured.Row
    family: str
    error: float
    inside: bool | None
    """Whether a measured pool or device lies in the range given for it."""


def results() -> tuple[list[Result], list[measured.Skipped]]:
    """All measured training rows; those without an estimate among the skipped."""
    rows, skipped = measured.rows()
    found, left = [], list(skipped)
    for row in rows:
        one = result(row)
        if isinstance(one, Result):
            found.append(one)
        else:
            left.append(measured.Skipped(row.id, row.source, one.reason))
    return found, left


def result(row: measured.Row) -> Result | NotEstimable:
    """The estimate of the quantity that a row measured."""
    model = measured.models()[row.model]
    counted = training.count(model, row.plan)
    if isinstance(counted, NotEstimable):
        return counted
    estimate = counted.estimate(row.plan.tokens)
    family = model.model_type or "unnamed"
    pool, device = estimate.reserved_bytes, estimate.device_bytes
    assert pool is not None and device is not None
    if row.metric in ("reserved", "device"):
        low, high = pool if row.metric == "reserved" else device
        return Result(row, family, (low + high) / 2 / row.bytes - 1, low <= row.bytes <= high)
    if row.metric == "unstated":
        low, high = estimate.allocated_bytes, device[1]
        return Result(row, family, sum(device) / 2 / row.bytes - 1, 0.97 * low <= row.bytes <= high)
    allocated = estimate.allocated_bytes
    if row.first and row.plan.stack is Stack.LITGPT:
        steps = litgpt.moments(counted.shape, row.plan, counted.targets, first=True)
        allocated = max(moment.bytes for moment in steps)
    return Result(row, family, allocated / row.bytes - 1, None)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def line(name: Sequence[str], errors: Sequence[float], inside: Sequence[bool] = ()) -> str:
    """One line of a table."""
    sizes = list(map(abs, errors))
    figures = [f"{100 * median(sizes):.1f} %", f"{100 * percentile(sizes, 0.9):.1f} %", f"{100 * max(sizes):.1f} %"]
    held = f"{sum(inside)} of {len(inside)}" if inside else ""
    return f"| {' | '.join(name)} | {len(errors)} | {100 * median(errors):+.1f} % | {' | '.join(figures)} | {held} |"


HEAD = "| number | signed median | median | 90th percentile | worst | in the range |"
RULE = "| ---: | ---: | ---: | ---: | ---: | --- |"


def table(found: Sequence[Result], names: Sequence[str], key: Callable[[Result], tuple[str, ...]]) -> str:
    """A table of the results by a key."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one)
    lines = [f"| {' | '.join(names)} {HEAD}", f"| {' | '.join('---' for _ in names)} {RULE}"]
    for name, members in sorted(groups.items()):
        inside = [one.inside for one in members if one.inside is not None]
        lines.append(line(name, [one.error for one in members], inside))
    return "\n".join(lines)


def devices(one: Result) -> str:
    """How many devices a row has, as far as it matters."""
    plan = one.row.plan
    return "one" if plan.devices == 1 else f"{plan.sharding}"


def targets(found: Sequence[Result]) -> str:
    """The figures that the project set itself."""
    allocated = [one for one in found if one.row.metric == "allocated" and one.row.plan.devices == 1]
    known = [one for one in allocated if one.row.stack in measured.HF_TRAINER]
    several = [one for one in found if one.row.metric == "allocated" and one.row.plan.devices > 1]
    shown = [one for one in found if one.row.metric in ("reserved", "device")]
    named = (
        ("allocated, one GPU, HF Trainer", known),
        ("allocated, one GPU, all software", allocated),
        ("allocated, several GPUs", several),
        ("reserved and device", shown),
        ("reserved and device, one GPU", [one for one in shown if one.row.plan.devices == 1]),
        ("metric not stated", [one for one in found if one.row.metric == "unstated"]),
    )
    lines = [f"| quantity {HEAD}", f"| --- {RULE}"]
    for name, members in named:
        inside = [one.inside for one in members if one.inside is not None]
        lines.append(line((name,), [one.error for one in members], inside))
    return "\n".join(lines)


def by_software(found: Sequence[Result]) -> str:
    """One line a metric, software, method and way of sharing."""
    return table(
        found,
        ("metric", "software", "method", "devices"),
        lambda one: (one.row.metric, one.row.kind, one.row.plan.method.value, devices(one)),
    )


def by_family(found: Sequence[Result]) -> str:
    """One line a family and metric, for what was measured as such."""
    stated = [one for one in found if one.row.metric != "unstated"]
    return table(stated, ("family", "metric"), lambda one: (one.family, one.row.metric))


def worse(found: Sequence[Result]) -> str:
    """Every row of a stated metric that is worse than 10 %."""
    lines = ["| row | model | software | method | devices | tokens | metric | error |", "| --- " * 8 + "|"]
    for one in sorted(found, key=lambda one: -abs(one.error)):
        row, plan = one.row, one.row.plan
        if abs(one.error) > WORSE and row.metric != "unstated":
            cells = (row.id, row.model, row.kind, plan.method.value, devices(one), str(plan.tokens), row.metric)
            lines.append(f"| {' | '.join(cells)} | {100 * one.error:+.1f} % |")
    return "\n".join(lines)


def left_out(skipped: Iterable[measured.Skipped]) -> str:
    """What makes no plan, and why."""
    counted = Counter((one.source, one.reason) for one in skipped)
    return "\n".join(f"- {source}: {count} rows, {reason}" for (source, reason), count in sorted(counted.items()))


def others() -> str:
    """Traced training steps and measured serving, as the tests read them."""
    from tests.memory import accuracy

    groups: dict[tuple[str, str], list[float]] = {}
    for row in accuracy.rows():
        if row.group.startswith("traced") or row.kind in ("transformers", "vllm", "llama.cpp"):
            groups.setdefault((row.kind, row.group), []).append(1 / (1 + row.error) - 1)
    lines = [f"| kind | rows {HEAD}", f"| --- | --- {RULE}"]
    return "\n".join((*lines, *(line(name, errors) for name, errors in sorted(groups.items()))))


def main() -> None:
    """Print all tables."""
    found, skipped = results()
    print(targets(found), by_software(found), by_family(found), worse(found), left_out(skipped), sep="\n\n")
    print("\n" + others())


if __name__ == "__main__":
    main()
