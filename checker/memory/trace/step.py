"""One training step in the middle of a run: the optimiser's states exist, and what the model caches does too."""

import warnings
from collections.abc import Mapping
from typing import Any

import peft
import torch
import transformers

from checker.memory.trace.build import LIBRARY_ERRORS, built, first_line
from checker.memory.trace.gpu import ActsAsGpu, acting
from checker.memory.trace.ledger import Ledger
from checker.memory.trace.optimizers import states_of
from checker.memory.trace.plan import RefusedError, Traced, TracePlan

TEMPERATURE = 0.05
"""Of the similarities among a batch; it moves no memory."""


def traced(config: Mapping[str, object], plan: TracePlan) -> Traced:
    """Trace a step that is not the first."""
    transformers.utils.logging.set_verbosity_error()
    gpu = ActsAsGpu(plan.simplified)
    model = built(config, plan, gpu)
    ledger = Ledger(plan.simplified)
    ledger.hold(model.parameters())
    ledger.hold(model.buffers())
    weights = ledger.total
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    with warnings.catch_warnings(), ledger:
        warnings.simplefilter("ignore")
        inputs = batch(plan)
        with acting(gpu, model):
            try:
                with torch.no_grad():
                    forward(model, plan, inputs)
                states = states_of(trained, plan.optimizer)
                after_forward, after_backward = step(model, plan, inputs, ledger, trained)
            except LIBRARY_ERRORS as error:
                # A program is not at fault here: some models cannot be trained as planned, others want pictures.
                raise RefusedError(f"the model's code does not run so: {first_line(error)}") from error
        after_step = ledger.total
        del states
    return Traced(
        weights_bytes=weights,
        trainable_params=sum(parameter.numel() for parameter in trained),
        after_forward_bytes=after_forward,
        after_backward_bytes=after_backward,
        after_step_bytes=after_step,
        peak_bytes=ledger.peak,
        peak_at=ledger.peak_at,
        attention="eager" if model.config.get_text_config()._attn_implementation == "eager" else "flash",
        versions=f"torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}",
    )


def batch(plan: TracePlan) -> dict[str, Any]:
    """What a step is given: token numbers and labels."""
    shape = (plan.micro_batch_size, plan.sequence_length)
    tokens = {"dtype": torch.int64, "device": "meta"}
    return {"input_ids": torch.empty(shape, **tokens), "labels": torch.empty(shape, **tokens)}


def step(model: Any, plan: TracePlan, inputs: dict[str, Any], ledger: Ledger, trained: list[Any]) -> tuple[int, int]:
    """One step: forward, backward, the optimiser's turn. The bytes that live after the first two."""
    ledger.peak, ledger.phase = ledger.total, "forward"
    loss = forward(model, plan, inputs)
    after_forward = ledger.total
    ledger.phase, ledger.accumulates = "backward", True
    torch.autograd.backward(loss)
    del loss
    ledger.accumulates = False
    after_backward = ledger.total
    for parameter in trained:
        parameter.grad = None
    return after_forward, after_backward


def forward(model: Any, plan: TracePlan, inputs: dict[str, Any]) -> Any:
    """The loss of the task, under autocast where the plan has it."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.autocast):
        return loss_of(model, plan, inputs)


def loss_of(model: Any, plan: TracePlan, inputs: dict[str, Any]) -> Any:
    """The loss of the task; a sentence's vector is that of its first token, of length one."""
    if plan.task == "embed":
        first = [model(input_ids=inputs["input_ids"]).last_hidden_state[:, 0] for _ in range(2)]
        query, passage = (torch.nn.functional.normalize(one, dim=-1) for one in first)
        scores = query @ passage.transpose(0, 1) / TEMPERATURE
        return torch.nn.functional.cross_entropy(scores, torch.arange(len(scores), device="meta"))
    labels = inputs["labels"][:, 0] if plan.task == "classify" else inputs["labels"]
    return model(input_ids=inputs["input_ids"], labels=labels).loss
