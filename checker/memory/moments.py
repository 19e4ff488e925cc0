"""The moments of a training step, by the names that answers show."""

from __future__ import annotations

from checker.memory.count.program import Program, simulated
from checker.memory.count.step import Moment as Event

UPDATE = "the optimizer's update"
NAMES = (
    "forward pass",
    "end of the forward pass",
    "backward pass of the loss",
    "backward pass of the last block",
    "backward pass of the first block",
    "backward pass of the blocks between",
    "gradient of the embeddings",
    UPDATE,
)
"""The moments, in the order of a step."""


def moment_of(event: Event, program: Program) -> str:
    """The name of the moment at which an event of a step falls."""
    short = sum(simulated(run) for run in program.runs)
    place = event.place % (short + 2)
    last = place == short
    if event.phase == "forward":
        return "end of the forward pass" if last else "forward pass"
    if last:
        return "backward pass of the loss"
    if place == short + 1 or event.place < 0:
        return "gradient of the embeddings"
    if place == short - 1:
        return "backward pass of the last block"
    return "backward pass of the first block" if place == 0 else "backward pass of the blocks between"
