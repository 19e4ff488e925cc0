"""What each training software does where a plan leaves it open."""

from __future__ import annotations

import pytest

from checker.memory.plan import Loss, Method, Optimizer, Precision, QuantizedBase, Sharding, Stack, Task
from checker.memory.stacks import DEFAULTS, AskedTraining, completed


def plan(method=Method.QLORA, devices=1, **asked):
    return completed(AskedTraining(method, 2048, **asked), Task.CAUSAL, devices).plan


@pytest.mark.parametrize("stack", Stack)
def test_every_stack_says_where_its_defaults_were_read(stack):
    assert all(DEFAULTS[stack].sources)


def test_nothing_written_is_peft_with_frozen_parts_in_16_bits():
    assert plan() == plan(stack=Stack.PEFT)
    assert not plan().upcast_frozen
    assert plan().adapter_bytes == 4


def test_frozen_parts_can_be_asked_for_in_32_bits():
    assert plan(upcast_frozen=True).upcast_frozen


@pytest.mark.parametrize(
    ("stack", "expected"),
    [
        (Stack.TRL, {"loss": Loss.FULL, "gradient_checkpointing": True, "adapter_bytes": 4}),
        (Stack.TORCHTUNE, {"loss": Loss.CHUNKED, "gradient_checkpointing": True, "adapter_bytes": 2}),
        (Stack.LITGPT, {"gradient_checkpointing": False, "keeps_quantized_inputs": True, "adapter_bytes": 2}),
        (Stack.UNSLOTH, {"loss": Loss.FUSED_LINEAR, "optimizer": Optimizer.ADAMW_8BIT}),
        (Stack.AXOLOTL, {"loss": Loss.FULL, "upcast_frozen": False}),
        (Stack.LLAMA_FACTORY, {"double_quantization": True, "adapter_bytes": 4}),
        (Stack.MS_SWIFT, {"double_quantization": True, "gradient_checkpointing": True}),
        (Stack.CUSTOM, {"loss": Loss.FULL, "keeps_quantized_inputs": False}),
    ],
)
def test_a_stack_fills_what_is_open(stack, expected):
    made = plan(stack=stack)
    assert {key: getattr(made, key) for key in expected} == expected
    assert made.stack is stack


@pytest.mark.parametrize("stack", Stack)
def test_what_is_written_stands_against_every_stack(stack):
    written = {
        "micro_batch_size": 3,
        "rank": 7,
        "target_modules": ("q_proj",),
        "gradient_checkpointing": stack is Stack.LITGPT,
        "optimizer": Optimizer.SGD,
        "precision": Precision.FP32,
        "adapter_bytes": 2,
        "upcast_frozen": True,
        "quantized_base": QuantizedBase.INT8,
        "double_quantization": False,
        "keeps_quantized_inputs": stack is not Stack.LITGPT,
        "loss": Loss.OLD,
        "sharding": Sharding.ZERO2,
    }
    made = completed(AskedTraining(Method.QLORA, 2048, stack=stack, **written), Task.CAUSAL, 2)
    assert {key: getattr(made.plan, key) for key in written} == written
    assert made.assumed == ("attention sdpa",)


def test_every_default_is_told_in_the_words_of_a_manifest():
    made = completed(AskedTraining(Method.LORA, 2048, stack=Stack.LITGPT), Task.CAUSAL, 2)
    assert made.assumed == (
        "micro_batch_size 1",
        "gradient_checkpointing true",
        "optimizer adamw",
        "attention sdpa",
        "precision bf16",
        "loss chunked",
        "rank 16",
        "target_modules all-linear",
        "adapter_dtype bf16",
        "sharding ddp",
    )


def test_litgpt_checkpoints_on_several_devices_only():
    assert not plan(Method.LORA, stack=Stack.LITGPT).gradient_checkpointing
    assert plan(Method.LORA, 2, stack=Stack.LITGPT).gradient_checkpointing


def test_torchtune_updates_within_the_backward_pass_on_one_device_only():
    assert plan(Method.FULL, stack=Stack.TORCHTUNE).optimizer_in_backward
    assert not plan(Method.FULL, 2, stack=Stack.TORCHTUNE).optimizer_in_backward
    assert not plan(Method.LORA, stack=Stack.TORCHTUNE).optimizer_in_backward


def test_an_update_of_all_tensors_at_once_is_adamws_alone_and_is_told():
    made = completed(AskedTraining(Method.FULL, 2048, stack=Stack.TRL), Task.CAUSAL)
    assert made.plan.foreach
    assert "optimizer updates through a copy of the gradients (foreach)" in made.assumed
    assert not plan(Method.FULL, stack=Stack.TRL, optimizer=Optimizer.ADAFACTOR).foreach
    assert not plan(Method.LORA, stack=Stack.TRL).foreach


def test_a_full_fine_tuning_by_peft_holds_weights_in_32_bits_under_autocast():
    made = plan(Method.FULL)
    assert made.precision is Precision.BF16_MIXED
    assert made.autocast


@pytest.mark.parametrize(("stack", "method", "autocast", "assumed"), [
    (Stack.PEFT, Method.FULL, True, "gradient_checkpointing true; optimizer adamw; precision bf16-mixed; loss full"),
    (Stack.PEFT, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.TRL, Method.FULL, True, "gradient_checkpointing true; optimizer adamw; precision bf16-mixed; loss full; optimizer updates through a copy of the gradients (foreach)"),
    (Stack.TRL, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.TORCHTUNE, Method.FULL, False, "gradient_checkpointing true; optimizer adamw; precision bf16; loss chunked; optimizer updates within the backward pass"),
    (Stack.TORCHTUNE, Method.QLORA, False, "gradient_checkpointing true; optimizer adamw; precision bf16; loss chunked; adapter_dtype bf16; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.LITGPT, Method.FULL, False, "gradient_checkpointing false; optimizer adamw; precision bf16; loss chunked; optimizer updates through a copy of the gradients (foreach)"),
    (Stack.LITGPT, Method.QLORA, False, "gradient_checkpointing false; optimizer paged-adamw; precision bf16; loss chunked; adapter_dtype bf16; double_quantization false; upcast_frozen false; keeps_quantized_inputs true"),
    (Stack.UNSLOTH, Method.FULL, False, "gradient_checkpointing true; optimizer adamw-8bit; precision bf16; loss fused-linear"),
    (Stack.UNSLOTH, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw-8bit; precision bf16; loss fused-linear; adapter_dtype fp32; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.AXOLOTL, Method.FULL, False, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full"),
    (Stack.AXOLOTL, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.LLAMA_FACTORY, Method.FULL, True, "gradient_checkpointing true; optimizer adamw; precision bf16-mixed; loss full"),
    (Stack.LLAMA_FACTORY, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization true; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.MS_SWIFT, Method.FULL, False, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; optimizer updates through a copy of the gradients (foreach)"),
    (Stack.MS_SWIFT, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization true; upcast_frozen false; keeps_quantized_inputs false"),
    (Stack.CUSTOM, Method.FULL, False, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full"),
    (Stack.CUSTOM, Method.QLORA, True, "gradient_checkpointing true; optimizer adamw; precision bf16; loss full; adapter_dtype fp32; double_quantization false; upcast_frozen false; keeps_quantized_inputs false"),
])  # fmt: skip
def test_a_stack_says_what_it_takes_to_be_so_on_one_device(stack, method, autocast, assumed):
    made = completed(AskedTraining(method, 2048, stack=stack), Task.CAUSAL)
    alike = {"micro_batch_size 1", "attention sdpa"}
    alike |= set() if method is Method.FULL else {"rank 16", "target_modules all-linear", "quantized_base nf4"}
    assert alike <= set(made.assumed)
    assert "; ".join(said for said in made.assumed if said not in alike) == assumed
    assert made.plan.autocast is autocast


@pytest.mark.parametrize(("method", "asked", "autocast"), [
    (Method.LORA, {}, True), (Method.LORA, {"adapter_bytes": 2}, False),
    (Method.LORA, {"adapter_bytes": 2, "precision": Precision.BF16_MIXED}, True),
    (Method.FULL, {"precision": Precision.BF16}, False), (Method.FULL, {"precision": Precision.FP32}, False),
])  # fmt: skip
def test_autocast_runs_where_something_is_wider_than_the_products(method, asked, autocast):
    assert plan(method, **asked).autocast is autocast


def test_a_completed_plan_keeps_the_task_the_devices_and_the_labels():
    made = completed(AskedTraining(Method.FULL, 512), Task.CLASSIFY, 4, 9).plan
    assert (made.task, made.devices, made.labels, made.sharding) == (Task.CLASSIFY, 4, 9, Sharding.DDP)
