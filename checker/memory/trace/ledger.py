"""The ledger of live storages: what is allocated and given back while code runs, and the most at once."""

import weakref
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

BLOCK = 512
"""The smallest piece that the CUDA caching allocator hands out, in bytes."""


def rounded(size: int) -> int:
    """Bytes that the allocator takes for a tensor of that many."""
    return -(-size // BLOCK) * BLOCK


class Ledger(TorchDispatchMode):
    """Follows every storage that an operation returns until the last tensor on it is gone."""

    def __init__(self, always_in_place: bool = False) -> None:
        super().__init__()
        self.always_in_place = always_in_place
        alone()
        self.live: dict[int, tuple[int, Any]] = {}
        self.total = 0
        self.peak = 0
        self.peak_at = ""
        self.phase = ""
        self.accumulates = False
        """Whether the engine runs, whose sums of gradients are made in place."""

    def hold(self, tensors: Iterable[Any]) -> None:
        """Count the storages of tensors that exist already."""
        for tensor in tensors:
            self._count(tensor)

    def counted(self, tensor: Any) -> bool:
        """Whether it stands for memory of the GPU; the library's own small things on the host do not."""
        return bool(tensor.is_meta)

    def scalar(self, func: Any, args: Any) -> Any:
        """Model code asks whether nothing is masked, whether positions are in order: nothing is, they are."""
        return args[0].dtype == torch.bool or 0

    def _count(self, tensor: Any) -> None:
        if not self.counted(tensor):
            return
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.live:
            return
        size = rounded(storage.nbytes())
        self.live[key] = (size, weakref.ref(storage, self._forgetter(key)))
        self.total += size
        if self.total > self.peak:
            self.peak = self.total
            self.peak_at = self.phase

    def _forgetter(self, key: int) -> Callable[[Any], None]:
        def forget(_: Any) -> None:
            self.total -= self.live.pop(key)[0]

        return forget

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run one operation and count what it returned."""
        if func is SCALAR:
            return self.scalar(func, args)
        if func is ADD and self.accumulates and not torch.is_grad_enabled() and not kwargs and len(args) == 2:
            into = in_place(args[0], args[1], self.always_in_place)
            if into is not None:
                return into
        out = func(*args, **(kwargs or {}))
        if isinstance(out, torch.Tensor):
            self._count(out)
        elif isinstance(out, tuple | list):
            for one in out:
                if isinstance(one, torch.Tensor):
                    self._count(one)
        return out


ADD = torch.ops.aten.add.Tensor
SCALAR = torch.ops.aten._local_scalar_dense.default


def in_place(first: Any, second: Any, always: bool) -> Any:
    """Add two gradients as the engine does on a GPU, into the one that nobody else holds; None where both are held.

    The engine refuses to do so while a dispatch mode is on, so that every meeting of gradients would cost a tensor.
    """
    if not isinstance(second, torch.Tensor) or first.shape != second.shape or first.dtype != second.dtype:
        return None
    for into, other in ((first, second), (second, first)):
        if is_dense(into) and (always or is_last_holder(into)):
            return into.add_(other)
    return None


def is_last_holder(tensor: Any) -> bool:
    """Whether only the engine holds this gradient and its storage; a view never is, for its base holds it too."""
    held, stored = counts(tensor)
    most_held, most_stored = alone()
    return held <= most_held and stored <= most_stored and not tensor._is_view()


def is_dense(tensor: Any) -> bool:
    """Whether each value lies in a place of its own."""
    return bool(torch._prims_common.is_non_overlapping_and_dense_or_false(tensor))


def counts(tensor: Any) -> tuple[int, int]:
    """How many hold a tensor and its storage, this function among them."""
    storage = tensor.untyped_storage()
    return int(tensor._use_count()), int(torch._C._storage_Use_Count(storage._cdata))


@cache
def alone() -> tuple[int, int]:
    """The counts of a gradient that the engine alone holds, as a dispatch mode sees them in this version of torch."""
    seen: list[tuple[int, int]] = []

    class Probe(TorchDispatchMode):
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            if func is ADD and not torch.is_grad_enabled():
                seen.append(counts(args[0]))
            return func(*args, **(kwargs or {}))

    start = torch.empty(4, device="meta", requires_grad=True)
    with Probe():
        x = start * 2
        torch.autograd.backward(((torch.tanh(x) + x) * 2).sum())
    return seen[0]
