"""Runs a plan for a few steps with random weights, and puts what they took beside the estimate."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

from checker.document.errors import InputError
from checker.facts.calibration import Run
from checker.memory.digest import of_plan
from checker.memory.plan import Loss, Stack, TrainingPlan
from checker.memory.trace.plan import OutOfMemoryError, Steps, TracePlan
from checker.memory.units import gib
from checker.sizing.answer import Answer
from checker.sizing.traced import asked, rebuilt
from checker.value import NamedTuple

STEPS = 3
"""The first has no optimiser's states, the second has; the third shows that nothing grows."""
_OTHER_CODE = frozenset({Stack.LITGPT, Stack.TORCHTUNE, Stack.UNSLOTH})
"""Software whose own code trains: steps of transformers and PEFT would measure something else."""
_ROOM = 0.8
"""The part of the computer's memory that a plan may be estimated to need for a run on its processor."""


class CannotMeasure(NamedTuple):
    """Nothing here can run the plan (exit code 3)."""

    sentence: str
    hint: str


class TooLarge(NamedTuple):
    """The GPU ran out of memory (exit code 1)."""

    sentence: str


class Device(NamedTuple):
    """Where steps run."""

    kind: str
    """`cuda` or `cpu`."""
    name: str
    """The GPU as its driver names it; empty on a processor."""
    gpu: str
    """Its name in the list, else the driver's."""
    memory_bytes: int


class Measured(NamedTuple):
    """Steps that ran."""

    answer: Answer
    device: Device
    steps: Steps
    run: Run

    @property
    def band(self) -> tuple[int, int]:
        """The error band of the estimate, of the tensors alone, in bytes."""
        band, tensors = self.answer.estimate.band, self.answer.estimate.allocated_bytes
        return int(tensors * (1 + band.low)), int(tensors * (1 + band.high))

    @property
    def inside(self) -> bool:
        """Whether what was measured lies inside that band."""
        low, high = self.band
        return low <= self.run.allocated_bytes <= high


def measure(
    answer: Answer, wanted: str, count: int, today: date, memory_bytes: int | None
) -> Measured | CannotMeasure | TooLarge:
    """Run the steps of a plan.

    Args:
        answer: the plan and its estimate.
        wanted: `cuda`, `cpu`, or `auto` for a GPU where there is one.
        count: how many steps.
        today: the day, which is recorded.
        memory_bytes: what a program may use of the computer's memory; None where nobody knows.

    Raises:
        InputError: the extra is not installed, or the plan is none that steps of transformers and PEFT measure.
    """
    from checker.memory import trace as tracer  # loads torch only where it is installed and asked

    plan = _measurable(answer)
    config = answer.subject.config or rebuilt(answer.subject.model)
    try:
        trace_plan = TracePlan(**asked(plan))
        tracer.require()
        tracer.check(config, trace_plan)
        from checker.memory.trace import real

        device = _device(wanted, real.graphics)
        if device is None:
            return CannotMeasure(
                "CUDA offers no GPU here, so nothing was measured",
                "`--device cpu` counts the tensors of the same steps on the processor; `weighbridge hardware` says"
                " which GPUs there are",
            )
        if device.kind == "cpu" and (short := _short(answer, memory_bytes)):
            return short
        meter = real.Gpu() if device.kind == "cuda" else real.Processor()
        steps = real.steps(config, trace_plan, meter, count, _driver(device))
    except OutOfMemoryError as error:
        return TooLarge(str(error))
    except tracer.TraceError as error:
        raise InputError.one(str(error), file="calibrate") from error
    return Measured(answer, device, steps, _run(answer, plan, device, steps, today))


def _measurable(answer: Answer) -> TrainingPlan:
    """The plan, where steps of the library's own code are what it asks for.

    Raises:
        InputError: it serves, or other software's kernels would run.
    """
    plan = answer.plan
    if not isinstance(plan, TrainingPlan):
        raise InputError.one("this plan serves", expected="a training: its steps are what is run", file="calibrate")
    if plan.devices > 1:
        sentence = f"the plan is for {plan.devices} GPUs, and steps run on one"
        raise InputError.one(sentence, expected="`count` of 1", file="calibrate")
    if plan.stack in _OTHER_CODE:
        sentence = f"{plan.stack} trains with code of its own, and what runs here is transformers and PEFT"
        raise InputError.one(sentence, expected="a measurement of its own, as `measured:`", file="calibrate")
    if plan.loss is not Loss.FULL:
        sentence = f"loss {plan.loss} is computed by kernels of other software"
        raise InputError.one(sentence, expected="`loss: full`", file="calibrate")
    return plan


def _device(wanted: str, graphics: Callable[[], tuple[str, int] | None]) -> Device | None:
    found = graphics() if wanted != "cpu" else None
    if found is None:
        return Device("cpu", "", "", 0) if wanted == "cpu" else None
    from checker.hardware import Device as Seen
    from checker.hardware import Vendor
    from checker.hardware.named import with_name

    name, memory = found
    listed = with_name(Seen(Vendor.AMD if "AMD" in name else Vendor.NVIDIA, name, memory)).gpu
    return Device("cuda", name, listed or name, memory)


def _short(answer: Answer, memory_bytes: int | None) -> CannotMeasure | None:
    """A run that the computer's memory does not hold would take the computer down."""
    need = answer.estimate.allocated_bytes
    if memory_bytes is None or need <= memory_bytes * _ROOM:
        return None
    return CannotMeasure(
        f"the tensors are estimated at {gib(need)}, and a program may use {gib(memory_bytes)} of memory here",
        "`weighbridge fit --trace` counts them without content, in any size",
    )


def _driver(device: Device) -> Callable[[], int | None]:
    """What the driver shows of this process."""
    if device.kind == "cpu":
        return lambda: None
    from checker.hardware import nvidia

    return lambda: nvidia.used_by(os.getpid())


def _run(answer: Answer, plan: TrainingPlan, device: Device, steps: Steps, today: date) -> Run:
    return Run(
        plan_sha256=of_plan(answer.subject.model, plan),
        model=answer.subject.name,
        plan=words(plan),
        device=device.kind,
        gpu=device.gpu,
        gpu_bytes=device.memory_bytes,
        allocated_bytes=steps.peaks[-1],
        reserved_bytes=steps.reserved_bytes,
        device_bytes=steps.device_bytes,
        estimated_bytes=answer.estimate.allocated_bytes,
        steps=len(steps.peaks),
        measured_on=today.isoformat(),
        versions=tuple(sorted(steps.versions)),
    )


def words(plan: TrainingPlan) -> str:
    """A plan for people: `lora, 4096 tokens, micro batch 2, adamw`."""
    checkpointing = "" if plan.gradient_checkpointing else ", no checkpointing"
    size = f"{plan.sequence_length} tokens, micro batch {plan.micro_batch_size}"
    return f"{plan.method}, {size}, {plan.optimizer}{checkpointing}"
