"""The memory estimates beside other calculators on the same rows, in one run.

Run it with `python dev.py bench memory_peers`, or by itself with `python -m benchmarks.memory_peers`. It makes an
environment of its own, `.peers` in the project's folder, from the registry that pip is set up with: llmfit,
ridgepoint, ml-memguard and ftuneai run there as they are. Two more calculators need the Hub, so their published
arithmetic stands in for them: `accelerate estimate-memory` (its documentation, "Model memory estimator"; training by
Adam in bf16: 8 bytes a weight) and hf-mem (README: tensors of the files and the KV cache). Training rows are peaks
measured as `max_memory_allocated` on one GPU; serving rows peaks of transformers. The last table holds the guidance's
figures against plans. `--write` puts all of it into docs/memory.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import _measured_training as measured  # noqa: E402
from benchmarks._documentation import written  # noqa: E402
from benchmarks._guide_figures import guide_table  # noqa: E402
from benchmarks.memory_accuracy import Result, percentile, result  # noqa: E402
from checker.memory.model import Model, Shape, shape_of  # noqa: E402
from checker.memory.plan import Method  # noqa: E402

PEERS = ("llmfit==1.1.17", "ridgepoint==0.1.2", "ml-memguard==0.5.0", "ftuneai==0.4.1")
HOME = ROOT / ".peers"
ADAM_BYTES = 8
"""Bytes a weight that accelerate's estimator names for training by Adam in bf16, the largest of its four parts."""


def environment() -> Path:
    """The interpreter of the peers' environment, which is made where it lacks."""
    python = HOME / "bin" / "python"
    stamp = HOME / "peers.txt"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8").split() != list(PEERS):
        subprocess.run([sys.executable, "-m", "venv", "--clear", HOME], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
        stamp.write_text("\n".join(PEERS), encoding="utf-8")
    return python


def training_rows() -> list[tuple[dict[str, Any], float, float]]:
    """Rows as the peers are asked, measured bytes, and our error."""
    found = []
    for row in measured.rows()[0]:
        if row.metric != "allocated" or row.plan.devices > 1:
            continue
        ours = result(row)
        if isinstance(ours, Result):
            found.append((_training(row), float(row.bytes), ours.error))
    return found


def _training(row: measured.Row) -> dict[str, Any]:
    plan = row.plan
    attention = set(plan.target_modules) <= {"q_proj", "k_proj", "v_proj", "o_proj"}
    both = set(plan.target_modules) == {"q_proj", "v_proj"}
    return _sizes(row.model, measured.models()[row.model]) | {
        "id": row.id,
        "kind": "training",
        "method": plan.method.value,
        "sequence": plan.sequence_length,
        "batch": plan.micro_batch_size,
        "rank": plan.rank,
        "targets": "attention-qv" if both else "attention" if attention else "all",
        "checkpointing": plan.gradient_checkpointing,
        "double": plan.double_quantization,
        "bits": 4 if plan.method is Method.QLORA else 16,
    }


def _sizes(name: str, model: Model) -> dict[str, Any]:
    dims, shape = model.dimensions, shape_of(model)
    assert isinstance(shape, Shape), shape
    return {
        "blocks": shape.block_weights,
        "model": name,
        "parameters": model.parameters,
        "hidden": dims.hidden_size,
        "layers": dims.num_hidden_layers,
        "heads": dims.num_attention_heads,
        "kv_heads": dims.num_key_value_heads or dims.num_attention_heads,
        "head_dim": dims.head_dim,
        "ffn": dims.intermediate_size,
        "vocabulary": dims.vocab_size,
    }


_FORMATS = {
    "none": (16, "fp16", "BF16"),
    "gptq-int4": (4, "awq", "GPTQ-Int4"),
    "awq-int4": (4, "awq", "AWQ-4bit"),
    "gptq-int8": (8, "fp8", "GPTQ-Int8"),
    "fp8": (8, "fp8", "Q8_0"),
}
"""Bits, and the names of ridgepoint and llmfit; where they have none, the one of as many bits."""


def serving_rows() -> list[tuple[dict[str, Any], float, float]]:
    """The same for the peaks of transformers."""
    from tests.memory import accuracy

    errors = {row.id: 1 / (1 + row.error) - 1 for row in accuracy.rows() if row.kind == "transformers"}
    path = accuracy.DATA / "measured_serving.csv"
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    found = []
    for values in lines[1:]:
        row = dict(zip(lines[0], values, strict=True))
        if row["id"] not in errors or row["quantization"] not in _FORMATS:
            continue
        model = accuracy.models()[row["model"]]
        if model.dimensions.num_experts:
            continue
        bits, ridgepoint, llmfit = _FORMATS[row["quantization"]]
        asked = _sizes(row["model"], model) | {
            "id": row["id"],
            "kind": "serving",
            "context": int(row["context_window"]),
            "requests": int(row["parallel_requests"]),
            "bits": bits,
            "ridgepoint": ridgepoint,
            "llmfit": llmfit,
        }
        found.append((asked, float(row["bytes"]), errors[row["id"]]))
    return found


def formulas(row: dict[str, Any]) -> dict[str, float]:
    """What the calculators that need the Hub would say."""
    weights = row["parameters"] * row["bits"] / 8
    if row["kind"] == "training":
        return {"accelerate estimate-memory (formula)": float(row["parameters"] * ADAM_BYTES)}
    cache = 4 * row["layers"] * row["kv_heads"] * row["head_dim"] * row["context"] * row["requests"]
    tensors = row["blocks"] * row["bits"] / 8 + 2 * (row["parameters"] - row["blocks"])  # tables stay in 16 bits
    return {
        "accelerate estimate-memory (formula)": weights,
        "hf-mem (formula)": tensors + cache,
    }


def table(rows: Sequence[tuple[dict[str, Any], float, float]], answers: Sequence[dict[str, float]]) -> str:
    """One line a calculator."""
    errors: dict[str, list[float]] = {"weighbridge": [error for _, _, error in rows]}
    for (asked, bytes_, _), said in zip(rows, answers, strict=True):
        for name, answer in (said | formulas(asked)).items():
            errors.setdefault(name, []).append(answer / bytes_ - 1)
    head = "| calculator | rows | mean | median | 90th percentile | signed median |"
    lines = [head, "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, found in sorted(errors.items(), key=lambda item: mean(map(abs, item[1]))):
        sizes = [abs(error) for error in found]
        figures = (mean(sizes), median(sizes), percentile(sizes, 0.9))
        words = " | ".join(f"{100 * figure:.1f} %" for figure in figures)
        lines.append(f"| {name} | {len(found)} | {words} | {100 * median(found):+.1f} % |")
    return "\n".join(lines)


def main() -> None:
    """Ask all, and print, or write into the documentation."""
    python, parts = environment(), []
    for name, rows in (("Training", training_rows()), ("Serving", serving_rows())):
        asked = json.dumps([row for row, _, _ in rows])
        child = Path(__file__).with_name("_peers_child.py")
        run = subprocess.run([python, child], input=asked, capture_output=True, text=True, check=True)
        sys.stderr.write(run.stderr)
        parts += [f"{name}, error of each calculator:", table(rows, json.loads(run.stdout))]
    parts += ["The guidance's figures beside plans:", guide_table()]
    text = "\n\n".join(parts)
    if "--write" in sys.argv[1:]:
        path = ROOT / "docs" / "memory.md"
        path.write_text(written(path.read_text(encoding="utf-8"), "memory_peers", text), encoding="utf-8")
        return
    print(text)


if __name__ == "__main__":
    main()
