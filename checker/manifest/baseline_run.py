"""What a project says of the evaluation before fine-tuning: when it ran, on which tasks, by which metric and shots."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from checker.document.bind import Block
from checker.document.place import At
from checker.document.scalars import Day, OneOrMany, Text, Whole


class BaselineTask(Block):
    """One task that was evaluated."""

    task: At[Annotated[str, Text]] = Field(examples=["mmlu"])
    """Its name, as the file of results has it."""
    metric: At[Annotated[str, Text]] | None = Field(default=None, examples=["acc"])
    """The metric that counts, as the file has it."""
    shots: At[Annotated[int, Whole]] | None = Field(default=None, examples=[5])
    """Examples in the prompt."""
    version: At[Annotated[str, Text]] | None = Field(default=None, examples=["2"])
    """The task's version."""


class BaselineRun(Block):
    """The run behind `baseline`, held against the file."""

    on: At[Annotated[date, Day]] | None = Field(default=None, examples=["2026-10-05"])
    """The day of the run."""
    tasks: OneOrMany[BaselineTask] = ()
    """What was evaluated."""
