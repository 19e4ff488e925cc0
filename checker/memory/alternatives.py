"""What would fit instead: the plan with one thing changed, each change computed, and the GPUs that would hold it."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from checker.memory import repeated, serving
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fit, fitting
from checker.memory.gpus import Gpu, gpus
from checker.memory.model import Model, is_encoder
from checker.memory.plan import (
    Attention,
    Loss,
    Method,
    Optimizer,
    Precision,
    Runtime,
    ServingPlan,
    Sharding,
    Task,
    TrainingPlan,
)
from checker.memory.runtimes import cannot_load
from checker.memory.units import gib
from checker.value import NamedTuple


class Alternative(NamedTuple):
    """One change and what the plan needs with it."""

    change: str
    """As a manifest would say it: `micro_batch_size 1`."""
    needed: int
    fit: Fit
    estimate: Estimate | None = None
    """How that is made up."""

    def __str__(self) -> str:
        return f"{self.change} needs {gib(self.needed)}"


_Result: TypeAlias = Estimate | NotEstimable
_Change: TypeAlias = tuple[str, dict[str, Any]]
"""How a manifest says it, and the fields of the plan that it changes."""


class _Limits(NamedTuple):
    """What a plan needs unchanged, and what there is."""

    before: int
    capacity: int
    headroom: float


def for_training(model: Model, plan: TrainingPlan, capacity: int, headroom: float) -> tuple[Alternative, ...]:
    """Changes that need less, in the order in which people try them; where none is enough, all of them at once."""
    before = repeated.estimate(model, plan)
    if isinstance(before, NotEstimable):
        return ()
    limits = _Limits(before.peak_bytes, capacity, headroom)

    def changed(fields: dict[str, Any]) -> _Result:
        return repeated.estimate(model, plan._replace(**fields))

    changes = [*_training_changes(plan), _lengths(plan)]
    helping = [found for steps in changes if (found := _first_that_fits(steps, changed, limits)) is not None]
    if not any(alternative.fit is Fit.YES for alternative in helping):
        together = [steps[-1] for steps in changes if steps]
        last = _first_that_fits([_joined(together)], changed, limits) if len(together) > 1 else None
        helping += [last] if last is not None else []
    return (*helping, *_more_devices(plan, changed, limits))


def _first_that_fits(
    steps: list[_Change], changed: Callable[[dict[str, Any]], _Result], limits: _Limits
) -> Alternative | None:
    """The first of ever smaller steps that fits, or the last; None where none needs less than the plan."""
    tried: dict[int, Alternative | None] = {}

    def at(index: int) -> Alternative | None:
        if index not in tried:
            name, fields = steps[index]
            result = changed(fields)
            helps = isinstance(result, Estimate) and result.peak_bytes < limits.before
            tried[index] = _alternative(name, result, limits) if isinstance(result, Estimate) and helps else None
        return tried[index]

    if not steps:
        return None
    last = at(len(steps) - 1)
    if last is None or last.fit is not Fit.YES:
        return last
    # Each step needs less than the one before it, so that half of them need not be looked at.
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        found = at(middle)
        if found is not None and found.fit is Fit.YES:
            high = middle
        else:
            low = middle + 1
    return at(low)


def _training_changes(plan: TrainingPlan) -> Iterator[list[_Change]]:
    """Each list is one thing to change, in ever smaller steps."""
    if not plan.gradient_checkpointing:
        yield [("gradient_checkpointing true", {"gradient_checkpointing": True})]
    if plan.micro_batch_size > 1:
        yield [(f"micro_batch_size {size}", {"micro_batch_size": size}) for size in _halvings(plan.micro_batch_size, 1)]
    if plan.attention is Attention.EAGER:
        yield [("attention flash", {"attention": Attention.FLASH})]
    if plan.method is Method.FULL and plan.precision is Precision.BF16_MIXED:
        yield [("precision bf16", {"precision": Precision.BF16})]
    if plan.upcast_frozen:
        yield [("upcast_frozen false", {"upcast_frozen": False})]
    if plan.optimizer not in _SMALL_STATES:
        yield [("optimizer adamw-8bit", {"optimizer": Optimizer.ADAMW_8BIT})]
    if plan.method is not Method.QLORA:
        methods = (Method.LORA, Method.QLORA) if plan.method is Method.FULL else (Method.QLORA,)
        yield [(f"method {method}", _adapted(plan, method)) for method in methods]
    if plan.task is Task.CAUSAL and plan.loss is not Loss.FUSED_LINEAR:
        yield [("loss fused-linear", {"loss": Loss.FUSED_LINEAR})]


def _adapted(plan: TrainingPlan, method: Method) -> dict[str, Any]:
    """What changes with the method: frozen weights are held in 16 bits, and adapters are updated one by one."""
    if plan.method is not Method.FULL:
        return {"method": method}
    autocast = plan.adapter_bytes == 4
    return {"method": method, "precision": Precision.BF16, "autocast": autocast, "foreach": False}


_SMALL_STATES = (
    *(Optimizer.ADAMW_8BIT, Optimizer.PAGED_ADAMW_8BIT, Optimizer.LION_8BIT, Optimizer.SGD, Optimizer.ADAFACTOR),
    Optimizer.PAGED_ADAMW,
)
_SHORT = 512
"""No shorter samples are proposed, in tokens."""


def _lengths(plan: TrainingPlan) -> list[_Change]:
    return [(f"sequence_length {size}", {"sequence_length": size}) for size in _halvings(plan.sequence_length, _SHORT)]


def _more_devices(
    plan: TrainingPlan, changed: Callable[[dict[str, Any]], _Result], limits: _Limits
) -> tuple[Alternative, ...]:
    """The fewest devices that hold the plan where they divide it among them; none where that is not modelled."""
    steps: list[_Change] = [
        (f"count {count} and sharding fsdp", {"devices": count, "sharding": Sharding.FSDP})
        for count in (2, 4, 8, 16)
        if count > plan.devices or (count == plan.devices and plan.sharding is Sharding.DDP)
    ]
    found = _first_that_fits(steps, changed, limits)
    return (found,) if found is not None else ()


def _joined(changes: list[_Change]) -> _Change:
    fields: dict[str, Any] = {}
    for _, changed in changes:
        fields |= changed
    return " and ".join(name for name, _ in changes), fields


def for_serving(
    model: Model, plan: ServingPlan, devices: int, capacity: int, headroom: float
) -> tuple[Alternative, ...]:
    """Changes that need less; of windows and requests the largest halving that fits, or the smallest tried."""
    before = serving.estimate(model, plan, devices)
    if isinstance(before, NotEstimable):
        return ()
    limits = _Limits(before.peak_bytes, capacity, headroom)

    def changed(fields: dict[str, Any]) -> _Result:
        own = {key: value for key, value in fields.items() if key != "count"}
        return serving.estimate(model, plan._replace(**own), fields.get("count", devices))

    changes = [steps for steps in _serving_changes(model, plan, devices) if steps]
    helping = [found for steps in changes if (found := _first_that_fits(steps, changed, limits)) is not None]
    if len(changes) > 1 and not any(alternative.fit is Fit.YES for alternative in helping):
        last = _first_that_fits([_joined([steps[-1] for steps in changes])], changed, limits)
        helping += [last] if last is not None else []
    return tuple(helping)


def _serving_changes(model: Model, plan: ServingPlan, devices: int) -> Iterator[list[_Change]]:
    if is_encoder(model):
        return
    yield [_window(plan, size) for size in _halvings(plan.context_window, 1024)]
    yield [
        (f"parallel_requests {count}", {"parallel_requests": count}) for count in _halvings(plan.parallel_requests, 1)
    ]
    yield [(f"kv_cache {name}", {"kv_cache": name}) for name in smaller_caches(plan.runtime, plan.kv_cache)]
    yield [
        (f"quantization {name}", {"quantization": name}) for name in smaller_weights(plan.runtime, plan.quantization)
    ]
    yield [(f"count {count}", {"count": count}) for count in (2, 4, 8) if count > devices]


def _window(plan: ServingPlan, size: int) -> _Change:
    """A shorter context, and a prompt that fits into it."""
    fields = {"context_window": size}
    if plan.prompt_tokens is not None and plan.prompt_tokens > size:
        return f"context_window {size} and prompt_tokens {size}", {**fields, "prompt_tokens": size}
    return f"context_window {size}", fields


CACHES: dict[Runtime, tuple[Any, ...]] = {
    Runtime.LLAMA_CPP: (("fp16", "bf16"), "q8_0", "q4_0"),
    Runtime.VLLM: (("fp16", "bf16"), "fp8"),
    Runtime.TGI: (("fp16", "bf16"), "fp8"),
}
"""Formats of a cache by runtime, the largest first."""
WEIGHTS = {
    Runtime.LLAMA_CPP: (("none", "F32", "F16", "BF16"), "Q8_0", "Q6_K", "Q4_K_M"),
    Runtime.VLLM: (("none",), "fp8", "awq-int4"),
    Runtime.TGI: (("none",), "fp8", "awq-int4"),
    Runtime.TRANSFORMERS: (("none",), "int8", "nf4"),
}
"""Formats of weights by runtime, the largest first."""


def smaller_weights(runtime: Runtime, present: str) -> list[str]:
    """The formats of weights that a runtime loads below the present one, the largest first."""
    return [name for name in smaller(WEIGHTS, runtime, present) if cannot_load(runtime, name) is None]


def smaller_caches(runtime: Runtime, present: str) -> list[str]:
    """The formats of a KV cache that a runtime has below the present one, the largest first."""
    return smaller(CACHES, runtime, present)


def smaller(formats: dict[Runtime, tuple[Any, ...]], runtime: Runtime, present: str) -> list[str]:
    """The formats that a runtime has below the present one; none where the present one is not among them."""
    plain, *others = formats.get(runtime, ((),))
    if present in plain:
        return others
    return others[others.index(present) + 1 :] if present in others else []


def caches_of(plan: ServingPlan) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Formats of a cache that people choose between: those of 16 bits, then smaller ones; else the plan's."""
    plain, *smaller_ones = CACHES.get(plan.runtime, ((plan.kv_cache,),))
    return tuple(plain), tuple(smaller_ones)


def _halvings(size: int, least: int) -> list[int]:
    sizes = []
    while size // 2 >= least:
        size //= 2
        sizes.append(size)
    return sizes


def _alternative(change: str, result: Estimate, limits: _Limits) -> Alternative:
    verdict = fitting((result,), limits.capacity, limits.headroom)
    return Alternative(change, verdict.needed, verdict.fit, result)


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
