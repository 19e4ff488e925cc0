"""The parts of an answer for programs that deployments alone have; all amounts are of one GPU."""

from __future__ import annotations

from typing_extensions import TypedDict

from checker.sizing.json_parts import Fits, JsonLadder


class JsonRoom(TypedDict):
    """What one GPU has room for beside a deployment.

    `available_bytes` may be used, `left_bytes` of it is not needed, `taken_bytes` the runtime takes anyway;
    `parallel_requests` at this context and `context_window` for these requests fit; `pool_tokens` and `pool_requests`
    are vLLM's cache. Null where the runtime or the kind of model knows no such number.
    """

    available_bytes: int
    """What may be used of one GPU: all of it less the headroom."""
    left_bytes: int
    """What of that is not needed; below 0 where the plan does not fit."""
    taken_bytes: int
    """What the runtime takes: vLLM and TGI fill a share of the GPU whatever is needed."""
    parallel_requests: int | None
    """The most requests with the plan's context; null where requests share a batch."""
    context_window: int | None
    """The longest context for the plan's requests, in tokens; at most what the model was trained for."""
    pool_tokens: int | None
    """Tokens that vLLM's cache holds; null for other runtimes."""
    pool_requests: float | None
    """Requests of the plan's whole context that this cache holds at once; null for other runtimes."""


class JsonCacheLadder(TypedDict):
    """The table of a deployment for one number format of the KV cache."""

    kv_cache: str
    """The number format: `fp16`, `fp8` …"""
    ladder: JsonLadder
    """What is needed by context and requests."""


class JsonChoice(TypedDict):
    """One way to store the weights, on the fewest GPUs of the named kind that hold the load.

    Null where no hardware is named: `fits`, `left_bytes`, `parallel_requests` and `context_window` that fit. `gpu` is
    the smallest common GPU of which one is enough, by memory alone.
    """

    quantization: str
    """How the weights are stored, as a manifest spells it."""
    planned: bool
    """Whether the plan asks for it."""
    count: int
    """The fewest GPUs that fit; where none do, the most that were tried."""
    needed_bytes: int
    """What is needed on each of them, in bytes."""
    left_bytes: int | None
    """What stays free of each beside the headroom, below 0 where it does not fit; null without hardware."""
    fits: Fits | None
    """Whether it fits; null without hardware."""
    parallel_requests: int | None
    """Requests that fit with the plan's context; null without hardware, and where requests share a batch."""
    context_window: int | None
    """Tokens of context that fit with the plan's requests; null without hardware."""
    gpu: str | None
    """The smallest common GPU of which one is enough, by memory alone; null where none of the list is."""


class JsonStep(TypedDict):
    """What one context costs, in bytes of one GPU: the cache of a request, of all requests, and all that is needed."""

    context_window: int
    """The context, in tokens."""
    request_bytes: int
    """The cache of one request."""
    requests_bytes: int
    """The caches of all requests of the plan."""
    needed_bytes: int
    """All that is needed."""
    fits: Fits | None
    """Whether it fits; null without hardware."""


class JsonMeasured(TypedDict):
    """How far one kind of measured figure lay from the estimates: measured over estimated, less 1."""

    figure: str
    """What was measured: a peak, or the line of a log."""
    rows: int
    """How many measurements there are."""
    median: float
    """The median of the sizes of the errors, as a share."""
    nine_of_ten: float
    """The size that nine of ten errors do not exceed, as a share."""
    worst: float
    """The largest error with its sign, as a share."""


class JsonCost(TypedDict):
    """How memory grows with context and requests; what a token takes is in bytes, and need not be a whole number."""

    kind: str
    """The model's attention, in a sentence."""
    fixed_bytes: int
    """What is needed beside the caches, at the context of the plan."""
    token_bytes: float
    """What one more token of a request takes while no window is full; 0 for a model without a cache."""
    late_token_bytes: float
    """The same where windows are full."""
    window: int
    """Tokens that layers with a window look back; 0 where none has one, or all keep the whole context."""
    formats: dict[str, float]
    """What a token takes in each number format of the cache, in bytes."""
    outgrows_weights_at_context: int | None
    """Tokens of context from which the caches of the requests are larger than the weights; null where none are."""
    steps: list[JsonStep]
    """What contexts of rising length cost."""
    measured: list[JsonMeasured]
    """How far measurements of this runtime lay from the estimates; empty where there are none."""
    measured_from: str
    """Where those measurements are from."""


class JsonFlag(TypedDict):
    """One option of a start command, what of the plan it says, and the address of its documentation."""

    flag: str
    """The option's name."""
    value: str | None
    """Its value; null for one without."""
    why: str
    """What of the plan it says."""
    source: str
    """The address of the documentation that names it."""


class JsonStart(TypedDict):
    """A start command, or resources for a cluster."""

    target: str
    """What was asked for: a runtime's name, or `kubernetes`."""
    text: str
    """What is run or applied."""
    flags: list[JsonFlag]
    """Its options, each with its reason."""
    notes: list[str]
    """What the command does not say by itself."""
