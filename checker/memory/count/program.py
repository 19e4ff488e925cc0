"""A model as equal blocks in a row, and what one training step does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from checker.memory.count.blocks import Sizes
from checker.memory.count.parts import Formats
from checker.memory.count.seq2seq import Memory
from checker.memory.count.tape import Tape, Tensor
from checker.memory.plan import Loss, Task
from checker.value import NamedTuple

Run = Callable[[Tape, Tensor], Tensor]


class Make(Protocol):
    """Makes a block."""

    def __call__(self) -> Run:
        """A new one."""


class Blocks(NamedTuple):
    """Equal blocks in a row."""

    make: Make
    """Equal where it makes equal blocks, so that a program that is counted stands for its equals."""
    repeats: int


class Program(NamedTuple):
    """A model and what one step does with it."""

    sizes: Sizes
    formats: Formats
    runs: tuple[Blocks, ...]
    vocabulary: int
    tied: bool
    task: Task
    loss: Loss
    checkpointing: bool
    autocast: bool
    head_rank: int = 0
    tables_trained: bool = False
    """Whether embeddings and head are trained whole, as copies."""
    inputs_need_gradients: bool = False
    """Whether the embeddings' output gets a gradient though nothing before it is trained (PEFT with checkpointing)."""
    memory: Memory | None = None
    """Where an encoder leaves what the decoder reads; None for a model of one stack."""
    encoder_runs: int = 0
    """How many of the runs are the encoder's."""
    tables: tuple[complex, ...] = ()
    """Bytes of tables that the graph holds to its end: cosines and sines."""
    masks: tuple[complex, ...] = ()
    """Bytes of masks, which live as long as a block may be computed again."""
    labels: int = 2
    types: int = 0
    """Rows of a table of token types."""
    positions: int = 0
    """Rows of a table of learned positions."""


KEPT = 3
"""Of more equal blocks than these, the first, one between and the last stand for all."""


def simulated(run: Blocks) -> int:
    """How many blocks of a run are run."""
    return min(run.repeats, KEPT)
