"""What a GPU has room for beside a deployment: more requests, a longer context, and what the runtime takes anyway."""

from __future__ import annotations

from checker.memory import capacity
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fitting
from checker.memory.model import Model, is_encoder
from checker.memory.plan import ServingPlan
from checker.value import NamedTuple


class Room(NamedTuple):
    """One GPU of a deployment, in bytes, requests and tokens."""

    available_bytes: int
    """What may be used: the GPU less its headroom."""
    left_bytes: int
    """What may be used and is not needed; below 0 where the plan does not fit."""
    taken_bytes: int
    """What the runtime takes: vLLM and TGI fill a share of the GPU whatever is needed."""
    parallel_requests: int | None
    """The most requests with the plan's context; None where requests share a batch (encoders)."""
    context_window: int | None
    """The longest context, in tokens, for the plan's requests; at most what the model was trained for."""
    pool_tokens: int | None
    """Tokens that vLLM's cache holds; None for other runtimes."""
    pool_requests: float | None
    """Requests of the plan's whole context that this cache holds at once."""


def room_of(model: Model, plan: ServingPlan, estimate: Estimate, outcome: Fitting, devices: int, share: float) -> Room:
    """What there is room for on each of `devices` GPUs, of which the runtime is told to take `share` (0 to 1)."""
    pool = capacity.pool_of(model, plan, outcome.capacity, devices, share)
    pooled = None if isinstance(pool, NotEstimable) or is_encoder(model) else pool
    requests: int | NotEstimable | None = None
    context: int | NotEstimable | None = None
    if not is_encoder(model):
        requests = capacity.requests_that_fit(model, plan, outcome.limit, devices)
        context = capacity.context_that_fits(model, plan, outcome.limit, devices)
    return Room(
        available_bytes=outcome.limit,
        left_bytes=outcome.limit - outcome.needed,
        taken_bytes=capacity.taking(estimate, plan, outcome.capacity, share).taken,
        parallel_requests=requests if isinstance(requests, int) else None,
        context_window=context if isinstance(context, int) else None,
        pool_tokens=pooled.tokens if pooled else None,
        pool_requests=pooled.requests if pooled else None,
    )
