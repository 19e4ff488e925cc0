"""Bytes that an optimizer keeps for each trained weight, and what its update allocates."""

from __future__ import annotations

from checker.memory.plan import Optimizer

_PAIR = 2
_BLOCK = 256


def state_bytes(optimizer: Optimizer, trained: int, bytes_each: int) -> int:
    """States of `trained` weights, in bytes.

    AdamW (arXiv:1711.05101): two states of the weight's type. 8-bit (arXiv:2110.02861): two bytes and two 32-bit
    scales for each block of 256. Adafactor (arXiv:1804.04235): a row and a column a matrix, below 0.1 %, taken as none.
    SGD without momentum: none. Paged states may move to the host; they are counted as if they stayed.
    """
    if optimizer in (Optimizer.ADAMW, Optimizer.PAGED_ADAMW):
        return _PAIR * bytes_each * trained
    if optimizer in (Optimizer.ADAMW_8BIT, Optimizer.PAGED_ADAMW_8BIT):
        return int(trained * (_PAIR + _PAIR * 4 / _BLOCK))
    return 0


def formula(optimizer: Optimizer, bytes_each: int) -> str:
    """The same in words."""
    if optimizer in (Optimizer.ADAMW, Optimizer.PAGED_ADAMW):
        return f"two states of {bytes_each} bytes a trained weight"
    return "two bytes a trained weight and scales for each 256" if "8bit" in optimizer else "next to none"
