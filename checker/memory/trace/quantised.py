"""Linears whose weights are held in 4-bit blocks and computed with in bf16, as bitsandbytes does."""

from typing import Any

import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from checker.memory.trace.plan import TracePlan

BLOCK = 64
"""Weights that share a scale."""
SCALES = 256
"""Scales that share a scale of their own under double quantisation."""


class Product(torch.autograd.Function):
    """A product with a de-quantised weight, which is de-quantised again for the gradient of the input."""

    @staticmethod
    def forward(ctx: Any, layer: Any, x: Any, kept: bool) -> Any:
        """The product; the input is kept only where old versions did."""
        ctx.layer = layer
        if kept:
            ctx.save_for_backward(x)
        return nn.functional.linear(x, layer.dequantised(), layer.bias_as(x))

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The gradient of the input alone: the weight is frozen."""
        return None, torch.matmul(grad, ctx.layer.dequantised()), None


class FourBitLinear(nn.Linear):
    """Packed codes and scales; PEFT sees a linear."""

    def __init__(self, of: Any, double: bool, keeps_input: bool, narrow: bool) -> None:
        nn.Module.__init__(self)
        self.in_features, self.out_features = (
            (of.in_features, of.out_features) if isinstance(of, nn.Linear) else (of.nx, of.nf)
        )
        count = self.in_features * self.out_features
        meta = {"device": "meta"}
        packed = torch.empty((count + 1) // 2, 1, dtype=torch.uint8, **meta)
        self.weight = nn.Parameter(packed, requires_grad=False)
        self.bias = of.bias
        blocks = -(-count // BLOCK)
        self.register_buffer("absmax", torch.empty(blocks, dtype=torch.uint8 if double else torch.float32, **meta))
        if double:
            self.register_buffer("nested", torch.empty(-(-blocks // SCALES), dtype=torch.float32, **meta))
        self.keeps_input = keeps_input
        self.narrow = narrow

    def dequantised(self) -> Any:
        """The whole weight in bf16, for one product."""
        return self.weight.new_empty((self.out_features, self.in_features), dtype=torch.bfloat16)

    def bias_as(self, x: Any) -> Any:
        """The bias in the format of the product."""
        return None if self.bias is None else self.bias.to(x.dtype)

    def forward(self, x: Any) -> Any:
        """In bf16, and given back in the format of the input, unless simplified."""
        out = Product.apply(self, x.to(torch.bfloat16), self.keeps_input)
        return out if self.narrow else out.to(x.dtype)


def quantise(model: nn.Module, keep: set[int], plan: TracePlan) -> None:
    """Replace every linear but those kept (head, embeddings) by a 4-bit one; routers are no plain linears."""
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Linear | Conv1D) and id(child) not in keep and "Router" not in type(child).__name__:
                four = FourBitLinear(child, plan.double_quantization, plan.keeps_quantized_inputs, plan.simplified)
                setattr(module, name, four)
