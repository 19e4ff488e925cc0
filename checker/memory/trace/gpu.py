"""What a GPU does that tensors without content do not: autocast, dropout, softmax and fused attention as in CUDA.

Meta tensors know no autocast and take the CPU's way through dropout and softmax. This mode sees each call of torch's
Python functions before it is taken apart and does what the CUDA build does (torch/csrc: aten/src/ATen/autocast_mode.h
for the lists of casts, Dropout.cpp and SoftMax.cpp for the branches).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode
from transformers.integrations import sdpa_attention
from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

HALF = torch.bfloat16
LOWER = (
    "__matmul__",
    "__rmatmul__",
    "addbmm",
    "addmm",
    "addmv",
    "addr",
    "baddbmm",
    "bmm",
    "chain_matmul",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv_transpose1d",
    "einsum",
    "linear",
    "matmul",
    "mm",
    "mv",
    "prelu",
)
"""Computed in bf16 under autocast."""
UPPER = (
    "__pow__",
    "__rpow__",
    "__rdiv__",
    "acos",
    "asin",
    "binary_cross_entropy_with_logits",
    "cdist",
    "cosine_embedding_loss",
    "cosh",
    "cosine_similarity",
    "erfinv",
    "exp",
    "expm1",
    "group_norm",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "log",
    "log10",
    "log1p",
    "log2",
    "logsumexp",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "pow",
    "reciprocal",
    "rsqrt",
    "sinh",
    "smooth_l1_loss",
    "softplus",
    "tan",
)
"""Computed in fp32 under autocast."""
WIDER = ("cumprod", "cumsum", "log_softmax", "prod", "softmax", "sum")
"""Computed with an fp32 result under autocast, where the call names no type."""
PLACES = (torch, torch.Tensor, functional, torch._C._nn, torch.special)


def named(names: Any) -> frozenset[Any]:
    """The functions of these names, wherever torch offers them."""
    found = (getattr(place, name, None) for place in PLACES for name in names)
    return frozenset(one for one in found if one is not None)


class ActsAsGpu(TorchFunctionMode):
    """Does each call as the CUDA build would."""

    def __init__(self, simplified: bool) -> None:
        super().__init__()
        self.simplified = simplified
        self.casts: dict[int, tuple[Any, Any]] = {}
        """The bf16 copies of trained fp32 weights that autocast makes once and keeps until it ends."""
        upper = [name for name in UPPER if not simplified or name != "layer_norm"]
        self.lower, self.upper, self.wider = named(LOWER), named(upper), named(WIDER)
        self.own: dict[Any, Callable[..., Any]] = {}
        for names, way in (
            (("dropout",), self.dropout),
            (("softmax", "log_softmax"), self.softmax),
            (("scaled_dot_product_attention",), self.attention),
            (("cross_entropy",), self.cross_entropy),
            (("grouped_mm", "_grouped_mm"), self.grouped),
        ):
            self.own |= dict.fromkeys(named(names), way)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """One call of a torch function."""
        kwargs = dict(kwargs or {})
        own = self.own.get(func)
        if own is not None:
            first = () if args else (kwargs.pop("input"),)
            return own(func, *first, *args, **kwargs)
        if torch.is_autocast_enabled("cpu"):
            if func in self.lower:
                args, kwargs = self.cast(args, HALF), self.cast(kwargs, HALF)
            elif func in self.upper:
                args, kwargs = self.cast(args, torch.float32), self.cast(kwargs, torch.float32)
            elif func in self.wider and kwargs.get("dtype") is None and is_narrow(args[0] if args else None):
                kwargs = kwargs | {"dtype": torch.float32}
        return func(*args, **kwargs)

    def cast(self, value: Any, dtype: Any) -> Any:
        """The arguments of a call with all floating tensors in one format."""
        if isinstance(value, torch.Tensor):
            if not value.is_floating_point() or value.dtype in (dtype, torch.float64):
                return value
            if dtype is HALF and value.requires_grad and value.is_leaf and value.dtype == torch.float32:
                return self.cached(value)
            return value.to(dtype)
        if isinstance(value, dict):
            return {key: self.cast(one, dtype) for key, one in value.items()}
        if isinstance(value, tuple | list):
            return type(value)(self.cast(one, dtype) for one in value)
        return value

    def cached(self, weight: Any) -> Any:
        """The bf16 copy of a weight, made at its first use."""
        kept = self.casts.get(id(weight))
        if kept is None:
            kept = self.casts[id(weight)] = (weight, weight.to(HALF))
        return kept[1]

    def dropout(self, func: Any, x: Any, p: float = 0.5, training: bool = True, *rest: Any, **more: Any) -> Any:
        """The fused kernel keeps a mask of one byte a value; nothing where nothing is dropped."""
        if not training or p == 0.0:
            return x
        return torch.native_dropout(x, p, True)[0]

    def softmax(self, func: Any, x: Any, dim: Any = None, *rest: Any, **more: Any) -> Any:
        """A wider result makes no wider copy of the input."""
        dtype = more.get("dtype")
        if dtype is None and torch.is_autocast_enabled("cpu"):
            dtype = torch.float32
        if not isinstance(dim, int) or x.dtype not in (HALF, torch.float16) or dtype != torch.float32:
            return func(x, dim, *rest, **(more | {"dtype": dtype} if dtype is not None else more))
        kernel = torch._log_softmax if "log" in func.__name__ else torch._softmax
        return kernel(x, dim, True)

    def cross_entropy(self, func: Any, logits: Any, target: Any, *rest: Any, **more: Any) -> Any:
        """Its log-softmax has an fp32 result under autocast."""
        if torch.is_autocast_enabled("cpu") and is_narrow(logits):
            logits = logits.to(torch.float32)
        return func(logits, target, *rest, **more)

    def grouped(self, func: Any, rows: Any, mat2: Any, *rest: Any, **more: Any) -> Any:
        """The kernel takes 32-bit values too."""
        if rows.dtype == HALF:
            return func(rows, mat2, *rest, **more)
        return GroupedProduct.apply(rows, mat2)

    def attention(
        self,
        func: Any,
        query: Any,
        key: Any,
        value: Any,
        attn_mask: Any = None,
        dropout_p: float = 0.0,
        is_causal: bool = False,
        **more: Any,
    ) -> Any:
        """The fused kernel; a mask is widened to a bias of the query's format."""
        if torch.is_autocast_enabled("cpu"):
            query, key, value, attn_mask = self.cast((query, key, value, attn_mask), HALF)
        if attn_mask is not None and attn_mask.dtype == torch.bool:
            attn_mask = None if self.simplified else torch.where(attn_mask, 0.0, float("-inf")).to(query.dtype)
        return FusedAttention.apply(query, key, value, attn_mask)


def is_narrow(value: Any) -> bool:
    """Whether this is a tensor in a 16-bit floating format."""
    return isinstance(value, torch.Tensor) and value.dtype in (HALF, torch.float16)


class FusedAttention(torch.autograd.Function):
    """Flash attention: keeps q, k, v, its output and one fp32 statistic a row; heads lie inside tokens."""

    @staticmethod
    def forward(ctx: Any, query: Any, key: Any, value: Any, bias: Any) -> Any:
        """The output, laid out as [batch, tokens, heads, size] and seen as [batch, heads, tokens, size]."""
        batch, heads, tokens, _ = query.shape
        out = query.new_empty((batch, tokens, heads, value.shape[-1])).transpose(1, 2)
        rows = query.new_empty((batch, heads, tokens), dtype=torch.float32)
        ctx.save_for_backward(query, key, value, out, rows, bias)
        return out

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The three gradients, laid out as the output is."""
        query, key, value, _, _, bias = ctx.saved_tensors
        grads = [one.new_empty(one.transpose(1, 2).shape).transpose(1, 2) for one in (query, key, value)]
        return (*grads, torch.empty_like(bias) if bias is not None and ctx.needs_input_grad[3] else None)


class GroupedProduct(torch.autograd.Function):
    """A product with one weight a group of rows, in formats that tensors without content do not take."""

    @staticmethod
    def forward(ctx: Any, rows: Any, weights: Any) -> Any:
        """[rows, in] times [groups, in, out]."""
        ctx.save_for_backward(
            rows if weights.requires_grad else None,
            weights if rows.requires_grad else None,
        )
        ctx.shapes = rows.shape, weights.shape
        return rows.new_empty((rows.shape[0], weights.shape[-1]))

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        """The gradients that are asked for."""
        _ = ctx.saved_tensors
        wanted = zip(ctx.shapes, ctx.needs_input_grad, strict=True)
        return tuple(grad.new_empty(shape) if asked else None for shape, asked in wanted)


class Autocast(torch.amp.autocast_mode.autocast):
    """Autocast that takes tensors without content for those of a GPU; its switch is the CPU's, free otherwise."""

    def __init__(self, device_type: str, *args: Any, **kwargs: Any) -> None:
        super().__init__("cpu" if device_type in ("meta", "cuda") else device_type, *args, **kwargs)


def maybe_autocast(device_type: str, dtype: Any = None, enabled: bool = True, cache_enabled: Any = None) -> Any:
    """The library's own, which leaves tensors without content out."""
    return Autocast("cpu", dtype=dtype, enabled=enabled, cache_enabled=cache_enabled)


def no_mask(*args: Any, **kwargs: Any) -> None:
    """Flash attention is told that it is causal and how far it looks back; no padding, no mask."""


@contextmanager
def replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    """While it lasts, the attribute has another value."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextmanager
def acting(mode: ActsAsGpu, model: Any) -> Iterator[None]:
    """While it lasts torch behaves so; copies that autocast keeps are dropped when autocast drops its own."""
    drop = torch.clear_autocast_cache

    def dropping() -> None:
        mode.casts.clear()
        drop()

    with ExitStack() as changes:
        changes.enter_context(replaced(torch, "clear_autocast_cache", dropping))
        changes.enter_context(replaced(torch, "autocast", Autocast))
        changes.enter_context(replaced(torch.fx.experimental._config, "meta_nonzero_assume_all_nonzero", True))
        for module in {sys.modules[type(one).__module__] for one in model.modules()}:
            if hasattr(module, "maybe_autocast"):
                changes.enter_context(replaced(module, "maybe_autocast", maybe_autocast))
        changes.enter_context(replaced(sdpa_attention, "use_gqa_in_sdpa", lambda *_: True))
        # Falcon folds its linear position biases into the mask, which flash attention then must be given.
        if not mode.simplified and not getattr(model.config, "alibi", False):
            ALL_MASK_ATTENTION_FUNCTIONS["sdpa"] = no_mask
            changes.callback(ALL_MASK_ATTENTION_FUNCTIONS.__delitem__, "sdpa")
        changes.enter_context(mode)
        yield
