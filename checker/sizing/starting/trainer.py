"""The arguments of transformers' Trainer, which TRL's takes too."""

from __future__ import annotations

from checker.memory.plan import Attention, Method, Optimizer, Precision, TrainingPlan

_OPTIM = {
    Optimizer.ADAMW: "adamw_torch",
    Optimizer.ADAMW_8BIT: "adamw_bnb_8bit",
    Optimizer.PAGED_ADAMW: "paged_adamw_32bit",
    Optimizer.PAGED_ADAMW_8BIT: "paged_adamw_8bit",
    Optimizer.ADAFACTOR: "adafactor",
    Optimizer.SGD: "sgd",
    Optimizer.LION: "lion_32bit",
    Optimizer.LION_8BIT: "lion_8bit",
}


def arguments(plan: TrainingPlan) -> tuple[str, ...]:
    """The arguments of transformers' Trainer, which TRL's takes too."""
    given = [
        f"per_device_train_batch_size={plan.micro_batch_size}",
        f"gradient_checkpointing={plan.gradient_checkpointing}",
        f"bf16={plan.precision is not Precision.FP32 and plan.autocast}",
    ]
    if plan.optimizer in _OPTIM:
        given.append(f'optim="{_OPTIM[plan.optimizer]}"')
    lines = [f"TrainingArguments({', '.join(given)})"]
    if plan.method is Method.QLORA:
        double = f", bnb_4bit_use_double_quant={plan.double_quantization}"
        lines.append(f'BitsAndBytesConfig(load_in_4bit=True, bnb_4bit_quant_type="nf4"{double})')
    if plan.attention is not Attention.SDPA:
        kernel = "flash_attention_2" if plan.attention is Attention.FLASH else "eager"
        lines.append(f'from_pretrained(…, attn_implementation="{kernel}")')
    return tuple(lines)
