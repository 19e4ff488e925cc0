"""How far measurements lie from the estimates: `python -m tests.memory.accuracy` prints the table of docs/memory.md.

Rows are copied from public measurements and from traces of real modelling code on fake tensors (tests/data/memory). The
CUDA context is left out on both sides, since traces and `max_memory_allocated` do not hold it.
"""

from __future__ import annotations

import csv
import json
import sys
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

from checker.facts.model import ArchitectureClass, Dimensions
from checker.memory import training
from checker.memory.estimate import Estimate, NotEstimable
from checker.memory.model import Model
from checker.memory.plan import Loss, Method, Optimizer, Precision, Task, TrainingPlan

DATA = Path(__file__).parent.parent / "data" / "memory"


class Row(NamedTuple):
    """One measurement beside its estimate."""

    id: str
    kind: str
    group: str
    error: float
    """Measured over estimated, less 1."""


@cache
def models() -> dict[str, Model]:
    """The models of all rows, by their ids."""
    records = json.loads((DATA / "models.json").read_text(encoding="utf-8"))
    return {name: _model(record) for name, record in records.items()}


def _model(record: dict) -> Model:
    return Model(
        parameters=record["parameters"],
        dimensions=Dimensions(**record["dimensions"]),
        architecture=ArchitectureClass(record["architecture"]),
        model_type=record["model_type"],
        torch_dtype="bfloat16",
        multimodal=record.get("multimodal", False),
    )


def rows() -> tuple[Row, ...]:
    """All rows, those of one kind and group together."""
    return (*_traced(), *_measured_training())


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numerics(stack: str, method: str, *, upcast: bool) -> dict:
    """Number formats of the stacks by which the rows name them: lean, peft, mixed."""
    mixed = stack == "mixed" or (stack == "peft" and method == "full")
    return {
        "precision": Precision.BF16_MIXED if mixed else Precision.BF16,
        "adapter_bytes": 2 if stack == "lean" else 4,
        "autocast": stack != "lean",
        "upcast_frozen": upcast and stack != "lean",
    }


def traced_plan(row: dict[str, str]) -> TrainingPlan:
    """The plan of a traced row; its `peft` holds frozen parts of a 4-bit base in 32 bits."""
    return TrainingPlan(
        method=Method(row["method"]),
        sequence_length=int(row["sequence_length"]),
        micro_batch_size=int(row["micro_batch_size"]),
        rank=int(row["rank"] or 16),
        target_modules=(row["targets"] or "all-linear",),
        gradient_checkpointing=row["gradient_checkpointing"] == "True",
        optimizer=Optimizer(row["optimizer"]),
        task=Task(row["task"]),
        double_quantization=row["double_quant"] == "True",
        **numerics(row["stack"], row["method"], upcast=row["method"] == "qlora"),
    )


def _traced() -> list[Row]:
    found = []
    for row in _read("traced_training.csv"):
        estimate = _estimated(training.estimate(models()[row["model"]], traced_plan(row)))
        kind = "decoder training" if row["task"] == "causal" else "encoder training"
        error = int(row["peak_bytes"]) / _tensors(estimate) - 1
        found.append(Row(row["id"], kind, f"traced, {row['method']}", error))
    return found


def _measured_training() -> list[Row]:
    found = []
    for row in _read("measured_training.csv"):
        plan = TrainingPlan(
            method=Method(row["method"]),
            sequence_length=int(row["sequence_length"]),
            micro_batch_size=int(row["micro_batch_size"]),
            rank=int(row["rank"]),
            target_modules=tuple(row["targets"].split(";")),
            gradient_checkpointing=row["gradient_checkpointing"] == "True",
            optimizer=Optimizer(row["optimizer"]),
            loss=Loss(row["loss"]),
            double_quantization=row["double_quant"] == "True",
            **numerics(row["stack"], row["method"], upcast=row["frozen_in_32_bits"] == "True"),
            foreach=True,
        )
        estimate = _estimated(training.estimate(models()[row["model"]], plan))
        kind = "decoder training"
        if row["metric"] == "nvidia-smi":
            kind = "what the allocator holds"
        elif row["source"] == "litgpt":
            kind = "other software"
        group = f"measured ({row['source']}), {row['method']}"
        found.append(Row(row["id"], kind, group, int(row["bytes"]) / _tensors(estimate) - 1))
    return found


def _estimated(result: Estimate | NotEstimable) -> Estimate:
    assert isinstance(result, Estimate), result
    return result


def _tensors(estimate: Estimate) -> int:
    return estimate.peak_bytes - estimate.term("CUDA context")


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def table() -> str:
    """Markdown: one line a kind and group."""
    lines = [
        "| kind | rows | number | median | 5th percentile | 95th percentile | worst |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows():
        groups.setdefault((row.kind, row.group), []).append(row.error)
    for (kind, group), errors in sorted(groups.items()):
        worst = max(errors, key=abs)
        figures = (median(errors), percentile(errors, 0.05), percentile(errors, 0.95), worst)
        lines.append(
            f"| {kind} | {group} | {len(errors)} | {' | '.join(f'{100 * value:+.1f} %' for value in figures)} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
