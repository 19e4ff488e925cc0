"""What each training software does where a plan leaves it open: number formats, checkpointing, loss, kept inputs."""

from typing import Any

from checker.memory.plan import (
    Attention,
    Loss,
    Method,
    Optimizer,
    Precision,
    QuantizedBase,
    Sharding,
    Stack,
    Task,
    TrainingPlan,
)
from checker.value import NamedTuple


class AskedTraining(NamedTuple):
    """A fine-tuning as somebody wrote it down; None for what is left to the stack."""

    method: Method
    sequence_length: int
    stack: Stack = Stack.PEFT
    micro_batch_size: int | None = None
    rank: int | None = None
    target_modules: tuple[str, ...] | None = None
    gradient_checkpointing: bool | None = None
    optimizer: Optimizer | None = None
    attention: Attention | None = None
    precision: Precision | None = None
    adapter_bytes: int | None = None
    upcast_frozen: bool | None = None
    quantized_base: QuantizedBase | None = None
    double_quantization: bool | None = None
    keeps_quantized_inputs: bool | None = None
    loss: Loss | None = None
    sharding: Sharding | None = None


class Completed(NamedTuple):
    """A plan without gaps, and what filled them."""

    plan: TrainingPlan
    assumed: tuple[str, ...]
    """`key value`, in the words of a manifest, for each key that nobody wrote."""


class Defaults(NamedTuple):
    """What a stack does unless told otherwise."""

    source: str
    """Where this was read."""
    full_precision: Precision = Precision.BF16
    """Weights, gradients and states of a full fine-tuning."""
    adapter_bytes: int = 4
    gradient_checkpointing: bool = True
    loss: Loss = Loss.FULL
    upcast_frozen: bool = False
    keeps_quantized_inputs: bool = False
    foreach: bool = True


DEFAULTS = {
    Stack.PEFT: Defaults(
        "PEFT as TRL's trainer drives it: TRL's pull request 4335 dropped the cast of frozen parts to 32 bits",
        full_precision=Precision.BF16_MIXED,
        foreach=False,
    ),
    Stack.TRL: Defaults("TRL's SFTTrainer"),
    Stack.TORCHTUNE: Defaults("torchtune recipes", adapter_bytes=2, loss=Loss.CHUNKED, foreach=False),
    Stack.LITGPT: Defaults(
        "litgpt finetune scripts, precision bf16-true", adapter_bytes=2, gradient_checkpointing=False, loss=Loss.CHUNKED
    ),
    Stack.UNSLOTH: Defaults("unsloth notebooks", loss=Loss.FUSED_LINEAR),
    Stack.AXOLOTL: Defaults("axolotl examples"),
    Stack.LLAMA_FACTORY: Defaults("LLaMA-Factory examples"),
    Stack.MS_SWIFT: Defaults("ms-swift examples"),
    Stack.CUSTOM: Defaults("nothing is known of it", foreach=False),
}
"""By stack."""


def completed(asked: AskedTraining, task: Task, devices: int = 1, labels: int = 2) -> Completed:
    """Fill what is open by the stack's defaults."""
    defaults, full = DEFAULTS[asked.stack], asked.method is Method.FULL
    precision = asked.precision or (defaults.full_precision if full else Precision.BF16)
    standing: dict[str, Any] = {
        "micro_batch_size": 1,
        "gradient_checkpointing": defaults.gradient_checkpointing,
        "optimizer": Optimizer.ADAMW,
        "attention": Attention.SDPA,
        "precision": precision,
        "loss": defaults.loss,
    }
    if not full:
        standing |= {"rank": 16, "target_modules": ("all-linear",), "adapter_bytes": defaults.adapter_bytes}
    if asked.method is Method.QLORA:
        standing |= {
            "quantized_base": QuantizedBase.NF4,
            "double_quantization": False,
            "upcast_frozen": defaults.upcast_frozen,
            "keeps_quantized_inputs": defaults.keeps_quantized_inputs,
        }
    if devices > 1:
        standing["sharding"] = Sharding.DDP
    written = {key: value for key, value in asked._asdict().items() if value is not None and key != "stack"}
    values = {**standing, **written}
    assumed = [f"{key} {_word(value)}" for key, value in standing.items() if key not in written]
    plan = TrainingPlan(
        **values,
        task=task,
        devices=devices,
        labels=labels,
        autocast=precision is Precision.BF16_MIXED or (not full and values["adapter_bytes"] == 4),
        foreach=defaults.foreach and full and asked.optimizer in (None, Optimizer.ADAMW),
    )
    return Completed(plan, tuple(assumed))


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower()
