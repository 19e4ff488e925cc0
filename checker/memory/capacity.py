"""What a device has room for: parallel requests at a context, context at a number of requests, and vLLM's pool."""

from collections.abc import Callable

from checker.memory import serving
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.model import Model
from checker.memory.overhead import VLLM_OTHER, VLLM_SHARE
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.runtime import vllm
from checker.memory.runtime.case import Case
from checker.value import NamedTuple

_MOST_REQUESTS = 65536
"""More requests at once than anybody serves on one device; the search ends there."""


def requests_that_fit(model: Model, plan: ServingPlan, available: int, devices: int = 1) -> int | NotEstimable:
    """The most parallel requests with the context of `plan` that need at most `available` bytes; 0 where none does."""
    return _most(
        _MOST_REQUESTS, available, lambda count: _needs(model, plan._replace(parallel_requests=count), devices)
    )


def context_that_fits(model: Model, plan: ServingPlan, available: int, devices: int = 1) -> int | NotEstimable:
    """The longest context in tokens for the requests of `plan` that needs at most `available` bytes; 0 where none does.

    It ends at the positions that the model was trained for where these are known and not stretched, else at a million
    tokens. The prompt grows with it.
    """
    positions = model.dimensions.max_position_embeddings
    most = positions if positions and not model.traits.rope_scaled else 2**20
    whole = plan._replace(prompt_tokens=None)
    return _most(most, available, lambda size: _needs(model, whole._replace(context_window=size), devices))


def _needs(model: Model, plan: ServingPlan, devices: int) -> int | NotEstimable:
    result = serving.estimate(model, plan, devices)
    return result.peak_bytes if isinstance(result, Estimate) else result


def _most(most: int, available: int, needs: Callable[[int], int | NotEstimable]) -> int | NotEstimable:
    """The largest size up to `most` whose need is at most `available`; needs grow with sizes."""
    least = needs(1)
    if isinstance(least, NotEstimable):
        return least
    fits, fails = 0, most + 1
    while fails - fits > 1:
        size = (fits + fails) // 2
        need = needs(size)
        if isinstance(need, int) and need <= available:
            fits = size
        else:
            fails = size
    return fits


class Taking(NamedTuple):
    """What a runtime takes of one device beside what it needs, in bytes."""

    needed: int
    taken: int
    """vLLM and TGI fill a share of the device with their cache; other runtimes take what they need."""
    left: int
    """What stays free on the device; below 0 where it is too small."""


def taking(estimate: Estimate, plan: ServingPlan, capacity: int, utilization: float = VLLM_SHARE) -> Taking:
    """What `plan` takes of a device of `capacity` bytes; `utilization` is vLLM's `gpu_memory_utilization`, 0 to 1."""
    needed = estimate.peak_bytes
    pooled = plan.runtime in (Runtime.VLLM, Runtime.TGI)
    taken = max(needed, int(capacity * utilization)) if pooled else needed
    return Taking(needed, taken, capacity - taken)


class Pool(NamedTuple):
    """vLLM's cache on one device."""

    bytes: int
    tokens: int
    """What the start-up log calls the size of the KV cache."""
    requests: float
    """How many requests with the plan's whole context it holds (the log's maximum concurrency)."""


def pool_of(
    model: Model, plan: ServingPlan, capacity: int, devices: int = 1, utilization: float = VLLM_SHARE
) -> Pool | NotEstimable:
    """The cache that vLLM makes of `capacity` · `utilization` less weights, activations and its libraries.

    Captured graphs lie outside of it, as in vLLM before its 0.9.
    """
    case = serving.case_of(model, plan, devices)
    if isinstance(case, NotEstimable):
        return case
    if plan.runtime is not Runtime.VLLM:
        return NotEstimable(f"{plan.runtime} has no pool whose size is modelled")
    each = vllm.request_bytes(case)
    if not each:
        return NotEstimable("a model without a cache has no pool")
    beside = case.held.device // devices + vllm.activations(case).bytes + VLLM_OTHER
    room = max(0, int(capacity * utilization) - beside)
    return Pool(room, pool_tokens(case, room), room / each)


def pool_tokens(case: Case, room: int) -> int:
    """Tokens in a pool of `room` bytes, in whole blocks of 16: the log counts every attending layer as a whole one."""
    each = case.cache.all_whole
    return int(room / each) // 16 * 16 if each else 0
