"""The traces of more families (tests/data/memory/traced_more.csv) as plans, each with its configuration's model."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.memory import training
from checker.memory.config import model_of_config
from checker.memory.estimate import NotEstimable
from checker.memory.model import Model
from checker.memory.plan import Attention, Method, Optimizer, Precision, Task, TrainingPlan

DATA = Path(__file__).parent.parent / "tests" / "data" / "memory"


class Trace(NamedTuple):
    """A trace beside its estimate."""

    id: str
    family: str
    method: str
    task: str
    error: float
    """Estimate over trace, less 1."""


def traces() -> tuple[list[Trace], dict[str, int]]:
    """All traces that are estimated, and why the others are not, with their number."""
    configurations = json.loads((DATA / "traced_more_configs.json").read_text(encoding="utf-8"))
    found, refused = [], {}
    for row in _rows():
        config = configurations[row["model"]]
        model = model_of_config(config)
        estimate = model if isinstance(model, NotEstimable) else training.estimate(model, _plan(row, model))
        if isinstance(estimate, NotEstimable):
            refused[estimate.reason] = refused.get(estimate.reason, 0) + 1
            continue
        error = estimate.allocated_bytes / int(row["peak_bytes"]) - 1
        found.append(Trace(row["id"], str(config["model_type"]), row["method"], row["task"], error))
    return found, refused


def _rows() -> Iterator[dict[str, str]]:
    with (DATA / "traced_more.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _plan(row: dict[str, str], model: Model) -> TrainingPlan:
    mixed = row["precision"] == "bf16-mixed" and row["method"] == "full"
    return TrainingPlan(
        method=Method(row["method"]),
        sequence_length=int(row["sequence_length"]),
        micro_batch_size=int(row["micro_batch_size"]),
        rank=int(row["rank"] or 16),
        target_modules=(row["targets"] or "all-linear",),
        gradient_checkpointing=row["gradient_checkpointing"] == "True",
        optimizer=Optimizer(row["optimizer"]),
        task=Task(row["task"]),
        attention=Attention(row["attention"]),
        precision=Precision.BF16_MIXED if mixed else Precision.BF16,
        adapter_bytes=4 if row["adapter_dtype"] == "fp32" else 2,
        autocast=row["stack"] != "lean",
        upcast_frozen=row["upcast_frozen"] == "True",
        double_quantization=row["double_quant"] == "True",
        labels=int(row["num_labels"] or model.traits.labels or 2),
    )
