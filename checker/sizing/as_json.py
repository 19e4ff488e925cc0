"""For programs: an answer in a format with a version and a published schema."""

from __future__ import annotations

from typing import Literal

from checker.document.as_json import dumps
from checker.document.errors import Problem
from checker.memory.ladder import Ladder
from checker.memory.plan import TrainingPlan
from checker.sizing.answer import Answer
from checker.sizing.choices import Choice
from checker.sizing.context_cost import ERRORS_FROM, ContextCost
from checker.sizing.json_parts import (
    JsonAlternative,
    JsonBand,
    JsonCell,
    JsonGuide,
    JsonHardware,
    JsonLadder,
    JsonMoment,
    JsonRange,
    JsonRun,
    JsonTerm,
    JsonTrace,
)
from checker.sizing.json_serving import (
    JsonCacheLadder,
    JsonChoice,
    JsonCost,
    JsonFlag,
    JsonMeasured,
    JsonRoom,
    JsonStart,
    JsonStep,
)
from checker.sizing.json_types import (
    FORMAT_VERSION,
    GPUS,
    JsonAnswer,
    JsonEntries,
    JsonError,
    JsonProblem,
    JsonRefusal,
    JsonTogether,
)
from checker.sizing.room import Room
from checker.sizing.serving_report import Extras
from checker.sizing.start import Start, commands
from checker.sizing.subject import Unanswerable
from checker.sizing.together import Together
from checker.sizing.traced import Beside


def answered(answer: Answer, extras: Extras | None = None) -> JsonAnswer:
    """An answer as programs read it."""
    made = _plain(answer)
    if extras is None:
        return made
    made["ladder"] = _ladder(extras.ladder) if extras.ladder else None
    made["trace"] = _trace(extras.trace) if extras.trace else None
    if extras.choices:
        made["choices"] = [_choice(each) for each in extras.choices]
    if extras.caches:
        made["ladders"] = [
            JsonCacheLadder(kv_cache=each.kv_cache, ladder=_ladder(each.ladder)) for each in extras.caches
        ]
    if extras.cost is not None or extras.unexplained:
        made["context_cost"] = _cost(extras.cost) if extras.cost else None
    if extras.start is not None:
        made["command"] = _start(extras.start)
    return made


def _plain(answer: Answer) -> JsonAnswer:
    estimate, outcome = answer.estimate, answer.fitting
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
        hardware=_hardware(answer),
        room=_room(answer.room) if answer.room else None,
        alternatives=[
            JsonAlternative(change=each.change, needed_bytes=each.needed, fits=each.fit.value)
            for each in answer.alternatives
        ]
        if answer.alternatives is not None
        else None,
        gpus=[gpu.name for gpu in answer.gpus[:GPUS]],
        start=list(commands(answer)),
        ladder=None,
        trace=None,
    )
    if runs := runs_of(answer):
        made["measured"] = runs
    return made


def _hardware(answer: Answer) -> JsonHardware | None:
    hardware, outcome = answer.hardware, answer.fitting
    if not hardware or not outcome:
        return None
    return JsonHardware(
        gpu=hardware.label,
        bytes=hardware.bytes,
        count=hardware.devices,
        headroom=answer.headroom,
        limit_bytes=outcome.limit,
        note=hardware.note,
    )


def runs_of(answer: Answer) -> list[JsonRun]:
    """The measured runs of its plan, those on GPUs first; empty where nobody recorded any."""
    found = answer.calibrated
    if found is None:
        return []
    return [
        JsonRun(
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


def _range(bounds: tuple[int, int] | None) -> JsonRange | None:
    return JsonRange(low=bounds[0], high=bounds[1]) if bounds else None


def _ladder(ladder: Ladder) -> JsonLadder:
    return JsonLadder(
        row_key=ladder.row_key,
        column_key=ladder.column_key,
        rows=list(ladder.rows),
        columns=list(ladder.columns),
        cells=[
            [
                JsonCell(needed_bytes=cell.needed, left_bytes=cell.left, fits=cell.fit.value if cell.fit else None)
                for cell in row
            ]
            for row in ladder.cells
        ],
    )


def _choice(choice: Choice) -> JsonChoice:
    outcome = choice.fitting
    return JsonChoice(
        quantization=choice.quantization,
        planned=choice.planned,
        count=choice.devices,
        needed_bytes=choice.estimate.peak_bytes,
        left_bytes=outcome.limit - outcome.needed if outcome else None,
        fits=outcome.fit.value if outcome else None,
        parallel_requests=choice.requests,
        context_window=choice.context,
        gpu=choice.gpu.name if choice.gpu else None,
    )


def _cost(cost: ContextCost) -> JsonCost:
    return JsonCost(
        kind=cost.kind,
        fixed_bytes=cost.fixed,
        token_bytes=cost.token,
        late_token_bytes=cost.late_token,
        window=cost.window,
        formats=dict(cost.formats),
        outgrows_weights_at_context=cost.overtakes,
        steps=[
            JsonStep(
                context_window=step.context,
                request_bytes=step.request,
                requests_bytes=step.requests,
                needed_bytes=step.needed,
                fits=step.fit.value if step.fit else None,
            )
            for step in cost.steps
        ],
        measured=[
            JsonMeasured(
                figure=error.figure,
                rows=error.rows,
                median=error.median,
                nine_of_ten=error.nine_of_ten,
                worst=error.worst,
            )
            for error in cost.errors
        ],
        measured_from=ERRORS_FROM,
    )


def _start(start: Start) -> JsonStart:
    flags = [
        JsonFlag(flag=flag.name, value=flag.value, why=flag.why, source=flag.source) for flag in start.launch.flags
    ]
    return JsonStart(target=start.target, text=start.text, flags=flags, notes=list(start.launch.notes))


def shared(found: Together) -> JsonTogether:
    """Deployments that share their GPUs, as programs read it."""
    outcome, shares = found.fitting, found.shares()
    return JsonTogether(
        entries=list(found.names),
        needed_bytes=found.needed,
        most_bytes=found.most,
        left_bytes=outcome.limit - outcome.needed if outcome else None,
        fits=outcome.fit.value if outcome else None,
        shares=list(shares) if shares is not None else None,
        gpus=[gpu.name for gpu in found.gpus[:GPUS]],
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
