"""How far measurements of serving lie from the estimates: `python -m tests.memory.serving_accuracy` prints the tables.

Rows are public: the makers' tables of peaks in transformers, and lines of vLLM's and llama.cpp's logs, each with the
settings that its source states. The CUDA context is left out, since `max_memory_allocated` does not hold it.
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
from checker.memory import capacity, serving
from checker.memory.estimate import Estimate
from checker.memory.model import Model
from checker.memory.plan import Runtime, ServingPlan
from checker.memory.runtime import llama_cpp, transformers
from checker.memory.runtime.case import Case
from checker.memory.traits import Traits
from tests.memory.accuracy import DATA, models, percentile


class Row(NamedTuple):
    """One measurement beside its estimate."""

    id: str
    runtime: str
    group: str
    part: str
    measured: float
    estimated: float

    @property
    def error(self) -> float:
        """Measured over estimated, less 1."""
        return self.measured / self.estimated - 1

    @property
    def kind(self) -> str:
        """Peaks, of one device or added up; or one line of a log."""
        return self.part if self.group != "log" else f"log: {self.part}"


@cache
def serving_models() -> dict[str, Model]:
    """The models of the rows, by their ids."""
    records = json.loads((DATA / "models_serving.json").read_text(encoding="utf-8"))
    return {**models(), **{name: _model(record) for name, record in records.items()}}


def _model(record: dict) -> Model:
    traits = dict(record.get("traits", {}))
    if "layer_types" in traits:
        traits["layer_types"] = tuple(traits["layer_types"])
    return Model(
        parameters=record["parameters"],
        dimensions=Dimensions(**record["dimensions"]),
        architecture=ArchitectureClass(record["architecture"]),
        model_type=record["model_type"],
        torch_dtype="bfloat16",
        multimodal=record.get("multimodal", False),
        traits=Traits(**traits),
    )


@cache
def rows() -> tuple[Row, ...]:
    """All rows in the order of the file."""
    with (DATA / "measured_serving.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_row(record) for record in csv.DictReader(file))


def plan_of(record: dict[str, str]) -> ServingPlan:
    """The plan of one row."""
    return ServingPlan(
        runtime=Runtime(record["runtime"]),
        context_window=int(record["context_window"]),
        parallel_requests=int(record["parallel_requests"]),
        quantization=record["quantization"],
        kv_cache=record["kv_cache"],
        prompt_tokens=int(record["prompt_tokens"]) if record["prompt_tokens"] else None,
        runtime_version=record["runtime_version"],
    )


def _row(record: dict[str, str]) -> Row:
    model, plan, devices = serving_models()[record["model"]], plan_of(record), int(record["devices"])
    result = serving.estimate(model, plan, devices)
    assert isinstance(result, Estimate), (record["id"], result)
    case = serving.case_of(model, plan, devices)
    assert isinstance(case, Case)
    estimated = _figure(record, result, case)
    return Row(record["id"], record["runtime"], record["group"], record["part"], float(record["value"]), estimated)


def _figure(record: dict[str, str], result: Estimate, case: Case) -> float:
    """The estimate's counterpart of what was measured."""
    match record["part"]:
        case "peak":
            return result.allocated_bytes
        case "sum of peaks":
            return sum(transformers.device_peaks(case))
        case "resident":
            return next(moment.bytes for moment in result.moments if moment.name == "decode")
        case "tokens of the pool":
            return capacity.pool_tokens(case, int(record["pool_bytes"]))
        case "KV cache of whole contexts":
            return case.cache.whole * llama_cpp.cells_of(case)
        case "KV cache of windows":
            return case.cache.local * llama_cpp.window_cells_of(case)
        case part:
            return result.term(part)


def table() -> str:
    """Markdown: one line a runtime and kind of figure."""
    lines = [
        "| runtime | figure | rows | median error | 90th percentile of its size | worst |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows():
        name = f"{row.group}: {row.part}" if row.group != "log" else row.kind
        groups.setdefault((row.runtime, name), []).append(row.error)
    peaks = [row.error for row in measured_peaks()]
    groups["all", "peaks, units stated"] = peaks
    for (runtime, name), errors in sorted(groups.items()):
        sizes = [abs(error) for error in errors]
        figures = f"{100 * median(sizes):.1f} % | {100 * percentile(sizes, 0.9):.1f} %"
        lines.append(f"| {runtime} | {name} | {len(errors)} | {figures} | {100 * max(errors, key=abs):+.1f} % |")
    return "\n".join(lines) + "\n"


def measured_peaks() -> tuple[Row, ...]:
    """Peaks and resident figures whose unit is clear."""
    return tuple(row for row in rows() if row.group != "log" and "(" not in row.group)


def worse() -> str:
    """Markdown: every row that is off by more than a tenth."""
    lines = ["| row | figure | measured | estimated | error |", "| --- | --- | ---: | ---: | ---: |"]
    for row in rows():
        if abs(row.error) > 0.1:
            gib = (row.measured / 2**30, row.estimated / 2**30)
            lines.append(f"| {row.id} | {row.part} | {gib[0]:.2f} GiB | {gib[1]:.2f} GiB | {100 * row.error:+.1f} % |")
    return "\n".join(lines) + "\n"


RECORDED = Path(serving.__file__).with_name("serving_errors.json")
"""What `fit --serve --explain` shows."""


def recorded() -> str:
    """JSON: the errors by runtime and figure, as shares; `--write` puts them into the package."""
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows():
        if "(" not in row.group:  # their unit is not stated, or another program made them
            groups.setdefault((row.runtime, row.part), []).append(row.error)
    lines = []
    for (runtime, figure), errors in sorted(groups.items()):
        sizes = [abs(error) for error in errors]
        figures = {
            "median": round(median(sizes), 4),
            "nine_of_ten": round(percentile(sizes, 0.9), 4),
            "worst": round(max(errors, key=abs), 4),
        }
        lines.append(json.dumps({"runtime": runtime, "figure": figure, "rows": len(errors), **figures}))
    return "[\n" + ",\n".join(f"  {line}" for line in lines) + "\n]\n"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        RECORDED.write_text(recorded(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{table()}\nRows that are off by more than 10 %:\n\n{worse()}")
