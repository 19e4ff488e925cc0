"""The guidance's figures for fine-tuning beside plans: which common one makes each, and what an ordinary one needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from checker.facts.catalogue import Catalogue
from checker.guidance.guidance import guidance
from checker.memory import training
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.model import Model
from checker.memory.of_facts import model_of
from checker.memory.plan import Loss, Method, Optimizer, Stack, Task
from checker.memory.stacks import AskedTraining, completed
from checker.memory.units import GB

NEAR = 0.07
"""A figure counts as reproduced within this share; the guidance rounds to half a GB and more."""
MODELS = {
    3: "meta-llama/Llama-3.2-3B-Instruct",
    7: "mistralai/Mistral-7B-Instruct-v0.3",
    8: "meta-llama/Llama-3.1-8B-Instruct",
    9: "google/gemma-2-9b-it",
    11: "upstage/SOLAR-10.7B-v1.0",
    14: "Qwen/Qwen2.5-14B-Instruct",
    27: "google/gemma-2-27b-it",
    32: "Qwen/Qwen2.5-32B-Instruct",
}
"""A known model of each size; of 11 B the nearest that is text alone."""


class Choice(NamedTuple):
    """A plan that people run."""

    words: str
    stack: Stack
    sequence: int
    batch: int
    loss: Loss | None = None
    optimizer: Optimizer | None = None
    double: bool = True


def choices() -> Iterator[Choice]:
    """Plans in the order of how ordinary they are: more tokens first, then what saves memory."""
    for stack, loss in ((Stack.TRL, None), (Stack.TRL, Loss.FUSED_LINEAR), (Stack.UNSLOTH, None)):
        for sequence in (2048, 1024, 512, 256):
            for batch in (4, 2, 1):
                words = f"{stack}, {batch} x {sequence} tokens" + (", fused head" if loss else "")
                yield Choice(words, stack, sequence, batch, loss, Optimizer.ADAMW_8BIT)


ORDINARY = Choice("trl, 1 x 2048 tokens", Stack.TRL, 2048, 1)


def needed(model: Model, method: Method, choice: Choice) -> Estimate | None:
    """The estimate, or None where the plan is not modelled."""
    asked = AskedTraining(
        method=method,
        sequence_length=choice.sequence,
        stack=choice.stack,
        micro_batch_size=choice.batch,
        loss=choice.loss,
        optimizer=choice.optimizer,
        double_quantization=choice.double if method is Method.QLORA else None,
    )
    estimate = training.estimate(model, completed(asked, Task.CAUSAL).plan)
    return None if isinstance(estimate, NotEstimable) else estimate


def guide_table() -> str:
    """One line a figure."""
    catalogue = Catalogue()
    head = "| figure | GB | model | a plan that makes it | GB | ordinary plan (trl, 1 x 2048 tokens) GB | figure is |"
    lines = [head, "| --- | ---: | --- | --- | ---: | ---: | --- |"]
    for figures in guidance().fine_tuning_memory:
        name = MODELS[int(figures.billions)]
        facts = catalogue.find(name)
        assert facts is not None, name
        model = model_of(facts)
        for method, figure in ((Method.QLORA, figures.qlora_gb), (Method.LORA, figures.lora_gb)):
            lines.append(_line(f"{figures.billions:g} B, {method}", figure, name, model, method))
    return "\n".join(lines)


def _line(title: str, figure: float, name: str, model: Model, method: Method) -> str:
    made = [(choice, estimate) for choice in choices() if (estimate := needed(model, method, choice))]
    ordinary = needed(model, method, ORDINARY)
    if not made or ordinary is None:
        return f"| {title} | {figure:g} | {name} | not estimated | | | |"
    choice, estimate = min(made, key=lambda one: _off(one[1], figure) > NEAR and 1 + _off(one[1], figure))
    words = choice.words
    if _off(estimate, figure) > NEAR:
        words = f"none; weights alone take {estimate.term('weights') / GB:.1f}, the least is {choice.words}"
    plain = ordinary.peak_bytes / GB
    side = "below" if figure < plain else "above"
    judged = f"{100 * abs(figure / plain - 1):.0f} % {side} it"
    return f"| {title} | {figure:g} | {name} | {words} | {estimate.peak_bytes / GB:.1f} | {plain:.1f} | {judged} |"


def _off(estimate: Estimate, figure: float) -> float:
    return abs(estimate.peak_bytes / GB / figure - 1)
