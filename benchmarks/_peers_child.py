"""What other calculators say of the rows that it reads: run by the interpreter of an environment that has them.

Reads a JSON list of rows from standard input, writes a JSON list of answers, each a mapping from tool to bytes; a tool
that does not answer for a row is left out of its mapping.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

GB, GIB, MIB = 10**9, 2**30, 2**20


def ftuneai(row: dict[str, Any]) -> float | None:
    """Its estimator on our sizes; the model table that it brings holds few of these models."""
    from ftuneai.core.memory import MemoryEstimator
    from ftuneai.core.models import FineTuneMethod, LoRATarget, ModelSpec, Quantization, TrainingConfig

    if row["kind"] != "training":
        return None
    spec = ModelSpec(
        name=row["model"],
        parameters=row["parameters"],
        hidden_size=row["hidden"],
        num_layers=row["layers"],
        num_attention_heads=row["heads"],
        num_kv_heads=row["kv_heads"],
        intermediate_size=row["ffn"],
        vocab_size=row["vocabulary"],
        max_seq_length=1 << 20,
    )
    targets = {"attention-qv": LoRATarget.ATTENTION, "attention": LoRATarget.ATTENTION_ALL}
    config = TrainingConfig(
        model=row["model"],
        method=FineTuneMethod(row["method"]),
        quantization=Quantization.INT4 if row["method"] == "qlora" else Quantization.NONE,
        batch_size=row["batch"],
        seq_length=row["sequence"],
        gradient_checkpointing=row["checkpointing"],
        lora_rank=row["rank"],
        lora_target=targets.get(row["targets"], LoRATarget.ALL_LINEAR),
        flash_attention=True,
    )
    return MemoryEstimator(spec, config).estimate().total_gb * GIB


def ml_memguard(row: dict[str, Any]) -> float | None:
    """Its estimators of training and of inference."""
    from memory_guard.estimator import (
        FinetuneMethod,
        ModelSpec,
        TrainSpec,
        estimate_inference_memory,
        estimate_training_memory,
    )

    spec = ModelSpec(
        params=row["parameters"],
        hidden_dim=row["hidden"],
        num_heads=row["heads"],
        num_kv_heads=row["kv_heads"],
        num_layers=row["layers"],
        intermediate_dim=row["ffn"],
        bits=round(row["bits"]),
    )
    if row["kind"] == "serving":
        answer = estimate_inference_memory(spec, batch_size=row["requests"], seq_length=row["context"])
        return answer.total_mb * MIB
    train = TrainSpec(
        method=FinetuneMethod(row["method"]),
        batch_size=row["batch"],
        seq_length=row["sequence"],
        lora_rank=row["rank"],
        lora_layers=row["layers"],
        lora_targets={"attention-qv": 2, "attention": 4}.get(row["targets"], 7),
        grad_checkpoint=row["checkpointing"],
        qlora_double_quant=row["double"],
    )
    return estimate_training_memory(spec, train).total_mb * MIB


def ridgepoint(row: dict[str, Any]) -> float | None:
    """Weights, overhead and the cache of the requests, of its vLLM."""
    from ridgepoint import _core

    if row["kind"] != "serving":
        return None
    geometry = "mha" if row["kv_heads"] == row["heads"] else "gqa"
    answer = _core.fit_shape(
        *(row["model"], row["layers"], row["layers"], row["hidden"], row["parameters"], row["parameters"], geometry),
        *(row["head_dim"], row["heads"], row["kv_heads"], 0, 0),
        *("h100-80gb", 1, "vllm", row["ridgepoint"], "fp16", row["context"], row["context"], True),
    )
    found = json.loads(answer)
    memory = found["memory"]
    cache = found["capacity"]["bytes_per_seq"] * row["requests"]
    return memory["weights_bytes"]["best"] + memory["overhead_bytes"]["best"] + cache


def llmfit(row: dict[str, Any]) -> float | None:
    """What its plan asks of the GPU at least."""
    if row["kind"] != "serving" or not row["llmfit"]:
        return None
    with tempfile.TemporaryDirectory() as home:
        command = [Path(sys.executable).with_name("llmfit"), "plan", "--json", "--context", str(row["context"])]
        answer = subprocess.run(
            [*command, "--quant", row["llmfit"], row["model"]],
            capture_output=True,
            text=True,
            env={"HOME": home, "PATH": ""},
            check=False,
        )
    if answer.returncode:
        return None
    found: float = json.loads(answer.stdout)["minimum"]["vram_gb"]
    return found * GB


TOOLS: dict[str, Callable[[dict[str, Any]], float | None]] = {
    "ftuneai": ftuneai,
    "llmfit": llmfit,
    "ml-memguard": ml_memguard,
    "ridgepoint": ridgepoint,
}


def main() -> None:
    """Answer every row by every tool."""
    answers = []
    for row in json.load(sys.stdin):
        said: dict[str, float] = {}
        for name, tool in TOOLS.items():
            try:
                answer = tool(row)
            except Exception as error:  # a tool's refusal of a row is an answer: it is told
                print(f"{name} on {row['id']}: {error}", file=sys.stderr)
                continue
            if answer is not None:
                said[name] = answer
        answers.append(said)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
