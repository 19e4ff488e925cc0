"""How the memory of a deployment grows with its context and with the requests at the same time, and why."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from checker.memory import serving
from checker.memory.alternatives import caches_of
from checker.memory.estimate import Estimate
from checker.memory.fit import Fit, fitting
from checker.memory.model import Model, is_encoder
from checker.memory.plan import ServingPlan, TrainingPlan
from checker.memory.recorded_errors import RecordedError, errors_of
from checker.memory.runtime.case import Case
from checker.memory.units import GIB, gib, number
from checker.sizing.answer import Answer
from checker.value import NamedTuple

_LONG = 131_072
"""Tokens at which the table ends where nobody says how many a model was trained for."""
_SHORT = 1024
_LONGEST = 2**20
"""Tokens of context beyond which nobody is told that caches outgrow weights."""
_KIB = 1024
_CACHES = ("KV cache", "recurrent state")
"""Terms that a request has to itself."""


class Step(NamedTuple):
    """One context of the table, in bytes of one GPU."""

    context: int
    request: int
    """The cache of one request."""
    requests: int
    """The caches of all requests of the plan."""
    needed: int
    """All that is needed."""
    fit: Fit | None
    """None where no hardware is named."""


class ContextCost(NamedTuple):
    """What context and requests cost, in bytes of one GPU."""

    kind: str
    """The model's attention, in a sentence."""
    fixed: int
    """What is needed beside the caches, at the context of the plan."""
    parts: tuple[tuple[str, int], ...]
    """The largest terms of it."""
    token: float
    """What one more token of a request takes while no window is full; 0 for a model without a cache."""
    late_token: float
    """The same where windows are full."""
    window: int
    """Tokens that layers with a window look back; 0 where none has one, or all keep the whole context."""
    formats: tuple[tuple[str, float], ...]
    """What a token takes in each number format of the cache."""
    overtakes: int | None
    """Tokens of context from which the caches of the requests are larger than the weights; None where none are."""
    steps: tuple[Step, ...]
    errors: tuple[RecordedError, ...]
    """How far measurements of this runtime lay from the estimates."""


def context_cost(answer: Answer) -> ContextCost | None:
    """The cost of context of a deployment; None for a training, and for an encoder-decoder, whose parts are two."""
    plan, model = answer.plan, answer.subject.model
    if isinstance(plan, TrainingPlan):
        return None
    case = serving.case_of(model, plan, answer.devices)
    if not isinstance(case, Case):
        return None
    cached = sum(answer.estimate.term(name) for name in _CACHES)
    cache = case.cache
    has_cache = not is_encoder(model) and cached > 0
    windows = has_cache and _stops_growing(answer, case)
    first = cache.whole + cache.local if has_cache else 0.0
    late = cache.whole if windows else first
    beside = [(term.name, term.bytes) for term in answer.estimate.terms if term.name not in _CACHES]
    return ContextCost(
        kind=_kind(model, case, windows=windows)
        if has_cache
        else "an encoder keeps no cache: a batch of tokens is all",
        fixed=answer.estimate.peak_bytes - cached,
        parts=tuple(sorted(beside, key=lambda part: -part[1])[:4]),
        token=first,
        late_token=late,
        window=cache.window if windows else 0,
        formats=tuple(_formats(answer, plan)) if has_cache else (),
        overtakes=_overtakes(answer, plan) if has_cache else None,
        steps=tuple(_steps(answer, plan)),
        errors=errors_of(plan.runtime),
    )


def _overtakes(answer: Answer, plan: ServingPlan) -> int | None:
    """Asked of the estimate itself, by halving: windows and blocks bend the line."""
    weights, model = answer.estimate.term("weights"), answer.subject.model

    def larger(context: int) -> bool:
        asked = plan._replace(context_window=context, prompt_tokens=None)
        found = serving.estimate(model, asked, answer.devices)
        return isinstance(found, Estimate) and sum(found.term(name) for name in _CACHES) > weights

    least, most = 0, _LONGEST
    if not larger(most):
        return None
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if larger(middle) else (middle, most)
    return most


def _stops_growing(answer: Answer, case: Case) -> bool:
    """Whether layers with a window keep less than the whole context in this runtime: asked of the estimate itself."""
    if not case.cache.window or not case.cache.local:
        return False
    long = 16 * (case.cache.window + 8192)
    one = case.plan._replace(context_window=long, parallel_requests=1, prompt_tokens=None)
    found = serving.estimate(answer.subject.model, one, answer.devices)
    return isinstance(found, Estimate) and found.term("KV cache") < 0.99 * long * (case.cache.whole + case.cache.local)


def _kind(model: Model, case: Case, *, windows: bool) -> str:
    dims = model.dimensions
    heads, groups = dims.num_attention_heads or 0, dims.num_key_value_heads or 0
    if dims.kv_lora_rank:
        said = f"latent attention (MLA): a token is {dims.kv_lora_rank} numbers a layer and its position, for all heads"
    elif groups == 1:
        said = f"multi-query attention: {heads} query heads share one key-value head"
    elif groups and groups < heads:
        said = f"grouped-query attention: {heads} query heads share {groups} key-value heads"
        said += f", so that a token takes {Fraction(groups, heads)} of what multi-head attention would"
    else:
        said = f"multi-head attention: each of {heads} heads has its own keys and values"
    if windows:
        said += f"; layers with a window of {case.cache.window} tokens stop growing behind it"
    elif case.cache.window and case.cache.local:
        said += f"; layers with a window of {case.cache.window} tokens keep the whole context in {case.plan.runtime}"
    if case.cache.state:
        said += "; recurrent layers take the same for any context"
    return said


def _formats(answer: Answer, plan: ServingPlan) -> Iterator[tuple[str, float]]:
    plain, smaller = caches_of(plan)
    for name in (*plain[:1], *smaller):
        found = serving.case_of(answer.subject.model, plan._replace(kv_cache=name), answer.devices)
        if isinstance(found, Case):
            yield name, found.cache.whole + found.cache.local


def _steps(answer: Answer, plan: ServingPlan) -> Iterator[Step]:
    longest = max(answer.subject.native_context or _LONG, plan.context_window)
    doublings = [_SHORT * 2**power for power in range(30) if _SHORT * 2**power <= longest]
    for context in sorted({*doublings, plan.context_window}):
        prompt = None if plan.prompt_tokens is None else min(plan.prompt_tokens, context)
        asked = plan._replace(context_window=context, prompt_tokens=prompt)
        all_of_them = serving.estimate(answer.subject.model, asked, answer.devices)
        alone = serving.estimate(answer.subject.model, asked._replace(parallel_requests=1), answer.devices)
        if isinstance(all_of_them, Estimate) and isinstance(alone, Estimate):
            hardware = answer.hardware
            fit = fitting((all_of_them,), hardware.bytes, answer.headroom).fit if hardware else None
            one, whole = (sum(each.term(name) for name in _CACHES) for each in (alone, all_of_them))
            yield Step(context, one, whole, all_of_them.peak_bytes, fit)


def sentences(cost: ContextCost, plan: ServingPlan) -> Iterator[str]:
    """The explanation without its tables, a sentence each."""
    yield cost.kind
    parts = ", ".join(f"{name} {number(size)}" for name, size in cost.parts)
    yield f"beside the caches: {gib(cost.fixed)} ({parts})"
    if not cost.token:
        yield "context and requests change the memory only where a batch grows beyond its tokens"
        return
    yield f"one more token of one request: {cost.token / _KIB:.1f} KiB{_late(cost)}"
    if len(cost.formats) > 1:
        told = ", ".join(f"{size / _KIB:.1f} KiB in {name}" for name, size in cost.formats)
        yield f"by number format of the cache: {told}"
    own = next(step for step in cost.steps if step.context == plan.context_window)
    yield (
        f"one more request of {plan.context_window} tokens: {own.request / GIB:.2f} GiB;"
        f" the plan's {plan.parallel_requests}: {own.requests / GIB:.2f} GiB"
    )
    if cost.overtakes is not None:
        requests = f"{plan.parallel_requests} requests" if plan.parallel_requests > 1 else "one request"
        yield f"with {requests} at a time the caches outgrow the weights from {cost.overtakes} tokens of context on"
    yield "a user costs what a request does while it runs; between requests only a prefix cache, where one is used"


def _late(cost: ContextCost) -> str:
    if not cost.window:
        return ""
    return f", and {cost.late_token / _KIB:.1f} KiB where the windows of {cost.window} tokens are full"


def told_error(error: RecordedError) -> str:
    """`weights: 9 figures, median 0.2 %, nine of ten within 2.2 %, worst +16.8 %`."""
    return (
        f"{error.figure}: {error.rows} figure{'s' if error.rows > 1 else ''}, median {100 * error.median:.1f} %,"
        f" nine of ten within {100 * error.nine_of_ten:.1f} %, worst {100 * error.worst + 0.0:+.1f} %"
    )


ERRORS_FROM = "public logs and tables of makers, docs/memory-serving.md: `python -m tests.memory.serving_accuracy`"
"""Where the errors come from."""
