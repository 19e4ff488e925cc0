"""For people: an answer as it is read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.memory import sentences
from checker.memory.calibrated import said
from checker.memory.estimate import Estimate
from checker.memory.fit import Fit
from checker.memory.gpus import Gpu
from checker.memory.ladder import Ladder
from checker.memory.plan import ServingPlan, TrainingPlan
from checker.memory.units import GIB, gib
from checker.sizing import tables
from checker.sizing.answer import Answer
from checker.sizing.context_cost import ERRORS_FROM, ContextCost, told_error
from checker.sizing.context_cost import sentences as sentences_of
from checker.sizing.json_types import GPUS
from checker.sizing.serving_report import Extras
from checker.sizing.start import commands
from checker.sizing.subject import Unanswerable
from checker.sizing.together import Together
from checker.sizing.traced import Beside


def as_text(answer: Answer, extras: Extras | None = None) -> str:
    """One answer, with what stands beside it."""
    return "".join(f"{visible(line)}\n" for line in _lines(answer, extras or Extras()))


def _lines(answer: Answer, extras: Extras) -> Iterator[str]:
    estimate = answer.estimate
    yield title(answer)
    yield verdict(answer)
    yield ""
    yield f"terms at the fullest moment, {estimate.moment}:"
    yield from _terms(estimate)
    yield from _moments(estimate)
    yield from _amounts(answer, extras.trace)
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
    yield from _beside(answer, extras)
    if started := commands(answer):
        yield ""
        yield "start:"
        yield from (f"  {line}" for line in started)


def _beside(answer: Answer, extras: Extras) -> Iterator[str]:
    """The tables, and the explanation."""
    if extras.choices:
        yield ""
        yield f"what fits: {choices_title(answer)}"
        yield from (f"  {line}" for line in tables.aligned(tables.of_choices(extras.choices, answer)))
    for title_of, ladder in ladders(extras):
        yield ""
        yield f"{title_of}:"
        yield from (f"  {line}" for line in tables.aligned(tables.of_ladder(ladder)))
    if extras.unexplained:
        yield ""
        yield f"how memory grows is not explained: {extras.unexplained}"
    if extras.cost is not None and isinstance(answer.plan, ServingPlan):
        yield ""
        yield "how memory grows with context and users, on one GPU:"
        yield from (f"  {line}" for line in sentences_of(extras.cost, answer.plan))
        yield from (f"  {line}" for line in tables.aligned(tables.of_steps(extras.cost, answer.plan)))
        yield f"  measured of {answer.plan.runtime} ({ERRORS_FROM}):"
        yield from (f"    {line}" for line in measured(extras.cost))


def choices_title(answer: Answer) -> str:
    """What the table of choices is about."""
    if answer.hardware is None:
        return "by how the weights are stored (* the plan), by memory alone"
    return (
        f"by how the weights are stored (* the plan), the fewest of 1, 2, 4 and 8 {answer.hardware.label} from"
        f" {answer.devices} on; requests at this context, context for these requests; by memory alone"
    )


def ladders(extras: Extras) -> Iterator[tuple[str, Ladder]]:
    """The ladders with their titles, without a full stop."""
    if extras.caches:
        for each in extras.caches:
            cache = f"KV cache in {each.kv_cache}; " if len(extras.caches) > 1 else ""
            yield f"{cache}{_across(each.ladder)}", each.ladder
    elif extras.ladder is not None:
        yield _across(extras.ladder), extras.ladder


def _across(ladder: Ladder) -> str:
    return f"{ladder.row_key} down, {ladder.column_key} across; GiB of one GPU (* what is asked)"


def measured(cost: ContextCost) -> tuple[str, ...]:
    """The errors of the runtime, a line each; a sentence where nothing was measured."""
    return tuple(map(told_error, cost.errors)) or ("nothing was measured; the error band is assumed",)


def of_together(found: Together) -> str:
    """Several models on the same GPUs."""
    return "".join(f"{visible(line)}\n" for line in _together(found))


def _together(found: Together) -> Iterator[str]:
    yield together_verdict(found)
    yield from (f"  {line}" for line in tables.aligned(tables.of_together(found)))
    yield from (f"  {line}" for line in together_notes(found))


def together_verdict(found: Together) -> str:
    """`together on L40S: fits: needs 20.1 GiB, at most 40.5 GiB: …`."""
    if found.fitting is None or found.hardware is None:
        return f"together: needs {gib(found.needed)}; no hardware is named"
    outcome, hardware = found.fitting, found.hardware
    words = "tight, inside the error band" if outcome.fit is Fit.UNSURE else outcome.fit.value
    left = outcome.limit - outcome.needed
    rest = f"{gib(left)} left" if left >= 0 else f"{gib(-left)} too few"
    room = sentences.room(outcome, hardware, found.headroom)
    return f"together on {hardware.label}: {words}: needs {gib(outcome.needed)}, {room}; {rest}"


def together_notes(found: Together) -> Iterator[str]:
    """Which GPUs hold all, and how the programs are started beside each other."""
    yield f"GPUs that hold all: {_names(found.gpus)}"
    if found.shares() is not None:
        yield (
            "may take: the part of the GPU for `--gpu-memory-utilization` or its like, in proportion to the needs;"
            " start one after another, for each looks at what is free"
        )


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
    if answer.room is not None:
        yield ""
        yield "room on one GPU:"
        yield from (f"  {line}" for line in room_lines(answer))


def room_lines(answer: Answer) -> Iterator[str]:
    """What a GPU has room for beside the deployment, a line each."""
    room, plan = answer.room, answer.plan
    if room is None or isinstance(plan, TrainingPlan):
        return
    left = f"{gib(room.left_bytes)} left" if room.left_bytes >= 0 else f"{gib(-room.left_bytes)} too few"
    yield f"available: {gib(room.available_bytes)}, {left}"
    yield f"will be taken: {gib(room.taken_bytes)}"
    if room.pool_tokens is not None and room.pool_requests is not None:
        yield f"{plan.runtime}'s cache: {room.pool_tokens} tokens, {room.pool_requests:.2f} requests of this context"
    if room.parallel_requests is not None:
        several = "" if room.parallel_requests == 1 else "s"
        yield f"at {plan.context_window} tokens: {room.parallel_requests} request{several} at a time"
    if room.context_window is not None:
        yield f"with {_requests(plan)}: {room.context_window} tokens of context"


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
