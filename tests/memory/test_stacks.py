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
