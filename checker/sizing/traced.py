"""The tracer beside an estimate: the same step through the library's own code, without weights and without a GPU."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.document.errors import InputError
from checker.memory.model import Model
from checker.memory.plan import Attention, Loss, Precision, TrainingPlan
from checker.sizing.answer import Answer
from checker.value import NamedTuple


class Beside(NamedTuple):
    """A traced peak and the estimate of the same tensors, in bytes."""

    peak_bytes: int
    peak_at: str
    """The pass in which it was seen."""
    allocated_bytes: int
    """What the estimate says of the tensors."""
    versions: str
    """The libraries that ran."""

    @property
    def difference(self) -> float:
        """How far the estimate lies from the trace, as a share of the trace."""
        return self.allocated_bytes / self.peak_bytes - 1


def trace(answer: Answer) -> Beside:
    """Trace the step of a training plan.

    Raises:
        InputError: the extra is not installed, or model or plan cannot be traced.
    """
    plan = answer.plan
    if not isinstance(plan, TrainingPlan):
        raise _refusal("a trace runs a training step, and this plan serves", "a plan without `serve`")
    config = answer.subject.config or rebuilt(answer.subject.model)
    from checker.memory import trace as tracer  # loads torch only where it is installed and asked

    try:
        tracer.require()
        found = tracer.trace(config, tracer.TracePlan(**asked(plan)))
    except tracer.TraceError as error:
        raise InputError.one(str(error), file="--trace") from error
    return Beside(found.peak_bytes, found.peak_at, answer.estimate.allocated_bytes, found.versions)


def _refusal(sentence: str, expected: str) -> InputError:
    return InputError.one(sentence, expected=expected, file="--trace")


def asked(plan: TrainingPlan) -> dict[str, Any]:
    """The plan in the tracer's words.

    Raises:
        InputError: it has a choice that the tracer does not know.
    """
    if plan.devices > 1:
        raise _refusal("a trace runs on one device", "`count` of 1")
    return {
        "sequence_length": plan.sequence_length,
        "micro_batch_size": plan.micro_batch_size,
        "task": plan.task.value,
        "method": plan.method.value,
        "weights": "bf16" if plan.precision is Precision.BF16 else "fp32",
        "autocast": plan.autocast,
        "adapter_dtype": "fp32" if plan.adapter_bytes == 4 else "bf16",
        "upcast_frozen": plan.upcast_frozen,
        "rank": plan.rank,
        "targets": plan.target_modules,
        "gradient_checkpointing": plan.gradient_checkpointing,
        "optimizer": plan.optimizer.value,
        "attention": "eager" if plan.attention is Attention.EAGER else "flash",
        "double_quantization": plan.double_quantization,
        "keeps_quantized_inputs": plan.keeps_quantized_inputs,
        "loss": "full" if plan.loss is Loss.CHUNKED else plan.loss.value,
        "num_labels": plan.labels,
    }


def rebuilt(model: Model) -> Mapping[str, object]:
    """A configuration made from the dimensions of a model, where they say enough.

    Raises:
        InputError: the family or a size is not known.
    """
    sizes = {name: value for name, value in model.dimensions._asdict().items() if value is not None}
    needed = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size")
    missing = [name for name in needed if name not in sizes]
    if model.model_type is None or missing:
        lacks = ", ".join(missing) or "its model_type"
        raise _refusal(f"no source states {lacks}, which a trace needs", "--config FILE, the model's config.json")
    return {"model_type": model.model_type, **sizes}
