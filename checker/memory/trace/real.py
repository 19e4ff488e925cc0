"""Real training steps with random weights: what they take is measured, on a GPU or, tensor by tensor, on a processor.

On a GPU the allocator and the driver are asked. On a processor the ledger counts every storage that an operation
returns, in the allocator's blocks of 512 bytes, while real operations run; attention and autocast are those of a
processor then.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

import peft
import torch
import transformers
from torch import nn
from transformers.initialization import no_init_weights

from checker.memory.trace.build import (
    FORMATS,
    LIBRARY_ERRORS,
    adapted,
    auto_class,
    configuration,
    first_line,
    head_of,
    is_linear,
)
from checker.memory.trace.ledger import Ledger
from checker.memory.trace.plan import OutOfMemoryError, RefusedError, Steps, TracePlan
from checker.memory.trace.step import TEMPERATURE

SEED = 20_260_807
"""Of weights and tokens: two runs on one machine compute the same."""
SPREAD = 0.02
"""The deviation of random weights, as most families begin training with (`initializer_range`)."""


ATTENTION_DROPOUT = ("attention_probs_dropout_prob", "attention_dropout", "attn_pdrop")
"""Keys of a configuration; the processor's fused attention cannot drop, and its other way keeps all scores."""


class OnProcessor(Ledger):
    """Counts the storages of real tensors on the host; the model code's questions get their real answers."""

    def counted(self, tensor: Any) -> bool:
        """Everything on the host."""
        return bool(tensor.device.type == "cpu")

    def scalar(self, func: Any, args: Any) -> Any:
        """The value itself."""
        return func(*args)


class Processor:
    """Measures on a processor."""

    device = "cpu"

    def __init__(self) -> None:
        self.ledger = OnProcessor()

    def watching(self) -> AbstractContextManager[Any]:
        """What has to be on while steps run."""
        return self.ledger

    def holds(self, model: Any) -> None:
        """The model is there before the first step."""
        self.ledger.hold(model.parameters())
        self.ledger.hold(model.buffers())

    def begin(self) -> None:
        """A step begins: its peak is counted from what lives now."""
        self.ledger.peak = self.ledger.total

    def accumulates(self, on: bool) -> None:
        """The engine runs, whose sums of gradients are made in place."""
        self.ledger.accumulates = on

    def peak(self) -> int:
        """The most that lived in this step, bytes."""
        return self.ledger.peak

    def reserved(self) -> int | None:
        """A processor has no pool."""
        return None


class Gpu:
    """Asks CUDA's allocator."""

    device = "cuda"

    def watching(self) -> AbstractContextManager[Any]:
        """Nothing: the allocator counts by itself."""
        return nullcontext()

    def holds(self, model: Any) -> None:
        """The allocator knows."""

    def begin(self) -> None:
        """A step begins: its peak is counted from what lives now."""
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()

    def accumulates(self, on: bool) -> None:
        """The engine needs no help."""

    def peak(self) -> int:
        """`max_memory_allocated` of this step, bytes."""
        torch.cuda.synchronize()
        return int(torch.cuda.max_memory_allocated())

    def reserved(self) -> int | None:
        """`max_memory_reserved` since the step began, bytes."""
        return int(torch.cuda.max_memory_reserved())


def steps(
    config: Mapping[str, object],
    plan: TracePlan,
    meter: Processor | Gpu,
    count: int,
    driver: Callable[[], int | None] = lambda: None,
) -> Steps:
    """Run `count` whole steps, the optimiser's among them, and measure each.

    Args:
        config: the content of a config.json.
        plan: what is trained, and how.
        meter: where it runs, and what is asked.
        count: how many steps; the first has no optimiser's states before its end.
        driver: what the driver shows of this process while the pool stands, in bytes; None where it does not say.

    Raises:
        RefusedError: the libraries do not build or run it.
        OutOfMemoryError: the device is too small.
    """
    transformers.utils.logging.set_verbosity_error()
    torch.manual_seed(SEED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = built(config, plan, meter.device)
            return _run(model, plan, meter, count, driver)
    except torch.OutOfMemoryError as error:
        raise OutOfMemoryError(first_line(error)) from error
    except LIBRARY_ERRORS as error:
        raise RefusedError(f"the model's code does not run so: {first_line(error)}") from error


def _run(model: Any, plan: TracePlan, meter: Processor | Gpu, count: int, driver: Callable[[], int | None]) -> Steps:
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    meter.holds(model)
    peaks: list[int] = []
    reserved: list[int] = []
    with meter.watching():
        inputs = batch(model, plan, meter.device)
        optimizer = optimizer_of(trained, plan)
        for _ in range(count):
            meter.begin()
            loss = loss_of(model, plan, inputs)
            meter.accumulates(True)
            loss.backward()
            meter.accumulates(False)
            del loss
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            gc.collect()  # what only cycles hold would be given back at any time, or in no step
            peaks.append(meter.peak())
            reserved += [pool] if (pool := meter.reserved()) is not None else []
    versions = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}
    return Steps(
        peaks=tuple(peaks),
        reserved_bytes=max(reserved) if reserved else None,
        device_bytes=driver(),
        trainable_params=sum(parameter.numel() for parameter in trained),
        versions=tuple(versions.items()),
    )


def built(config: Mapping[str, object], plan: TracePlan, device: str) -> Any:
    """The model with random weights on its device, ready to train."""
    model = whole(config, plan, device)
    if plan.method != "full":
        for parameter in model.parameters():
            parameter.requires_grad = False
    if plan.method == "qlora":
        quantise(model, head_of(model), plan, device)
        if plan.upcast_frozen:
            for parameter in model.parameters():
                if parameter.dtype == torch.bfloat16:
                    parameter.data = parameter.data.to(torch.float32)
    if plan.gradient_checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    if plan.method != "full":
        model = adapted(model, plan, device)
    return model.train()


def whole(config: Mapping[str, object], plan: TracePlan, device: str) -> Any:
    """The base model with random weights on its device."""
    made = configuration(config, plan)
    for name in ATTENTION_DROPOUT if device == "cpu" else ():
        if hasattr(made, name):
            setattr(made, name, 0.0)
    attention = "sdpa" if plan.attention == "flash" else "eager"
    with torch.device(device), no_init_weights():
        model = auto_class(made, plan).from_config(made, dtype=FORMATS[plan.weights], attn_implementation=attention)
    model.tie_weights()
    for parameter in model.parameters():
        randomise(parameter)
    return model


def randomise(parameter: Any) -> None:
    """Weights as training begins with: vectors are scales of norms or biases and stay at one."""
    with torch.no_grad():
        if parameter.dim() > 1:
            parameter.normal_(std=SPREAD)
        else:
            parameter.fill_(1.0)


def quantise(model: nn.Module, keep: set[int], plan: TracePlan, device: str) -> None:
    """Replace every linear but those kept by bitsandbytes' own 4-bit one."""
    bitsandbytes = four_bit_library("qlora")
    for module in list(model.modules()):
        for name, child in module.named_children():
            if is_linear(child) and id(child) not in keep and "Router" not in type(child).__name__:
                rows, columns = child.weight.shape if isinstance(child, nn.Linear) else child.weight.shape[::-1]
                four = bitsandbytes.nn.Linear4bit(
                    columns,
                    rows,
                    bias=child.bias is not None,
                    compute_dtype=torch.bfloat16,
                    compress_statistics=plan.double_quantization,
                    quant_type="nf4",
                )
                weight = torch.empty(rows, columns, dtype=torch.bfloat16)
                randomise(weight)
                four.weight = bitsandbytes.nn.Params4bit(
                    weight, requires_grad=False, compress_statistics=plan.double_quantization, quant_type="nf4"
                )
                four.bias = child.bias
                setattr(module, name, four.to(device))  # which quantises


def four_bit_library(who: str) -> Any:
    """The library bitsandbytes, which is no part of the extra: it is needed by two choices of a plan alone."""
    try:
        return import_module("bitsandbytes")
    except ImportError as error:
        raise RefusedError(f"{who} needs bitsandbytes, which is not installed: pip install bitsandbytes") from error


def graphics() -> tuple[str, int] | None:
    """The first GPU that CUDA offers: its name and all its memory in bytes; None where there is none."""
    if not torch.cuda.is_available():
        return None
    return torch.cuda.get_device_name(0), int(torch.cuda.get_device_properties(0).total_memory)


def optimizer_of(trained: list[Any], plan: TracePlan) -> Any:
    """The optimiser; the fused AdamW of the library's trainer makes no copies of its own."""
    if plan.optimizer == "sgd":
        return torch.optim.SGD(trained, lr=1e-6)
    if plan.optimizer == "adamw":
        return torch.optim.AdamW(trained, lr=1e-6, fused=True)
    bitsandbytes = four_bit_library("adamw-8bit")
    return bitsandbytes.optim.AdamW8bit(trained, lr=1e-6)


def batch(model: Any, plan: TracePlan, device: str) -> dict[str, Any]:
    """Random tokens and labels; nothing is padded."""
    shape = (plan.micro_batch_size, plan.sequence_length)
    tokens = torch.randint(0, model.config.get_text_config().vocab_size, shape, device=device)
    labels = tokens if plan.task == "causal" else torch.randint(0, plan.num_labels, shape[:1], device=device)
    return {"input_ids": tokens, "labels": labels.clone()}


def loss_of(model: Any, plan: TracePlan, inputs: dict[str, Any]) -> Any:
    """The loss of the task under autocast where the plan has it, as the tracer takes it."""
    tokens, labels = inputs["input_ids"], inputs["labels"]
    with torch.autocast(tokens.device.type, dtype=torch.bfloat16, enabled=plan.autocast):
        if plan.task != "embed":
            return model(input_ids=tokens, labels=labels).loss
        first = [model(input_ids=tokens).last_hidden_state[:, 0] for _ in range(2)]
        query, passage = (nn.functional.normalize(one, dim=-1) for one in first)
        scores = query @ passage.transpose(0, 1) / TEMPERATURE
        return nn.functional.cross_entropy(scores, torch.arange(len(scores), device=tokens.device))
