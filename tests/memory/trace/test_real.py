"""Real steps on a processor, counted by the ledger, beside the same steps without content.

No machine of ours has a GPU: what CUDA's allocator answers is put in at the library's edge, `torch.cuda`.
"""

from __future__ import annotations

import pytest

LLAMA = {
    "model_type": "llama",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 176,
    "vocab_size": 512,
    "max_position_embeddings": 256,
}
BERT = {
    "model_type": "bert",
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
    "vocab_size": 512,
}


@pytest.mark.tracer
@pytest.mark.parametrize(
    ("config", "changes", "tolerance"),
    [
        (LLAMA, {"method": "full"}, 0.01),
        (LLAMA, {"method": "full", "weights": "fp32", "autocast": False, "gradient_checkpointing": False}, 0.01),
        (LLAMA, {"method": "lora"}, 0.01),
        (LLAMA, {"method": "full", "optimizer": "sgd"}, 0.01),
        # A processor has no bf16 layer norm as CUDA's autocast has it, nor its dropout.
        (BERT, {"method": "full", "task": "classify"}, 0.20),
        (BERT, {"method": "full", "task": "embed", "micro_batch_size": 4}, 0.20),
    ],
    ids=["full", "fp32", "lora", "sgd", "classify", "embed"],
)
def test_steps_with_content_take_what_steps_without_it_take(config, changes, tolerance):
    from checker.memory.trace import TracePlan, trace
    from checker.memory.trace.real import Processor, steps

    plan = TracePlan(64, 2, upcast_frozen=False)._replace(**changes)
    found, traced = steps(config, plan, Processor(), 3), trace(config, plan)
    assert found.trainable_params == traced.trainable_params
    assert found.peaks[-1] == pytest.approx(traced.peak_bytes, rel=tolerance)
    assert found.peaks[1] == found.peaks[2]  # nothing grows from step to step
    assert (found.reserved_bytes, found.device_bytes) == (None, None)
    assert dict(found.versions).keys() == {"torch", "transformers", "peft"}


@pytest.mark.tracer
def test_what_the_libraries_refuse_is_told_in_their_words():
    from checker.memory.trace import RefusedError, TracePlan
    from checker.memory.trace.real import Processor, steps

    with pytest.raises(RefusedError, match="has no model type 'lama'; did you mean"):
        steps({**LLAMA, "model_type": "lama"}, TracePlan(64), Processor(), 2)


@pytest.mark.tracer
@pytest.mark.parametrize(
    ("changes", "who"), [({"method": "qlora"}, "qlora"), ({"optimizer": "adamw-8bit"}, "adamw-8bit")]
)
def test_what_needs_another_library_names_it(monkeypatch, changes, who):
    import sys

    from checker.memory.trace import RefusedError, TracePlan
    from checker.memory.trace.real import Processor, steps

    monkeypatch.setitem(sys.modules, "bitsandbytes", None)
    with pytest.raises(
        RefusedError, match=f"{who} needs bitsandbytes, which is not installed: pip install bitsandbytes"
    ):
        steps(LLAMA, TracePlan(64, method="lora")._replace(**changes), Processor(), 2)


@pytest.mark.tracer
def test_a_gpu_is_asked_through_cuda_s_allocator(monkeypatch):
    """The stand-in answers as `torch.cuda` would; the steps themselves run on the processor."""
    import torch

    from checker.memory.trace import TracePlan, real

    asked = []
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda: asked.append("reset"))
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda: 1000 + len(asked))
    monkeypatch.setattr(torch.cuda, "max_memory_reserved", lambda: 2000 + len(asked))
    monkeypatch.setattr(real.Gpu, "device", "cpu")
    found = real.steps(LLAMA, TracePlan(32, method="lora", upcast_frozen=False), real.Gpu(), 3, lambda: 4000)
    assert (found.peaks, found.reserved_bytes, found.device_bytes) == ((1001, 1002, 1003), 2003, 4000)


@pytest.mark.tracer
def test_a_gpu_that_is_too_small_is_no_mistake_of_the_plan(monkeypatch):
    import torch

    from checker.memory.trace import TracePlan, real
    from checker.memory.trace.plan import OutOfMemoryError

    def full(*_):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(real, "loss_of", full)
    with pytest.raises(OutOfMemoryError, match="CUDA out of memory"):
        real.steps(LLAMA, TracePlan(32, method="lora", upcast_frozen=False), real.Processor(), 2)


@pytest.mark.tracer
def test_the_first_gpu_is_told_by_its_name_and_its_memory(monkeypatch):
    from types import SimpleNamespace

    import torch

    from checker.memory.trace.real import graphics

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert graphics() is None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: "NVIDIA L4")
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda index: SimpleNamespace(total_memory=1 << 34))
    assert graphics() == ("NVIDIA L4", 1 << 34)


@pytest.mark.tracer
@pytest.mark.parametrize("upcast", [False, True])
def test_four_bit_weights_and_states_are_those_of_bitsandbytes(monkeypatch, upcast):
    """bitsandbytes is not installed here: what it offers is put in at the library's edge, in full precision."""
    from types import SimpleNamespace

    import torch
    from torch import nn

    from checker.memory.trace import TracePlan, real

    made = []

    class Linear4bit(nn.Linear):
        def __init__(self, columns, rows, bias, compute_dtype, compress_statistics, quant_type):
            super().__init__(columns, rows, bias=bias, dtype=torch.bfloat16)
            made.append((columns, rows, compress_statistics, quant_type))

        def forward(self, x):
            return nn.functional.linear(x.to(torch.bfloat16), self.weight.to(torch.bfloat16), self.bias)

    def parameter(weight, requires_grad, compress_statistics, quant_type):
        return nn.Parameter(weight, requires_grad=requires_grad)

    offered = SimpleNamespace(
        nn=SimpleNamespace(Linear4bit=Linear4bit, Params4bit=parameter),
        optim=SimpleNamespace(AdamW8bit=torch.optim.AdamW),
    )
    monkeypatch.setattr(real, "four_bit_library", lambda who: offered)
    plan = TracePlan(32, method="qlora", optimizer="adamw-8bit", upcast_frozen=upcast, double_quantization=False)
    found = real.steps(LLAMA, plan, real.Processor(), 2)
    assert len(made) == 14  # seven linears in each of two layers; the head stays as it is
    assert (64, 176, False, "nf4") in made
    assert found.trainable_params > 0
