"""The picture of an answer: a deployment's ladders; of a training the plan and what would fit instead."""

from __future__ import annotations

from collections.abc import Sequence

from checker.memory import ladder, ladder_plot, repeated, sentences
from checker.memory.estimate import Estimate
from checker.memory.fit import fitting
from checker.memory.plan import Hardware, ServingPlan, TrainingPlan
from checker.memory.plot import Bar, Mark, svg
from checker.memory.units import gib
from checker.sizing.answer import Answer
from checker.sizing.as_text import title
from checker.sizing.entries import EntryAnswer

_BARS = 9


def of_answer(answer: Answer) -> str:
    """A deployment's ladders; a training and its alternatives, or where it fits, with one thing doubled."""
    if isinstance(answer.plan, ServingPlan):
        return _ladders(answer, answer.plan)
    bars = [Bar("the plan", answer.estimate, _word(answer.estimate, answer))]
    changes = [
        ("all of these at once" if each.change.count(" and ") > 1 else each.change, each.estimate)
        for each in answer.alternatives or ()
        if each.estimate is not None
    ]
    bars += [Bar(name, estimate, _word(estimate, answer)) for name, estimate in changes or _larger(answer)]
    return svg(title(answer), bars[:_BARS], _marks(answer.hardware, answer.headroom))


def of_entries(name: str, answers: Sequence[EntryAnswer]) -> str:
    """A bar for each plan of a manifest that has an estimate; the line where all run on the same hardware."""
    known = [(each, each.result) for each in answers if isinstance(each.result, Answer)]
    bars = [
        Bar(
            f"{each.entry}, {'training' if each.training else 'serving'}",
            result.estimate,
            _word(result.estimate, result),
        )
        for each, result in known
    ]
    hardware = {result.hardware for _, result in known}
    same = next(iter(hardware)) if len(hardware) == 1 else None
    return svg(name, bars, _marks(same, known[0][1].headroom) if known else ())


def _word(estimate: Estimate, answer: Answer) -> str:
    if answer.hardware is None:
        return ""
    return fitting((estimate,), answer.hardware.bytes, answer.headroom).fit.value


def _marks(hardware: Hardware | None, headroom: float) -> tuple[Mark, ...]:
    if hardware is None:
        return ()
    whole = Mark(f"{hardware.label}: {gib(hardware.bytes)}", hardware.bytes)
    limit = int(hardware.bytes * (1 - headroom))
    return (whole, Mark(f"less {100 * headroom:.0f} %: {gib(limit)}", limit)) if headroom else (whole,)


def _larger(answer: Answer) -> list[tuple[str, Estimate]]:
    """A training with length, batch, and both doubled."""
    plan, model = answer.plan, answer.subject.model
    assert isinstance(plan, TrainingPlan)
    length, batch = 2 * plan.sequence_length, 2 * plan.micro_batch_size
    trained = [
        (f"sequence_length {length}", plan._replace(sequence_length=length)),
        (f"micro_batch_size {batch}", plan._replace(micro_batch_size=batch)),
        ("both", plan._replace(sequence_length=length, micro_batch_size=batch)),
    ]
    results = [(name, repeated.estimate(model, changed)) for name, changed in trained]
    return [(name, result) for name, result in results if isinstance(result, Estimate)]


def _ladders(answer: Answer, plan: ServingPlan) -> str:
    found = ladder.of_caches(
        answer.subject.model, plan, answer.devices, answer.hardware, answer.headroom, answer.subject.native_context
    )
    outcome, hardware = answer.fitting, answer.hardware
    if outcome is None or hardware is None:
        return ladder_plot.svg(title(answer), "no hardware is named", found)
    return ladder_plot.svg(title(answer), sentences.room(outcome, hardware, answer.headroom), found)
