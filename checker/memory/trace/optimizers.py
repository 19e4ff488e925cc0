"""What optimisers keep for each parameter."""

from typing import Any

import torch

SMALLEST = 4096
"""Parameters with fewer values keep 32-bit states under an 8-bit optimiser (bitsandbytes: min_8bit_size)."""
BLOCK = 256
"""Values that share a scale."""


def states_of(trained: list[Any], optimizer: str) -> list[Any]:
    """The states of these parameters, as tensors."""
    return [state for parameter in trained for state in STATES[optimizer](parameter)]


def adamw(parameter: Any) -> list[Any]:
    """Two moments in the parameter's format."""
    return [torch.empty_like(parameter.detach()) for _ in range(2)]


def adamw_8bit(parameter: Any) -> list[Any]:
    """Two moments of a byte a value and a pair of fp32 scales for each block."""
    count = parameter.numel()
    if count < SMALLEST:
        return [torch.empty_like(parameter.detach(), dtype=torch.float32) for _ in range(2)]
    codes = [torch.empty(count, dtype=torch.uint8, device="meta") for _ in range(2)]
    return [*codes, torch.empty(-(-count // BLOCK), 2, dtype=torch.float32, device="meta")]


def sgd(parameter: Any) -> list[Any]:
    """Nothing."""
    return []


STATES = {"adamw": adamw, "adamw-8bit": adamw_8bit, "sgd": sgd}
