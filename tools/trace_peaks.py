"""Trace one step of each configuration of a file in the six usual ways and write the peaks as CSV.

Needs the extra `trace`:

    python tools/trace_peaks.py CONFIGS.json TARGET.csv [SEED [WAY …]]

The simplifications of `TracePlan.simplified` are made; `faithful_peak_bytes` is the peak without them. A WAY is a
method and a stack, such as `qlora-peft`. What cannot be traced is told on the standard error.
"""

import csv
import json
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checker.memory.trace import TraceError, TracePlan, trace

ENCODERS = {
    *(
        "albert",
        "bert",
        "camembert",
        "deberta-v2",
        "distilbert",
        "electra",
        "modernbert",
        "mpnet",
        "nomic_bert",
        "roberta",
    ),
    "xlm-roberta",
}
SEQ2SEQ = {"bart", "mt5", "t5"}
UNCHECKPOINTED = {"albert", "mpnet"}
"""Families whose code has no gradient checkpointing."""
WAYS = (
    *(("full", "lean"), ("lora", "peft"), ("qlora", "lean"), ("lora", "lean"), ("qlora", "peft"), ("full", "mixed")),
)
FIELDS = (
    *("id", "model", "task", "method", "stack", "rank", "targets", "sequence_length", "micro_batch_size"),
    *("gradient_checkpointing", "optimizer", "attention", "double_quant", "weights_bytes", "trainable_params"),
    *("after_forward_bytes", "after_backward_bytes", "after_step_bytes", "peak_bytes", "peak_at", "adapter_dtype"),
    *("upcast_frozen", "precision", "num_labels", "faithful_peak_bytes"),
)


def plan_of(row: dict[str, object], simplified: bool) -> TracePlan:
    """The plan that a row states."""
    return TracePlan(
        sequence_length=int(str(row["sequence_length"])),
        micro_batch_size=int(str(row["micro_batch_size"])),
        task=str(row["task"]),
        method=str(row["method"]),
        weights="fp32" if row["precision"] == "bf16-mixed" and row["method"] == "full" else "bf16",
        autocast=row["stack"] != "lean",
        adapter_dtype=str(row["adapter_dtype"] or "bf16"),
        upcast_frozen=str(row["upcast_frozen"]) == "True",
        rank=int(str(row["rank"] or 8)),
        targets=(str(row["targets"] or "all-linear"),),
        gradient_checkpointing=str(row["gradient_checkpointing"]) == "True",
        optimizer=str(row["optimizer"]),
        attention=str(row["attention"]),
        double_quantization=str(row["double_quant"]) == "True",
        num_labels=int(str(row.get("num_labels") or 2)),
        simplified=simplified,
    )


def asked(name: str, config: dict[str, object], method: str, stack: str, chance: random.Random) -> dict[str, object]:
    """A row without its figures: the settings are drawn."""
    model_type = str(config["model_type"])
    task = "causal"
    if model_type in ENCODERS:
        task = "embed" if method != "full" and chance.random() < 0.35 else "classify"
    elif model_type in {"llama", "qwen2", "qwen3", "mistral", "gemma"} and chance.random() < 0.3:
        task = "classify"
    longest = int(str(config.get("max_position_embeddings") or config.get("n_positions") or 2048)) // 128 * 128
    longest = 512 if model_type in SEQ2SEQ else longest
    eager = chance.random() < 0.15
    length = chance.choice(
        [n for n in (128, 256, 512, 1024, 2048, 4096, 8192) if n <= min(longest, 2048 if eager else longest)]
    )
    batches = (1, 2, 4, 8) if length <= 1024 else (1, 2)
    return {
        "model": name,
        "task": task,
        "method": method,
        "stack": stack,
        "rank": "" if method == "full" else chance.choice((8, 16, 64)),
        "targets": "" if method == "full" else chance.choice(("all-linear", "all-linear", "attention-qv")),
        "sequence_length": length,
        "micro_batch_size": chance.choice(batches),
        "gradient_checkpointing": model_type not in UNCHECKPOINTED and chance.random() < 0.5,
        "optimizer": chance.choice(("adamw", "adamw", "adamw-8bit")),
        "attention": "eager" if eager else "flash",
        "double_quant": chance.random() < 0.5 if method == "qlora" else "",
        "adapter_dtype": "" if method == "full" else "fp32" if stack == "peft" else "bf16",
        "upcast_frozen": method == "qlora" and stack == "peft",
        "precision": "bf16" if stack == "lean" else "bf16-mixed",
        "num_labels": chance.choice((1, 2, 3)) if task == "classify" else "",
    }


def main(configs: str, target: str, seed: str = "1", *ways: str) -> None:
    """Trace and write, one row at a time."""
    chance = random.Random(seed)
    known = json.loads(Path(configs).read_text(encoding="utf-8"))
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, FIELDS, lineterminator="\n")
        rows.writeheader()
        number = 0
        for method, stack in (way for way in WAYS if not ways or "-".join(way) in ways):
            for name, config in known.items():
                row = asked(name, config, method, stack, chance)
                try:
                    traced = trace(config, plan_of(row, simplified=True))
                    faithful = trace(config, plan_of(row, simplified=False))
                except TraceError as error:
                    sys.stderr.write(f"{name} {method} {stack}: {error}\n")
                    continue
                number += 1
                row |= {key: value for key, value in traced._asdict().items() if key in FIELDS}
                rows.writerow(row | {"id": f"TM{seed}{number:03}", "faithful_peak_bytes": faithful.peak_bytes})
                file.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
