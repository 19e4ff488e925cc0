"""Refusals that need no torch: a configuration with custom code, a plan that means nothing."""

import re
from collections.abc import Mapping

from checker.memory.trace.plan import (
    ATTENTIONS,
    DTYPES,
    LOSSES,
    METHODS,
    OPTIMIZERS,
    TASKS,
    RefusedError,
    TracePlan,
)

CHOICES = {
    "task": TASKS,
    "method": METHODS,
    "weights": DTYPES,
    "adapter_dtype": DTYPES,
    "optimizer": OPTIMIZERS,
    "attention": ATTENTIONS,
    "loss": LOSSES,
}
LIMITS = {"sequence_length": 1 << 22, "micro_batch_size": 1 << 16, "rank": 1 << 14, "num_labels": 1 << 20}
"""The largest value that is taken for a plan, far beyond any that is trained."""
LARGEST = 1 << 24
"""The largest number in a configuration that is taken for a size: a vocabulary of 16 million."""
DEEPEST = 1 << 10
"""The most layers, heads or experts that are built one by one."""


def check(config: Mapping[str, object], plan: TracePlan) -> None:
    """Raise `RefusedError` where the question is not one that a trace answers."""
    if config.get("auto_map"):
        raise RefusedError(
            "the configuration names custom code (auto_map), which is never run: "
            "trace a model type of the library, or remove auto_map where the library knows the type"
        )
    if not isinstance(config.get("model_type"), str):
        raise RefusedError("the configuration names no model_type: a config.json of transformers has one")
    check_sizes(config)
    for key, choices in CHOICES.items():
        value = getattr(plan, key)
        if value not in choices:
            raise RefusedError(f"{key} must be one of {', '.join(choices)} (got {value!r})")
    for key, most in LIMITS.items():
        value = getattr(plan, key)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
            raise RefusedError(f"{key} must be a whole number from 1 to {most} (got {value!r})")
    if not plan.targets:
        raise RefusedError("targets must name at least one module")
    if plan.task != "causal" and plan.loss != "full":
        raise RefusedError(f"loss {plan.loss} is about a vocabulary: the task {plan.task} has none")


def check_sizes(config: Mapping[str, object]) -> None:
    """Raise `RefusedError` for a number that no model has: building it would take the machine's memory or hours."""
    for key, value in config.items():
        if isinstance(value, Mapping):
            check_sizes(value)
        if isinstance(value, bool) or not isinstance(value, int):
            continue
        most = DEEPEST if re.search(r"(^|_)n?_?(layers?|heads?|experts|depth)$", key) else LARGEST
        if value > most and not key.endswith("_id"):
            raise RefusedError(f"{key} of the configuration must be at most {most} (got {value})")
