"""Losses over the vocabulary that a fused kernel computes: in place of the logits, or without any."""

from typing import Any

import torch

from checker.memory.trace.plan import RefusedError


class InPlace(torch.autograd.Function):
    """Cross-entropy whose gradient takes the place of the 32-bit logits."""

    @staticmethod
    def forward(ctx: Any, logits: Any) -> Any:
        """One loss a row is all that is allocated."""
        rows = logits.new_empty(logits.shape[:-1], dtype=torch.float32)
        ctx.save_for_backward(logits)
        return rows.sum()

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The logits' storage, which holds the gradient now."""
        return ctx.saved_tensors[0]


class Linear(torch.autograd.Function):
    """Head and cross-entropy over pieces of the tokens: the gradients are made in the forward pass."""

    @staticmethod
    def forward(ctx: Any, hidden: Any, weight: Any) -> Any:
        """Keeps a gradient of the hidden states, and one of the head where that is trained."""
        rows = hidden.new_empty(hidden.shape[:-1], dtype=torch.float32)
        tokens, vocabulary = rows.numel(), weight.shape[0]
        # Pieces as the common kernel cuts them: as many as the vocabulary is wider than the hidden states.
        piece = max(1, tokens * hidden.shape[-1] // vocabulary)
        logits = hidden.new_empty((piece, vocabulary))
        head = torch.empty_like(weight) if weight.requires_grad else None
        ctx.save_for_backward(torch.empty_like(hidden), head)
        del logits
        return rows.sum()

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """What the forward pass made."""
        return ctx.saved_tensors


def fuse(model: Any, loss: str) -> None:
    """Have a model compute the loss so; raises `RefusedError` where it computes its own."""
    if loss == "full":
        return
    config = model.config.get_text_config()
    if config.is_encoder_decoder:
        raise RefusedError(f"loss {loss} is traced for decoders only: this model computes its loss by itself")
    if loss == "fused-softmax":
        model.loss_function = lambda logits, labels, **more: InPlace.apply(logits.float())
        return
    if getattr(config, "final_logit_softcapping", None):
        raise RefusedError("loss fused-linear is not traced for models that cap their logits")
    head = model.get_output_embeddings()
    head.forward = lambda hidden: hidden
    model.loss_function = lambda logits, labels, **more: Linear.apply(logits, in_format(head.weight, logits))


def in_format(weight: Any, hidden: Any) -> Any:
    """The head in the format of what it multiplies, as autocast has it."""
    return weight if weight.dtype == hidden.dtype else weight.to(hidden.dtype)
