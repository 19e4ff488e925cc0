"""An answer for programs: `weighbridge schema fit` is made from these classes, and mypy holds the code to them."""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict

FORMAT_VERSION: Literal[1] = 1
GPUS = 8
"""GPUs that are named as alternatives, the smallest first."""

Fits = Literal["fits", "tight", "does not fit"]


class JsonRange(TypedDict):
    """An amount of memory that is known to lie between two, in bytes."""

    low: int
    high: int


class JsonTerm(TypedDict):
    """One part of what is needed; `outside` says that it lies outside the tensors."""

    name: str
    bytes: int
    formula: str
    outside: bool


class JsonMoment(TypedDict):
    """One moment of a step, and what is alive then."""

    name: str
    bytes: int


class JsonBand(TypedDict):
    """How far measurements lie from such estimates, as shares; and the amounts at both ends."""

    low: float
    high: float
    basis: str
    least_bytes: int
    most_bytes: int


class JsonGuide(TypedDict):
    """The published figure for models of this size, in GB (10**9 bytes)."""

    billions: float
    gb: float


class JsonHardware(TypedDict):
    """The GPU that the plan is held against: `limit_bytes` is what may be used of `bytes`."""

    gpu: str
    bytes: int
    count: int
    headroom: float
    limit_bytes: int
    note: str


class JsonRun(TypedDict):
    """A run of this very plan (`weighbridge calibrate`); `counts` says that `fits` is by it and not by the estimate."""

    file: str
    device: Literal["cuda", "cpu"]
    gpu: str
    allocated_bytes: int
    reserved_bytes: int | None
    device_bytes: int | None
    estimated_bytes: int
    measured_on: str
    counts: bool


class JsonAlternative(TypedDict):
    """One change to the plan, as a manifest would say it, and what the plan needs with it."""

    change: str
    needed_bytes: int
    fits: Fits


class JsonRoom(TypedDict):
    """What one GPU has room for beside a deployment.

    `available_bytes` may be used, `left_bytes` of it is not needed, `taken_bytes` the runtime takes anyway;
    `parallel_requests` at this context and `context_window` for these requests fit; `pool_tokens` and `pool_requests`
    are vLLM's cache. Null where the runtime or the kind of model knows no such number.
    """

    available_bytes: int
    left_bytes: int
    taken_bytes: int
    parallel_requests: int | None
    context_window: int | None
    pool_tokens: int | None
    pool_requests: float | None


class JsonCell(TypedDict):
    """One plan of a ladder; null where the arithmetic stops, or where no hardware is named."""

    needed_bytes: int | None
    left_bytes: int | None
    fits: Fits | None


class JsonLadder(TypedDict):
    """A table of plans that differ in two keys: a line of cells for each of `rows`."""

    row_key: str
    column_key: str
    rows: list[int]
    columns: list[int]
    cells: list[list[JsonCell]]


class JsonCacheLadder(TypedDict):
    """The table of a deployment for one number format of the KV cache."""

    kv_cache: str
    ladder: JsonLadder


class JsonChoice(TypedDict):
    """One way to store the weights, on the fewest GPUs of the named kind that hold the load.

    Null where no hardware is named: `fits`, `left_bytes`, `parallel_requests` and `context_window` that fit. `gpu` is
    the smallest common GPU of which one is enough, by memory alone.
    """

    quantization: str
    planned: bool
    count: int
    needed_bytes: int
    left_bytes: int | None
    fits: Fits | None
    parallel_requests: int | None
    context_window: int | None
    gpu: str | None


class JsonStep(TypedDict):
    """What one context costs, in bytes of one GPU: the cache of a request, of all requests, and all that is needed."""

    context_window: int
    request_bytes: int
    requests_bytes: int
    needed_bytes: int
    fits: Fits | None


class JsonMeasured(TypedDict):
    """How far one kind of measured figure lay from the estimates: measured over estimated, less 1."""

    figure: str
    rows: int
    median: float
    nine_of_ten: float
    worst: float


class JsonCost(TypedDict):
    """How memory grows with context and requests; what a token takes is in bytes, and need not be a whole number."""

    kind: str
    fixed_bytes: int
    token_bytes: float
    late_token_bytes: float
    window: int
    formats: dict[str, float]
    outgrows_weights_at_context: int | None
    steps: list[JsonStep]
    measured: list[JsonMeasured]
    measured_from: str


class JsonFlag(TypedDict):
    """One option of a start command, what of the plan it says, and the address of its documentation."""

    flag: str
    value: str | None
    why: str
    source: str


class JsonStart(TypedDict):
    """A start command, or resources for a cluster."""

    target: str
    text: str
    flags: list[JsonFlag]
    notes: list[str]


class JsonTrace(TypedDict):
    """The same step traced through the library's own code, beside the estimate of its tensors."""

    peak_bytes: int
    peak_at: str
    allocated_bytes: int
    difference: float
    versions: str


class JsonAnswer(TypedDict):
    """What one plan needs. `line` and `id` stand in answers of a batch, `entry` in those of a manifest.

    `measured` stands where a calibration has runs of the plan. `alternatives` is null where they were not asked for,
    and empty where the plan fits or nothing helps. `room` is null for a training, without hardware, and where it was
    not asked for.
    """

    format: Literal[1]
    line: NotRequired[int]
    id: NotRequired[str | int | float]
    entry: NotRequired[str]
    measured: NotRequired[list[JsonRun]]
    model: str
    kind: Literal["training", "serving"]
    plan: dict[str, object]
    certainty: str
    fits: Fits | None
    needed_bytes: int
    allocated_bytes: int
    reserved_bytes: JsonRange | None
    device_bytes: JsonRange | None
    moment: str
    terms: list[JsonTerm]
    moments: list[JsonMoment]
    assumptions: list[str]
    warnings: list[str]
    band: JsonBand
    guide: JsonGuide | None
    hardware: JsonHardware | None
    room: JsonRoom | None
    alternatives: list[JsonAlternative] | None
    gpus: list[str]
    start: list[str]
    ladder: JsonLadder | None
    trace: JsonTrace | None
    ladders: NotRequired[list[JsonCacheLadder]]
    choices: NotRequired[list[JsonChoice]]
    context_cost: NotRequired[JsonCost | None]
    command: NotRequired[JsonStart]


class JsonProblem(TypedDict):
    """One thing that is wrong with a plan, and the nearest name where one is near."""

    message: str
    place: str | None
    key: str | None
    expected: str
    nearest: str | None
    hint: str


class JsonError(TypedDict):
    """Why there is no answer: bad input, something unknown, or a bug. `missing` are facts that no source states."""

    kind: Literal["bad-input", "unknown", "bug"]
    message: str
    place: str | None
    key: str | None
    expected: str
    nearest: str | None
    hint: str
    missing: list[str]
    more: list[JsonProblem]


class JsonRefusal(TypedDict):
    """A plan without an answer."""

    format: Literal[1]
    line: NotRequired[int]
    id: NotRequired[str | int | float]
    entry: NotRequired[str]
    kind: NotRequired[Literal["training", "serving"]]
    error: JsonError


class JsonTogether(TypedDict):
    """Deployments that share their GPUs. `shares`: the part of a GPU that each may take; null where they do not fit."""

    entries: list[str]
    needed_bytes: int
    most_bytes: int
    left_bytes: int | None
    fits: Fits | None
    shares: list[float] | None
    gpus: list[str]


class JsonEntries(TypedDict):
    """The answers to all plans of a manifest, or to several models; `manifest` is null for these."""

    format: Literal[1]
    manifest: str | None
    answers: list[JsonAnswer | JsonRefusal]
    together: NotRequired[JsonTogether]
