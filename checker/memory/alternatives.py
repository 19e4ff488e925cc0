"""What would fit instead: the plan with one thing changed, each change computed, and the GPUs that would hold it."""

from collections.abc import Iterator

from checker.memory import serving, training
from checker.memory.estimate import Estimate
from checker.memory.fit import Fit, fitting
from checker.memory.gpus import Gpu, gpus
from checker.memory.model import Model, is_encoder
from checker.memory.plan import Method, Optimizer, Precision, Runtime, ServingPlan, TrainingPlan
from checker.memory.units import gib
from checker.value import NamedTuple


class Alternative(NamedTuple):
    """One change and what the plan needs with it."""

    change: str
    """As a manifest would say it: `micro_batch_size 1`."""
    needed: int
    fit: Fit

    def __str__(self) -> str:
        return f"{self.change} needs {gib(self.needed)}"


def for_training(model: Model, plan: TrainingPlan, capacity: int, headroom: float) -> tuple[Alternative, ...]:
    """Changes that need less, in the order in which people try them; where none is enough, all of them at once."""
    found = [
        _first_that_fits(model, plan, steps, capacity, headroom) for steps in (*_training_changes(plan), _lengths(plan))
    ]
    helping = [alternative for alternative in found if alternative is not None]
    if not any(alternative.fit is Fit.YES for alternative in helping):
        together = [steps[-1] for steps in (*_training_changes(plan), _lengths(plan)) if steps]
        last = _first_that_fits(model, plan, [_joined(together)], capacity, headroom) if len(together) > 1 else None
        helping += [last] if last is not None else []
    return tuple(helping)


_Change = tuple[str, dict[str, object]]
"""How a manifest says it, and the fields of the plan that it changes."""


def _first_that_fits(
    model: Model, plan: TrainingPlan, steps: list[_Change], capacity: int, headroom: float
) -> Alternative | None:
    """The first of ever smaller steps that fits, or the last; None where none needs less than the plan."""
    before = training.estimate(model, plan)
    last = None
    for name, fields in steps:
        result = training.estimate(model, plan._replace(**fields))  # type: ignore[arg-type]
        if isinstance(result, Estimate) and isinstance(before, Estimate) and result.peak_bytes < before.peak_bytes:
            last = _alternative(name, result, capacity, headroom)
            if last.fit is Fit.YES:
                return last
    return last


def _training_changes(plan: TrainingPlan) -> Iterator[list[_Change]]:
    """Each list is one thing to change, in ever smaller steps."""
    if not plan.gradient_checkpointing:
        yield [("gradient_checkpointing true", {"gradient_checkpointing": True})]
    if plan.micro_batch_size > 1:
        yield [(f"micro_batch_size {size}", {"micro_batch_size": size}) for size in _halvings(plan.micro_batch_size, 1)]
    if plan.method is Method.FULL and plan.precision is Precision.BF16_MIXED:
        yield [("precision bf16", {"precision": Precision.BF16})]
    if plan.upcast_frozen:
        yield [("upcast_frozen false", {"upcast_frozen": False})]
    if plan.method is Method.FULL:
        yield [("optimizer adamw-8bit", {"optimizer": Optimizer.ADAMW_8BIT})]
    if plan.method is not Method.QLORA:
        lora: list[_Change] = [("method lora", {"method": Method.LORA})] if plan.method is Method.FULL else []
        yield [*lora, ("method qlora", {"method": Method.QLORA})]


_SHORT = 512
"""No shorter samples are proposed, in tokens."""


def _lengths(plan: TrainingPlan) -> list[_Change]:
    return [(f"sequence_length {size}", {"sequence_length": size}) for size in _halvings(plan.sequence_length, _SHORT)]


def _joined(changes: list[_Change]) -> _Change:
    fields: dict[str, object] = {}
    for _, changed in changes:
        fields |= changed
    return " and ".join(name for name, _ in changes), fields


def for_serving(
    model: Model, plan: ServingPlan, devices: int, capacity: int, headroom: float
) -> tuple[Alternative, ...]:
    """Changes that need less; of windows and requests the largest halving that fits, or the smallest tried."""
    found = []
    for steps in _serving_changes(model, plan, devices):
        last = None
        for name, changed, count in steps:
            result = serving.estimate(model, changed, count)
            if isinstance(result, Estimate):
                last = _alternative(name, result, capacity, headroom)
                if last.fit is Fit.YES:
                    break
        if last is not None:
            found.append(last)
    return tuple(found)


_Step = tuple[str, ServingPlan, int]


def _serving_changes(model: Model, plan: ServingPlan, devices: int) -> Iterator[list[_Step]]:
    if not is_encoder(model):
        yield [
            (f"context_window {size}", plan._replace(context_window=size), devices)
            for size in _halvings(plan.context_window, 1024)
        ]
        yield [
            (f"parallel_requests {count}", plan._replace(parallel_requests=count), devices)
            for count in _halvings(plan.parallel_requests, 1)
        ]
        smaller = "q8_0" if plan.runtime is Runtime.LLAMA_CPP else "fp8"
        if plan.kv_cache in ("fp16", "bf16") and plan.runtime is not Runtime.TRANSFORMERS:
            yield [(f"kv_cache {smaller}", plan._replace(kv_cache=smaller), devices)]
        if plan.quantization == "none":
            yield [(f"quantization {name}", plan._replace(quantization=name), devices) for name in ("fp8", "awq-int4")]
        yield [(f"count {count}", plan, count) for count in (2, 4, 8) if count > devices]


def _halvings(size: int, least: int) -> list[int]:
    sizes = []
    while size // 2 >= least:
        size //= 2
        sizes.append(size)
    return sizes


def _alternative(change: str, result: Estimate, capacity: int, headroom: float) -> Alternative:
    verdict = fitting((result,), capacity, headroom)
    return Alternative(change, verdict.needed, verdict.fit)


def gpus_for(needed: int, headroom: float, *, unified: bool = False) -> tuple[Gpu, ...]:
    """Common GPUs of the list that hold `needed` bytes and keep `headroom` free, the smallest first.

    Unified memory is left out unless `unified`: most training software does not run on it.
    """
    holding = [
        gpu
        for gpu in gpus()
        if gpu.common and gpu.usable_bytes * (1 - headroom) >= needed and (unified or gpu.kind != "unified")
    ]
    return tuple(sorted(holding, key=lambda gpu: gpu.usable_bytes))
