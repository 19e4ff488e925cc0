"""The answer to one plan: what it needs, whether the hardware holds it, and what would fit instead."""

from __future__ import annotations

from checker.document.errors import InputError
from checker.document.place import At
from checker.facts.calibration import Calibration
from checker.guidance.guidance import guidance
from checker.manifest.choices import Objective
from checker.manifest.deployment import ServingKeys
from checker.manifest.fine_tuning import TrainingKeys
from checker.manifest.hardware import Devices
from checker.memory import repeated, serving
from checker.memory.alternatives import Alternative, for_serving, for_training, gpus_for
from checker.memory.calibrated import Matching, held, matching
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.fit import Fit, Fitting, fitting
from checker.memory.gpus import Gpu
from checker.memory.hardware import hardware_of
from checker.memory.model import Model
from checker.memory.plan import LIMITS, Hardware, Method, ServingPlan, TrainingPlan
from checker.memory.units import gib
from checker.sizing.plans import serving_of, training_of
from checker.sizing.question import Plan
from checker.sizing.room import Room, room_of
from checker.sizing.subject import NO_CONFIG, Subject, Unanswerable
from checker.value import NamedTuple

HEADROOM = 0.1
"""The part of a GPU that stays free unless told otherwise: what the rules ask for by default."""


class Answer(NamedTuple):
    """What is known of one plan."""

    subject: Subject
    plan: TrainingPlan | ServingPlan
    estimate: Estimate
    hardware: Hardware | None
    devices: int
    headroom: float
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    """What is odd about the plan: it can be estimated all the same."""
    alternatives: tuple[Alternative, ...] | None = None
    """What would fit instead where the plan does not or may not fit; None where nobody asked."""
    gpus: tuple[Gpu, ...] = ()
    """Common GPUs that hold the plan as it is, the smallest first; empty where it fits."""

    room: Room | None = None
    """What a GPU has room for beside a deployment; None for a training, without hardware, or where nobody asked."""

    calibrated: Matching | None = None
    """Runs of this very plan; None where nobody recorded any."""
    calibration_file: str = ""
    """Where they are recorded."""

    @property
    def fitting(self) -> Fitting | None:
        """What is needed beside what there is, by a run on this GPU where there is one; None without hardware."""
        measured = self.calibrated.needed if self.calibrated is not None else None
        if self.hardware is not None and measured is not None:
            return held(measured, self.hardware.bytes, self.headroom)
        return self.estimated

    @property
    def estimated(self) -> Fitting | None:
        """The same by the estimate alone."""
        if self.hardware is None:
            return None
        return fitting((self.estimate,), self.hardware.bytes, self.headroom)

    @property
    def fit(self) -> Fit | None:
        """Whether it fits; None where no hardware is named."""
        outcome = self.fitting
        return outcome.fit if outcome else None


def answer_plan(plan: Plan, subject: Subject, headroom: float = HEADROOM) -> Answer | Unanswerable:
    """Answer a plan of options or of a batch; `with_alternatives` adds what would fit instead.

    Raises:
        InputError: the plan contradicts itself or the model, or its GPU is not known.
    """
    if plan.serve.value:
        return answer_serving(plan, plan.objective, plan.hardware, subject, headroom)
    return answer_training(plan, plan.objective, plan.hardware, subject, headroom)


def answer_training(
    keys: TrainingKeys, objective: At[Objective] | None, devices: Devices | None, subject: Subject, headroom: float
) -> Answer | Unanswerable:
    """Answer a fine-tuning.

    Raises:
        InputError: the plan contradicts itself or the model, or its GPU is not known.
    """
    hardware, count = hardware_named(devices)
    whole = training_of(keys, objective, subject, count)
    result = repeated.estimate(subject.model, whole.plan, guidance().fine_tuning_memory)
    if isinstance(result, NotEstimable):
        return _unanswerable(result)
    return Answer(
        subject=subject,
        plan=whole.plan,
        estimate=result,
        hardware=hardware,
        devices=count,
        headroom=headroom,
        assumptions=(*_assumed(whole.assumed), *result.assumptions),
        warnings=(
            *_beyond(whole.plan.sequence_length, "sequence_length", subject),
            *_saves_nothing(subject, whole.plan, result),
        ),
    )


def answer_serving(
    keys: ServingKeys, objective: At[Objective] | None, devices: Devices | None, subject: Subject, headroom: float
) -> Answer | Unanswerable:
    """Answer a deployment.

    Raises:
        InputError: the plan contradicts itself or the model, the runtime does not run it, or its GPU is not known.
    """
    hardware, count = hardware_named(devices)
    whole = serving_of(keys, objective, subject)
    if isinstance(whole, Unanswerable):
        return whole
    result = serving.estimate(subject.model, whole.plan, count)
    if isinstance(result, NotEstimable):
        return _unanswerable(result)
    return Answer(
        subject=subject,
        plan=whole.plan,
        estimate=result,
        hardware=hardware,
        devices=count,
        headroom=headroom,
        assumptions=(*_assumed(whole.assumed), *whole.notes, *result.assumptions),
        warnings=_beyond(whole.plan.context_window, "context_window", subject),
    )


def hardware_named(devices: Devices | None) -> tuple[Hardware | None, int]:
    """The hardware, None where nobody says what one GPU has, and the number of GPUs.

    Raises:
        InputError: no GPU, or several, have that name, or nobody has so many.
    """
    if devices is None:
        return None, 1
    count, most = devices.count.value, LIMITS["devices"]
    if count > most:
        raise InputError.one(f"`hardware.count` is `{count}`", expected=f"at most {most}", at=devices.count.at)
    if devices.named_at is None:
        return None, count
    found = hardware_of(devices.stated)
    if isinstance(found, Hardware):
        return found, found.devices
    sentence, _, hint = found.sentence.partition("; ")
    expected = "a GPU of `weighbridge fit --list-gpus`, or `vram`"
    if devices.instance is not None:
        expected = "an instance of `weighbridge hardware --list-instances`, or `gpu` or `vram` with `count`"
    raise InputError.one(sentence, expected=expected, hint=hint or f"such as `{found.yaml}`", at=devices.named_at)


def _unanswerable(result: NotEstimable) -> Unanswerable:
    return Unanswerable(result.reason, result.missing, NO_CONFIG if result.missing else "")


def _assumed(keys: tuple[str, ...]) -> tuple[str, ...]:
    return (f"not written, so assumed: {', '.join(keys)}",) if keys else ()


def _beyond(tokens: int, key: str, subject: Subject) -> tuple[str, ...]:
    """The warning of positions that the model was not trained for."""
    native = subject.native_context
    if native is None or tokens <= native or subject.model.traits.rope_scaled:
        return ()
    return (
        f"{key} {tokens} is beyond the {native} tokens that the model was trained for,"
        " and no scaling of its positions is configured",
    )


_SMALL = 10**9
"""Parameters above which 4-bit weights always save something worth having."""
_WORTH = 0.03


def _saves_nothing(subject: Subject, plan: TrainingPlan, result: Estimate) -> tuple[str, ...]:
    """The warning of a qlora whose quantised matrices are next to nothing of what is needed."""
    if plan.method is not Method.QLORA or (subject.model.parameters or 0) > _SMALL:
        return ()
    plain = repeated.estimate(subject.model, plan._replace(method=Method.LORA, upcast_frozen=False))
    if isinstance(plain, NotEstimable) or result.peak_bytes < plain.peak_bytes * (1 - _WORTH):
        return ()
    return (
        f"qlora saves nothing worth having here: it needs {gib(result.peak_bytes)}, lora {gib(plain.peak_bytes)};"
        f" the model has {(subject.model.parameters or 0) / 10**6:.0f} million parameters",
    )


def with_calibration(made: Answer, calibration: Calibration | None) -> Answer:
    """The answer with what a calibration says of its plan, where it has runs of it."""
    if calibration is None or not isinstance(made.plan, TrainingPlan):
        return made
    found = matching(calibration, made.subject.model, made.plan, made.hardware)
    return made._replace(calibrated=found, calibration_file=calibration.file) if found.runs else made


def with_room(made: Answer) -> Answer:
    """The answer with what a GPU has room for beside a deployment."""
    outcome, plan = made.fitting, made.plan
    if outcome is None or isinstance(plan, TrainingPlan):
        return made
    return made._replace(room=room_of(made.subject.model, plan, made.estimate, outcome, made.devices))


def with_alternatives(made: Answer) -> Answer:
    """The answer with what there is room for, and what would fit instead where the plan does not or may not fit."""
    made = with_room(made)
    outcome, hardware, plan = made.fitting, made.hardware, made.plan
    if outcome is None or hardware is None or outcome.fit is Fit.YES:
        return made._replace(alternatives=())
    model: Model = made.subject.model
    if isinstance(plan, TrainingPlan):
        changes = for_training(model, plan, hardware.bytes, made.headroom)
    else:
        changes = for_serving(model, plan, made.devices, hardware.bytes, made.headroom)
    return made._replace(alternatives=changes, gpus=gpus_for(outcome.most, made.headroom))
