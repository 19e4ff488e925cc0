"""The guidance's published figures for fine-tuning: shown beside an estimate, never used in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from checker.memory.estimate import Guide
from checker.memory.plan import Method


class Figures(Protocol):
    """One line of the guidance's table; figures in GB (10**9 bytes)."""

    @property
    def billions(self) -> float:
        """Parameters in 10**9, as models are named."""

    @property
    def qlora_gb(self) -> float:
        """QLoRA on 4-bit weights."""

    @property
    def lora_gb(self) -> float:
        """LoRA on 16-bit weights."""


def figure_for(parameters: int, method: Method, table: Sequence[Figures]) -> Guide | None:
    """The line whose size, rounded down to whole billions as names are, is the model's; None where there is none."""
    if method is Method.FULL:
        return None
    line = next((line for line in table if line.billions <= parameters / 10**9 < line.billions + 1), None)
    if line is None:
        return None
    return Guide(line.billions, line.qlora_gb if method is Method.QLORA else line.lora_gb)
