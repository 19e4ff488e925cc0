"""What may be changed about an entry so that a model passes after all: steps for each rule, the smallest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.document.place import At
from checker.manifest.choices import Method
from checker.manifest.deployment import Quantization, Runtime
from checker.manifest.model import ModelEntry
from checker.memory.alternatives import WEIGHTS, smaller
from checker.memory.formats import FORMATS
from checker.memory.weights import canonical
from checker.value import NamedTuple

LEAST_WINDOW = 2048
"""No shorter context is proposed, in tokens."""
LEAST_SAMPLE = 512
"""No shorter samples are proposed, in tokens."""
STAND_IN = "0" * 40
"""A commit of which only the form counts: it stands for the one that a lock will find."""


class Change(NamedTuple):
    """One key of the entry with another value."""

    path: tuple[str, ...]
    """The keys that lead to it."""
    value: str
    """As a manifest writes it."""
    said: str
    """In words: `16384 instead of 32768 tokens of context`."""


class Step(NamedTuple):
    """Changes made together, and the entry with them."""

    changes: tuple[Change, ...]
    entry: ModelEntry


def steps_for(rule: str, entry: ModelEntry) -> tuple[Step, ...]:
    """What may be tried for an entry that a rule refuses, each step asking for more than the one before it."""
    make = _STEPS.get(rule)
    return make(entry) if make is not None else ()


def may_change(rule: str, revision: At[str] | None) -> bool:
    """Whether there may be steps for a rule that refuses: asked far more often than for the steps themselves."""
    return rule in _STEPS and (rule != "revision-pinned" or revision is None)


def _pinned(entry: ModelEntry) -> tuple[Step, ...]:
    if entry.revision is not None:
        return ()
    change = Change(("revision",), "", "pinned at a commit, which `weighbridge lock` finds")
    return (Step((change,), entry.model_copy(update={"revision": At(STAND_IN, entry.model.at)})),)


def _shorter(entry: ModelEntry) -> tuple[Step, ...]:
    """Half the context, and half of that: a change beyond a quarter is another plan."""
    return tuple(_windows(entry, 2))


def _windows(entry: ModelEntry, times: int) -> list[Step]:
    deployment, steps = entry.deployment, []
    asked = deployment.context_window if deployment else None
    if deployment is None or asked is None:
        return []
    size = asked.value
    for _ in range(times):
        size //= 2
        if size < LEAST_WINDOW:
            break
        update: dict[str, Any] = {"context_window": At(size, asked.at)}
        if deployment.prompt_tokens is not None and deployment.prompt_tokens.value > size:
            update["prompt_tokens"] = At(size, deployment.prompt_tokens.at)
        change = Change(
            ("deployment", "context_window"), str(size), f"{size} instead of {asked.value} tokens of context"
        )
        changed = entry.model_copy(update={"deployment": deployment.model_copy(update=update)})
        steps.append(Step((change,), changed))
    return steps


def _smaller_serving(entry: ModelEntry) -> tuple[Step, ...]:
    """Weights of four bits, a shorter context, then both."""
    steps: list[Step] = []
    fewer = _four_bits(entry)
    if fewer is not None:
        steps.append(fewer)
    steps += _windows(entry, 1)
    if fewer is not None:
        steps += [Step((*fewer.changes, *step.changes), step.entry) for step in _windows(fewer.entry, 2)]
    return tuple(steps)


_WIDE_BITS = 8
"""What a weight takes in formats that are worth halving: eight bits and more."""


def _four_bits(entry: ModelEntry) -> Step | None:
    """The smallest format that is usual on its runtime, which has four bits; without a runtime it is vLLM's."""
    deployment = entry.deployment
    if deployment is None or deployment.weights is not None:
        return None
    formats = smaller(WEIGHTS, deployment.runtime.value if deployment.runtime else Runtime.VLLM, "none")
    form = Quantization(formats[-1]) if formats else None
    stated = deployment.quantization
    if form is None or (stated is not None and FORMATS[canonical(stated.value)].bits < _WIDE_BITS):
        return None
    at = stated.at if stated else deployment.at
    before = stated.value if stated else "the published weights"
    change = Change(("deployment", "quantization"), form.value, f"int4 ({form}) instead of {before}")
    changed = deployment.model_copy(update={"quantization": At(form, at)})
    return Step((change,), entry.model_copy(update={"deployment": changed}))


def _smaller_training(entry: ModelEntry) -> tuple[Step, ...]:
    """Adapters, adapters on four bits, shorter samples, then both."""
    steps: list[Step] = []
    tuning = entry.fine_tuning
    if tuning is None or tuning.method is None:
        return ()
    least = Step((), entry)
    for method in (Method.LORA, Method.QLORA):
        if list(Method).index(method) > list(Method).index(tuning.method.value):
            said = f"{SAID[method]} instead of {SAID[tuning.method.value]}"
            change = Change(("fine_tuning", "method"), method.value, said)
            changed = tuning.model_copy(update={"method": At(method, tuning.method.at)})
            least = Step((change,), entry.model_copy(update={"fine_tuning": changed}))
            steps.append(least)
    steps += _samples(entry, 1)
    if least.changes:
        steps += [Step((*least.changes, *step.changes), step.entry) for step in _samples(least.entry, 2)]
    return tuple(steps)


SAID = {Method.FULL: "full fine-tuning", Method.LORA: "LoRA", Method.QLORA: "QLoRA"}
"""How a sentence calls the methods."""


def _samples(entry: ModelEntry, times: int) -> list[Step]:
    tuning, steps = entry.fine_tuning, []
    asked = tuning.sequence_length if tuning else None
    if tuning is None or asked is None:
        return []
    size = asked.value
    for _ in range(times):
        size //= 2
        if size < LEAST_SAMPLE:
            break
        change = Change(("fine_tuning", "sequence_length"), str(size), f"samples of {size} instead of {asked.value}")
        changed = tuning.model_copy(update={"sequence_length": At(size, asked.at)})
        steps.append(Step((change,), entry.model_copy(update={"fine_tuning": changed})))
    return steps


_STEPS: dict[str, Callable[[ModelEntry], tuple[Step, ...]]] = {
    "revision-pinned": _pinned,
    "context-window": _shorter,
    "serving-fits": _smaller_serving,
    "training-fits": _smaller_training,
}
"""By the rule that refuses: no rule is judged here, the engine judges the changed entry."""
