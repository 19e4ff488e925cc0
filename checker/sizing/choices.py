"""What fits of a model: for each way to store its weights the fewest GPUs, what is left, and the GPU that is enough."""

from __future__ import annotations

from checker.memory import capacity, serving
from checker.memory.alternatives import WEIGHTS, gpus_for, smaller
from checker.memory.estimate import Estimate
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.gpus import Gpu
from checker.memory.model import is_encoder
from checker.memory.plan import ServingPlan, TrainingPlan
from checker.memory.runtimes import cannot_load
from checker.sizing.answer import Answer
from checker.sizing.plans import own_format
from checker.value import NamedTuple

_COUNTS = (1, 2, 4, 8)
"""Numbers of equal GPUs in one machine that are tried."""


class Choice(NamedTuple):
    """One way to store the weights, on the fewest GPUs of the named kind that hold the load."""

    quantization: str
    planned: bool
    """Whether the plan asks for it."""
    devices: int
    """The fewest GPUs that fit; where none do, the most that were tried."""
    estimate: Estimate
    """Of one of these GPUs."""
    fitting: Fitting | None
    """None where no hardware is named."""
    requests: int | None
    """Requests at the same time that fit with the context of the plan; None without hardware or for encoders."""
    context: int | None
    """Tokens of context that fit with the requests of the plan."""
    gpu: Gpu | None
    """The smallest common GPU of which one is enough; None where none of the list is."""


def choices_of(answer: Answer) -> tuple[Choice, ...]:
    """The choices there are for a deployment, the largest weights first; none for a training."""
    plan = answer.plan
    if isinstance(plan, TrainingPlan):
        return ()
    found = (_choice(answer, plan, name) for name in _formats(answer, plan))
    return tuple(choice for choice in found if choice is not None)


def _formats(answer: Answer, plan: ServingPlan) -> tuple[str, ...]:
    """The model's own format and the smaller ones that the runtime has; the plan's among them."""
    model, runtime = answer.subject.model, plan.runtime
    if is_encoder(model):
        return (plan.quantization,)
    stored = own_format(answer.subject) or "none"
    if runtime not in WEIGHTS or plan.quantization == stored not in WEIGHTS[runtime][0]:
        return (plan.quantization, *smaller(WEIGHTS, runtime, plan.quantization))
    own = WEIGHTS[runtime][0] if stored in WEIGHTS[runtime][0] else (stored,)
    first = plan.quantization if plan.quantization in own else own[0]
    named = [first, *smaller(WEIGHTS, runtime, first)]
    named += [] if plan.quantization in named else [plan.quantization]
    return tuple(name for name in named if cannot_load(runtime, name) is None)


def _choice(answer: Answer, plan: ServingPlan, quantization: str) -> Choice | None:
    model, changed = answer.subject.model, plan._replace(quantization=quantization)
    alone = serving.estimate(model, changed, 1)
    enough = gpus_for(alone.most_bytes, answer.headroom) if isinstance(alone, Estimate) else ()
    best: tuple[int, Estimate, Fitting | None] | None = None
    for count in _counts(answer):
        result = serving.estimate(model, changed, count)
        if not isinstance(result, Estimate):
            continue  # heads that do not divide among so many
        hardware = answer.hardware
        outcome = fitting((result,), hardware.bytes, answer.headroom) if hardware else None
        best = (count, result, outcome)
        if outcome is None or outcome.fit is Fit.YES:
            break
    if best is None:
        return None
    count, estimate, outcome = best
    requests, context = _capacity(answer, changed, count, outcome)
    return Choice(
        quantization,
        quantization == plan.quantization,
        count,
        estimate,
        outcome,
        requests,
        context,
        next(iter(enough), None),
    )


def _counts(answer: Answer) -> tuple[int, ...]:
    """The number of the plan, then the larger ones; TEI holds a copy on each, so that more do not help."""
    more = () if is_encoder(answer.subject.model) else tuple(count for count in _COUNTS if count > answer.devices)
    return (answer.devices, *more)


def _capacity(answer: Answer, plan: ServingPlan, count: int, outcome: Fitting | None) -> tuple[int | None, int | None]:
    model = answer.subject.model
    if outcome is None or is_encoder(model):
        return None, None
    requests = capacity.requests_that_fit(model, plan, outcome.limit, count)
    context = capacity.context_that_fits(model, plan, outcome.limit, count)
    return (requests if isinstance(requests, int) else None), (context if isinstance(context, int) else None)
