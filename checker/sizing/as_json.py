"""For programs: an answer in a format with a version and a published schema.

The classes below are the schema's source: mypy holds the code against them, and `weighbridge schema fit` is made from
them.
"""

from __future__ import annotations

from json import dumps
from typing import Literal, NotRequired

from typing_extensions import TypedDict

from checker.document.errors import Problem
from checker.memory.ladder import Ladder
from checker.memory.plan import TrainingPlan
from checker.sizing.answer import Answer
from checker.sizing.room import Room
from checker.sizing.start import commands
from checker.sizing.subject import Unanswerable
from checker.sizing.traced import Beside

FORMAT_VERSION: Literal[1] = 1

_Fits = Literal["fits", "tight", "does not fit"]


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


class JsonMeasured(TypedDict):
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
    fits: _Fits


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
    fits: _Fits | None


class JsonLadder(TypedDict):
    """A table of plans that differ in two keys: a line of cells for each of `rows`."""

    row_key: str
    column_key: str
    rows: list[int]
    columns: list[int]
    cells: list[list[JsonCell]]


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
    measured: NotRequired[list[JsonMeasured]]
    model: str
    kind: Literal["training", "serving"]
    plan: dict[str, object]
    certainty: str
    fits: _Fits | None
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


class JsonEntries(TypedDict):
    """The answers to all plans of a manifest."""

    format: Literal[1]
    manifest: str
    answers: list[JsonAnswer | JsonRefusal]


GPUS = 8
"""GPUs that are named as alternatives, the smallest first."""


def answered(answer: Answer, ladder: Ladder | None = None, trace: Beside | None = None) -> JsonAnswer:
    """An answer as programs read it."""
    estimate, outcome, hardware = answer.estimate, answer.fitting, answer.hardware
    band = estimate.band
    made = JsonAnswer(
        format=FORMAT_VERSION,
        model=answer.subject.name,
        kind="training" if isinstance(answer.plan, TrainingPlan) else "serving",
        plan={key: list(value) if isinstance(value, tuple) else value for key, value in answer.plan._asdict().items()},
        certainty=answer.subject.certainty,
        fits=outcome.fit.value if outcome else None,
        needed_bytes=estimate.peak_bytes,
        allocated_bytes=estimate.allocated_bytes,
        reserved_bytes=_range(estimate.reserved_bytes),
        device_bytes=_range(estimate.device_bytes),
        moment=estimate.moment,
        terms=[
            JsonTerm(name=term.name, bytes=term.bytes, formula=term.formula, outside=term.outside)
            for term in estimate.terms
        ],
        moments=[JsonMoment(name=moment.name, bytes=moment.bytes) for moment in estimate.moments],
        assumptions=list(answer.assumptions),
        warnings=list(answer.warnings),
        band=JsonBand(
            low=band.low,
            high=band.high,
            basis=band.basis,
            least_bytes=estimate.least_bytes,
            most_bytes=estimate.most_bytes,
        ),
        guide=JsonGuide(billions=estimate.guide.billions, gb=estimate.guide.gb) if estimate.guide else None,
        hardware=JsonHardware(
            gpu=hardware.label,
            bytes=hardware.bytes,
            count=hardware.devices,
            headroom=answer.headroom,
            limit_bytes=outcome.limit,
            note=hardware.note,
        )
        if hardware and outcome
        else None,
        room=_room(answer.room) if answer.room else None,
        alternatives=[
            JsonAlternative(change=each.change, needed_bytes=each.needed, fits=each.fit.value)
            for each in answer.alternatives
        ]
        if answer.alternatives is not None
        else None,
        gpus=[gpu.name for gpu in answer.gpus[:GPUS]],
        start=list(commands(answer)),
        ladder=_ladder(ladder) if ladder else None,
        trace=_trace(trace) if trace else None,
    )
    if runs := measured(answer):
        made["measured"] = runs
    return made


def _room(room: Room) -> JsonRoom:
    return JsonRoom(
        available_bytes=room.available_bytes,
        left_bytes=room.left_bytes,
        taken_bytes=room.taken_bytes,
        parallel_requests=room.parallel_requests,
        context_window=room.context_window,
        pool_tokens=room.pool_tokens,
        pool_requests=room.pool_requests,
    )


def measured(answer: Answer) -> list[JsonMeasured]:
    """The runs of its plan, those on GPUs first; empty where nobody recorded any."""
    found = answer.calibrated
    if found is None:
        return []
    return [
        JsonMeasured(
            file=answer.calibration_file,
            device="cuda" if run.device == "cuda" else "cpu",
            gpu=run.gpu,
            allocated_bytes=run.allocated_bytes,
            reserved_bytes=run.reserved_bytes,
            device_bytes=run.device_bytes,
            estimated_bytes=run.estimated_bytes,
            measured_on=run.measured_on,
            counts=run is found.run,
        )
        for run in found.runs
    ]


def _range(bounds: tuple[int, int] | None) -> JsonRange | None:
    return JsonRange(low=bounds[0], high=bounds[1]) if bounds else None


def _ladder(ladder: Ladder) -> JsonLadder:
    return JsonLadder(
        row_key=ladder.row_key,
        column_key=ladder.column_key,
        rows=list(ladder.rows),
        columns=list(ladder.columns),
        cells=[
            [JsonCell(needed_bytes=cell.needed, fits=cell.fit.value if cell.fit else None) for cell in row]
            for row in ladder.cells
        ],
    )


def _trace(trace: Beside) -> JsonTrace:
    return JsonTrace(
        peak_bytes=trace.peak_bytes,
        peak_at=trace.peak_at,
        allocated_bytes=trace.allocated_bytes,
        difference=trace.difference,
        versions=trace.versions,
    )


def refused(problems: tuple[Problem, ...], place: str = "", keys: tuple[str | None, ...] = ()) -> JsonRefusal:
    """Bad input as programs read it.

    Args:
        problems: what is wrong.
        place: the file and line that places are told in; empty: as each place says.
        keys: the keys that the problems are about, in their order.
    """
    told = [
        _problem(problem, place, keys[index] if index < len(keys) else None) for index, problem in enumerate(problems)
    ]
    first, *more = told
    return JsonRefusal(format=FORMAT_VERSION, error=JsonError(kind="bad-input", missing=[], more=more, **first))


def _problem(problem: Problem, place: str, key: str | None) -> JsonProblem:
    at = problem.at
    where = f"{place}:{at.column}" if place and at else place or (str(at) if at else problem.file) or None
    return JsonProblem(
        message=problem.sentence,
        place=where,
        key=key,
        expected=problem.expected,
        nearest=nearest_in(problem.hint),
        hint=problem.hint,
    )


def nearest_in(hint: str) -> str | None:
    """The name that a hint offers: `did you mean `qlora`?`."""
    _, found, rest = hint.partition("did you mean `")
    return rest.partition("`")[0] if found else None


def unknown(refusal: Unanswerable, place: str | None = None) -> JsonRefusal:
    """What is not known, as programs read it."""
    return _without_problem("unknown", refusal.reason, place, refusal.hint, refusal.nearest, refusal.missing)


def failed(error: Exception, place: str) -> JsonRefusal:
    """A bug, as programs read it."""
    hint = "this is a bug in Weighbridge"
    return _without_problem("bug", f"{type(error).__name__}: {error}", place, hint, None, ())


def _without_problem(
    kind: Literal["unknown", "bug"],
    message: str,
    place: str | None,
    hint: str,
    nearest: str | None,
    missing: tuple[str, ...],
) -> JsonRefusal:
    return JsonRefusal(
        format=FORMAT_VERSION,
        error=JsonError(
            kind=kind,
            message=message,
            place=place,
            key=None,
            expected="",
            nearest=nearest,
            hint=hint,
            missing=list(missing),
            more=[],
        ),
    )


def as_line(record: JsonAnswer | JsonRefusal) -> str:
    """A record on one line."""
    return dumps(record, ensure_ascii=True, allow_nan=False) + "\n"


def as_text(record: JsonAnswer | JsonRefusal | JsonEntries) -> str:
    """A record for a file of its own."""
    return dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
