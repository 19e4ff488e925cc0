"""For people: an answer as it is read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.memory import sentences
from checker.memory.calibrated import said
from checker.memory.estimate import Estimate
from checker.memory.fit import Fit
from checker.memory.gpus import Gpu
from checker.memory.ladder import Cell, Ladder
from checker.memory.plan import ServingPlan, TrainingPlan
from checker.memory.units import GIB, gib
from checker.sizing.answer import Answer
from checker.sizing.as_json import GPUS
from checker.sizing.start import commands
from checker.sizing.subject import Unanswerable
from checker.sizing.traced import Beside

MARKS = {Fit.YES: "fits", Fit.UNSURE: "tight", Fit.NO: "no"}
"""What stands in a cell of a ladder."""


def as_text(answer: Answer, ladder: Ladder | None = None, trace: Beside | None = None) -> str:
    """One answer."""
    return "".join(f"{visible(line)}\n" for line in _lines(answer, ladder, trace))


def _lines(answer: Answer, ladder: Ladder | None, trace: Beside | None) -> Iterator[str]:
    estimate = answer.estimate
    yield title(answer)
    yield verdict(answer)
    yield ""
    yield f"terms at the fullest moment, {estimate.moment}:"
    yield from _terms(estimate)
    yield from _moments(estimate)
    yield from _amounts(answer, trace)
    yield from _calibration(answer)
    yield from _room(answer)
    if answer.warnings:
        yield ""
        yield from (f"warning: {warning}" for warning in answer.warnings)
    yield ""
    yield "assumptions:"
    yield from (f"  {line}" for line in answer.assumptions)
    if answer.hardware is not None and answer.hardware.note:
        yield f"  {answer.hardware.label}: {answer.hardware.note}"
    yield f"  facts of the model: {answer.subject.certainty}"
    yield from _instead(answer)
    if ladder is not None:
        yield ""
        yield from of_ladder(ladder)
    if started := commands(answer):
        yield ""
        yield "start:"
        yield from (f"  {line}" for line in started)


def title(answer: Answer) -> str:
    """`Qwen/Qwen3-8B: training, lora, 2048 tokens, micro batch 1`."""
    plan, each = answer.plan, f", {answer.devices} GPUs" if answer.devices > 1 else ""
    if isinstance(plan, TrainingPlan):
        words = f"training, {plan.method}, {plan.sequence_length} tokens, micro batch {plan.micro_batch_size}"
    else:
        words = f"serving, {plan.runtime}, {plan.context_window} tokens, {_requests(plan)}, weights {_weights(plan)}"
    return f"{answer.subject.name}: {words}{each}"


def _requests(plan: ServingPlan) -> str:
    return f"{plan.parallel_requests} request{'s' if plan.parallel_requests > 1 else ''} at a time"


def _weights(plan: ServingPlan) -> str:
    return "as published" if plan.quantization == "none" else plan.quantization


def verdict(answer: Answer) -> str:
    """`fits: needs 9.9 GiB, at most 21.6 GiB: …`; without hardware only what is needed."""
    outcome, hardware, estimate = answer.fitting, answer.hardware, answer.estimate
    if outcome is None or hardware is None:
        return f"needs {gib(estimate.peak_bytes)}; no hardware is named"
    words = "tight, inside the error band" if outcome.fit is Fit.UNSURE else outcome.fit.value
    held = sentences.room(outcome, hardware, answer.headroom)
    left = f"; {sentences.margin(outcome)}" if outcome.left >= 0 else ""
    alone = answer.estimated
    if answer.calibrated is not None and answer.calibrated.needed is not None and alone is not None:
        by = f"by the estimate alone it needs {gib(estimate.peak_bytes)}: {alone.fit.value}"
        return f"{words}: measured {gib(outcome.needed)}, {held}{left}; {by}"
    return f"{words}: needs {gib(estimate.peak_bytes)}, {held}{left}"


def _calibration(answer: Answer) -> Iterator[str]:
    if answer.calibrated is None:
        return
    yield ""
    yield "measured (weighbridge calibrate):"
    for run in answer.calibrated.runs:
        counts = "decides here" if run is answer.calibrated.run else "shown, and decides nothing here"
        yield f"  {said(run, answer.calibration_file)}; {counts}"


_SMALL = 4 * GIB


def _column(size: int, most: int) -> str:
    """An amount in a column whose largest is `most`: small ones get another digit."""
    return f"{size / GIB:8.{2 if most >= _SMALL else 3}f} GiB"


def _terms(estimate: Estimate) -> Iterator[str]:
    width = max((len(term.name) for term in estimate.terms), default=0)
    for term in estimate.terms:
        yield f"  {term.name:<{width}}  {_column(term.bytes, estimate.peak_bytes)}  {term.formula}"


def _moments(estimate: Estimate) -> Iterator[str]:
    if not estimate.moments:
        return
    yield ""
    yield "moments of a step, the tensors alone:"
    width = max(len(moment.name) for moment in estimate.moments)
    for moment in estimate.moments:
        peak = "  the fullest" if moment.name == estimate.moment else ""
        yield f"  {moment.name:<{width}}  {_column(moment.bytes, estimate.peak_bytes)}{peak}"


def _amounts(answer: Answer, trace: Beside | None) -> Iterator[str]:
    estimate = answer.estimate

    def told(size: int) -> str:
        return _column(size, estimate.peak_bytes).strip()

    yield ""
    yield f"allocated:   {told(estimate.allocated_bytes)} (the tensors alone)"
    for name, bounds, words in (
        ("reserved:", estimate.reserved_bytes, "what the allocator may hold, the error of the estimate included"),
        ("device:", estimate.device_bytes, "what nvidia-smi shows"),
    ):
        if bounds is not None:
            yield f"{name:<12} {told(bounds[0])} to {told(bounds[1])} ({words})"
    yield f"error band:  {told(estimate.least_bytes)} to {told(estimate.most_bytes)} ({estimate.band.basis})"
    if estimate.guide is not None:
        yield f"guide:       {estimate.guide}, as published, whatever length and batch"
    if trace is not None:
        off = round(100 * trace.difference, 2) + 0.0  # no `-0.00`
        yield (
            f"traced:      {told(trace.peak_bytes)} in the {trace.peak_at} pass;"
            f" the estimate of the tensors is {off:+.2f} % off ({trace.versions})"
        )


def _room(answer: Answer) -> Iterator[str]:
    room, plan = answer.room, answer.plan
    if room is None or isinstance(plan, TrainingPlan):
        return
    yield ""
    yield "room on one GPU:"
    left = f"{gib(room.left_bytes)} left" if room.left_bytes >= 0 else f"{gib(-room.left_bytes)} too few"
    yield f"  available: {gib(room.available_bytes)}, {left}"
    yield f"  will be taken: {gib(room.taken_bytes)}"
    if room.pool_tokens is not None and room.pool_requests is not None:
        yield f"  {plan.runtime}'s cache: {room.pool_tokens} tokens, {room.pool_requests:.2f} requests of this context"
    if room.parallel_requests is not None:
        yield f"  at {plan.context_window} tokens: {room.parallel_requests} requests at a time"
    if room.context_window is not None:
        yield f"  with {_requests(plan)}: {room.context_window} tokens of context"


def _instead(answer: Answer) -> Iterator[str]:
    if answer.fit in (None, Fit.YES) or answer.alternatives is None:
        return
    yield ""
    yield "instead:"
    width = max((len(each.change) for each in answer.alternatives), default=0)
    for each in answer.alternatives:
        yield f"  {each.change:<{width}}  {gib(each.needed):>10}  {each.fit}"
    yield f"  GPUs that hold it: {_names(answer.gpus)}"


def _names(gpus: tuple[Gpu, ...]) -> str:
    return ", ".join(gpu.name for gpu in gpus[:GPUS]) or "none of the list"


def of_ladder(ladder: Ladder) -> Iterator[str]:
    """The table, a line for each row; GiB of one GPU, and what of it fits."""
    told = [[_cell(cell) for cell in row] for row in ladder.cells]
    judged = any(cell.fit for row in ladder.cells for cell in row)
    heads = [f"{column}{' ' * 6 if judged else ''}" for column in ladder.columns]
    widths = [max(len(head), *(len(row[index]) for row in told)) for index, head in enumerate(heads)]
    first = max(len(ladder.row_key), *(len(str(row)) for row in ladder.rows))
    yield f"{ladder.row_key} down, {ladder.column_key} across; GiB of one GPU:"
    across = "  ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    yield f"  {'':>{first}}  {across}".rstrip()
    for row, cells in zip(ladder.rows, told, strict=True):
        line = "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        yield f"  {row:>{first}}  {line}".rstrip()


def _cell(cell: Cell) -> str:
    if cell.needed is None:
        return "?"
    amount = f"{cell.needed / GIB:.1f}"
    return f"{amount} {MARKS[cell.fit]:<5}" if cell.fit else amount


def of_refusal(refusal: Unanswerable) -> str:
    """Why there is no answer, and what would give one."""
    hint = f"; {refusal.hint}" if refusal.hint else ""
    return f"{visible(f'unknown: {refusal.reason}{hint}')}\n"


def of_gpus(gpus: tuple[Gpu, ...]) -> str:
    """The list of GPUs that are known by name."""
    width = max(len(gpu.name) for gpu in gpus)
    return "".join(
        f"{gpu.name:<{width}}  {gpu.usable_bytes / GIB:7.2f} GiB usable of {gpu.marketed_gb:>3} GB  {gpu.vendor},"
        f" {gpu.kind}\n"
        for gpu in gpus
    )
