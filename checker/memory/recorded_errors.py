"""How far measurements of serving lay from the estimates, by runtime and figure.

`serving_errors.json` is what `python -m tests.memory.serving_accuracy --write` makes of 290 public rows: the makers'
tables of peaks, and lines of vLLM's and llama.cpp's logs (docs/memory-serving.md has each). A test holds both together.
"""

from __future__ import annotations

import json
from pathlib import Path

from checker.memory.plan import Runtime
from checker.value import NamedTuple


class RecordedError(NamedTuple):
    """The errors of one kind of figure: measured over estimated, less 1."""

    figure: str
    """What was measured: a peak, or the line of a log."""
    rows: int
    median: float
    """Of the sizes of the errors."""
    nine_of_ten: float
    """The size that nine of ten errors do not exceed."""
    worst: float
    """Signed."""


def errors_of(runtime: Runtime) -> tuple[RecordedError, ...]:
    """What was measured of a runtime; empty where nothing was."""
    records = json.loads(Path(__file__).with_name("serving_errors.json").read_text(encoding="utf-8"))
    return tuple(
        RecordedError(record["figure"], record["rows"], record["median"], record["nine_of_ten"], record["worst"])
        for record in records
        if record["runtime"] == runtime.value
    )
