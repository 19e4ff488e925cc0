"""Bytes that an optimizer keeps for each trained weight, and what its update allocates."""

from __future__ import annotations

from checker.memory.plan import Optimizer

_PAIR = 2
"""States of what keeps a first and a second moment."""
_BLOCK = 256
"""Values of a state in 8 bits that share a scale of 32 (bitsandbytes: `blocksize` in optim/optimizer.py)."""
_STATES = {
    Optimizer.ADAMW: _PAIR,
    Optimizer.PAGED_ADAMW: _PAIR,
    Optimizer.ADAMW_8BIT: _PAIR,
    Optimizer.PAGED_ADAMW_8BIT: _PAIR,
    Optimizer.SGD_MOMENTUM: 1,
    Optimizer.LION: 1,
    Optimizer.LION_8BIT: 1,
}
"""States a trained weight; none of the others."""
_IN_BYTES = frozenset({Optimizer.ADAMW_8BIT, Optimizer.PAGED_ADAMW_8BIT, Optimizer.LION_8BIT})


def state_bytes(optimizer: Optimizer, trained: int, bytes_each: int) -> int:
    """States of `trained` weights, in bytes.

    AdamW (arXiv:1711.05101): two states of the weight's type. 8-bit (arXiv:2110.02861): two bytes and two 32-bit
    scales for each block of 256. Adafactor (arXiv:1804.04235): a row and a column a matrix, below 0.1 %, taken as none.
    SGD without momentum: none; with it, and Lion (arXiv:2302.06675): one state. Paged states may move to the host; they
    are counted as if they stayed.
    """
    count = _STATES.get(optimizer, 0)
    if optimizer in _IN_BYTES:
        return int(trained * (count + count * 4 / _BLOCK))
    return count * bytes_each * trained


def formula(optimizer: Optimizer, bytes_each: int) -> str:
    """The same in words."""
    count = _STATES.get(optimizer, 0)
    if not count:
        return "next to none"
    if optimizer in _IN_BYTES:
        return f"{'two bytes' if count == _PAIR else 'one byte'} a trained weight and scales for each {_BLOCK}"
    return f"{'two states' if count == _PAIR else 'one state'} of {bytes_each} bytes a trained weight"
