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

    sources: tuple[str, ...]
    """Where this was read, one place for each setting that differs from the first stack's."""
    full_precision: Precision = Precision.BF16_MIXED
    """Weights, gradients and states of a full fine-tuning."""
    adapter_bytes: int = 4
    """Bytes of a trained adapter weight."""
    gradient_checkpointing: bool = True
    """On one device."""
    sharded_checkpointing: bool | None = None
    """On several, where that differs."""
    optimizer: Optimizer = Optimizer.ADAMW
    qlora_optimizer: Optimizer | None = None
    """Of qlora, where that differs."""
    loss: Loss = Loss.FULL
    upcast_frozen: bool = False
    double_quantization: bool = False
    keeps_quantized_inputs: bool = False
    foreach: bool = False
    optimizer_in_backward: bool = False
    """Of a full fine-tuning on one device."""


_MIXED_BY_HAND = "TRL's pull request 4335 and 4577: frozen parts of a 4-bit base stay in 16 bits"
_ADAPTERS = "PEFT get_peft_model, autocast_adapter_dtype=True: adapters of 16-bit bases are held in 32 bits"

DEFAULTS = {
    Stack.PEFT: Defaults(
        (
            _ADAPTERS,
            _MIXED_BY_HAND,
            "transformers TrainingArguments: default_optim adamw_torch_fused from torch 2.8 on",
            "transformers ForCausalLMLoss: logits in 32 bits, full cross entropy",
            "bitsandbytes pull request 1270, in 0.43.3: 4-bit products keep no inputs",
        ),
    ),
    Stack.TRL: Defaults(
        (
            _ADAPTERS,
            _MIXED_BY_HAND,
            "TRL sft_config.py: gradient_checkpointing and bf16 on; its later loss_type chunked_nll is loss: fused-linear",
            "transformers before torch 2.8: adamw_torch, which PyTorch runs with foreach",
        ),
        foreach=True,
    ),
    Stack.TORCHTUNE: Defaults(
        (
            "torchtune recipes/configs/llama3_1/8B_qlora_single_device.yaml: dtype bf16, fused AdamW, checkpointing on",
            "the same: CEWithChunkedOutputLoss, later LinearCrossEntropyLoss (loss: fused-linear)",
            "torchtune 8B_full_single_device.yaml: PagedAdamW8bit where asked for, optimizer_in_bwd True",
        ),
        full_precision=Precision.BF16,
        adapter_bytes=2,
        loss=Loss.CHUNKED,
        optimizer_in_backward=True,
    ),
    Stack.LITGPT: Defaults(
        (
            "litgpt finetune/lora.py: precision bf16-true for weights and adapters; bnb.optim.PagedAdamW with quantize",
            "the same: activation checkpointing is a policy of FSDP, so only on several devices",
            "the same: lm_head_chunk_size=128 and chunked_cross_entropy, utils.py",
            "litgpt pyproject.toml pinned bitsandbytes 0.41 and 0.42, whose MatMul4Bit keeps its input",
        ),
        full_precision=Precision.BF16,
        adapter_bytes=2,
        gradient_checkpointing=False,
        sharded_checkpointing=True,
        qlora_optimizer=Optimizer.PAGED_ADAMW,
        loss=Loss.CHUNKED,
        keeps_quantized_inputs=True,
        foreach=True,
    ),
    Stack.UNSLOTH: Defaults(
        (
            _ADAPTERS,
            "unsloth's notebooks: optim adamw_8bit, use_gradient_checkpointing unsloth, which moves checkpoints to the host",
            "unsloth_zoo fused cross entropy: head and loss in pieces (UNSLOTH_CE_LOSS_N_CHUNKS)",
        ),
        full_precision=Precision.BF16,
        optimizer=Optimizer.ADAMW_8BIT,
        loss=Loss.FUSED_LINEAR,
    ),
    Stack.AXOLOTL: Defaults(
        (
            _ADAPTERS,
            "axolotl loaders/model.py: k-bit preparation, then back to 16 bits for flash attention (pull requests 336, 504)",
            "axolotl examples: gradient_checkpointing true; cut cross entropy is a plugin (loss: fused-linear)",
        ),
        full_precision=Precision.BF16,
    ),
    Stack.LLAMA_FACTORY: Defaults(
        (
            "LLaMA-Factory model/adapter.py: trained weights are cast to 32 bits unless pure_bf16",
            "LLaMA-Factory hparams/model_args.py: upcast_layernorm false, disable_gradient_checkpointing false",
            "the same: double_quantization true",
        ),
        double_quantization=True,
    ),
    Stack.MS_SWIFT: Defaults(
        (
            "ms-swift tuner_args.py: lora_dtype unset is PEFT's own choice",
            "ms-swift quant_args.py: bnb_4bit_use_double_quant true",
            "ms-swift Command-line-parameters: gradient_checkpointing true, torch_dtype that of config.json",
        ),
        full_precision=Precision.BF16,
        double_quantization=True,
        foreach=True,
    ),
    Stack.CUSTOM: Defaults(("nothing is known of it: 16 bits and plain operations",), full_precision=Precision.BF16),
}
"""By stack. Rank 16 on all matrices of the blocks, SDPA and one sample a step are assumed of each."""


def completed(asked: AskedTraining, task: Task, devices: int = 1, labels: int = 2) -> Completed:
    """Fill what is open by the stack's defaults.

    Args:
        asked: what somebody wrote.
        task: what the step computes.
        devices: how many share the training.
        labels: outputs of a classifier's head.
    """
    defaults, full = DEFAULTS[asked.stack], asked.method is Method.FULL
    standing = _standing(asked, defaults, devices)
    written = {key: value for key, value in asked._asdict().items() if value is not None and key != "stack"}
    values = {**standing, **written}
    assumed = [_said(key, value) for key, value in standing.items() if key not in written]
    foreach = defaults.foreach and full and values["optimizer"] is Optimizer.ADAMW
    in_backward = defaults.optimizer_in_backward and full and devices == 1
    if foreach:
        assumed.append("optimizer updates through a copy of the gradients (foreach)")
    if in_backward:
        assumed.append("optimizer updates within the backward pass")
    plan = TrainingPlan(
        **values,
        task=task,
        devices=devices,
        labels=labels,
        autocast=values["precision"] is Precision.BF16_MIXED or (not full and values["adapter_bytes"] == 4),
        foreach=foreach,
        optimizer_in_backward=in_backward,
        stack=asked.stack,
    )
    return Completed(plan, tuple(assumed))


def _standing(asked: AskedTraining, defaults: Defaults, devices: int) -> dict[str, Any]:
    """The stack's value of every key that this method has."""
    full, quantized = asked.method is Method.FULL, asked.method is Method.QLORA
    checkpointing, sharded = defaults.gradient_checkpointing, defaults.sharded_checkpointing
    standing: dict[str, Any] = {
        "micro_batch_size": 1,
        "gradient_checkpointing": sharded if devices > 1 and sharded is not None else checkpointing,
        "optimizer": (defaults.qlora_optimizer if quantized else None) or defaults.optimizer,
        "attention": Attention.SDPA,
        "precision": defaults.full_precision if full else Precision.BF16,
        "loss": defaults.loss,
    }
    if not full:
        standing |= {"rank": 16, "target_modules": ("all-linear",), "adapter_bytes": defaults.adapter_bytes}
    if quantized:
        standing |= {
            "quantized_base": QuantizedBase.NF4,
            "double_quantization": defaults.double_quantization,
            "upcast_frozen": defaults.upcast_frozen,
            "keeps_quantized_inputs": defaults.keeps_quantized_inputs,
        }
    if devices > 1:
        standing["sharding"] = Sharding.DDP
    return standing


def _said(key: str, value: object) -> str:
    """A choice in the words of a manifest."""
    if key == "adapter_bytes":
        return f"adapter_dtype {'fp32' if value == 4 else 'bf16'}"
    return f"{key} {_word(value)}"


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value).lower()
