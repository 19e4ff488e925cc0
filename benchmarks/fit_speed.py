"""How long `weighbridge fit` takes: 1,000 lines of a batch, one estimate, and a ladder; never an assert.

Run as `python -m benchmarks.fit_speed`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from checker.facts.catalogue import Catalogue
from checker.memory import ladder, training
from checker.memory.of_facts import model_of
from checker.memory.plan import Hardware, Method, TrainingPlan

MODELS = (
    "Qwen/Qwen3-8B",
    "meta-llama/Llama-3.1-8B",
    "Qwen/Qwen2.5-0.5B",
    "mistralai/Mistral-7B-v0.3",
    "BAAI/bge-m3",
    "sentence-transformers/all-MiniLM-L6-v2",
    "google/gemma-2-9b-it",
)
GPUS = ("4090", "H100 80GB", "T4", "L4")


def lines(count: int) -> str:
    """Plans of all methods, no two alike: three trainings to one serving."""
    plans: list[dict[str, object]] = []
    for index in range(count):
        plan: dict[str, object] = {"model": MODELS[index % len(MODELS)], "hardware": {"gpu": GPUS[index % 4]}}
        if index % 4 == 3:
            plan |= {"serve": True, "context_window": 1024 + index, "parallel_requests": 1 + index % 16}
        else:
            plan |= {
                "method": tuple(Method)[index % 3],
                "sequence_length": 512 + index,
                "micro_batch_size": 1 + index % 8,
            }
        plans.append(plan)
    return "".join(json.dumps(plan) + "\n" for plan in plans)


def batch_seconds(*options: str) -> float:
    """The command answers a file of 1,000 lines."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plans.jsonl")
        path.write_text(lines(1000), encoding="utf-8")
        command = [sys.executable, "-m", "checker", "fit", "--batch", str(path), *options]
        begin = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        return time.perf_counter() - begin


def best_of(count: int, work: Callable[[], object]) -> float:
    """The least of so many runs, in milliseconds."""
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return 1000 * min(taken)


def main() -> None:
    """Print the figures."""
    facts = Catalogue().find("Qwen/Qwen3-8B")
    assert facts is not None
    model, plan, gpu = model_of(facts), TrainingPlan(Method.LORA, 2048), Hardware(24 << 30, 1, "a GPU of 24 GiB")
    print(f"1,000 lines: {batch_seconds():.1f} s; with --alternatives: {batch_seconds('--alternatives'):.1f} s")
    print(f"one estimate, warm: {best_of(20, lambda: training.estimate(model, plan)):.1f} ms")
    begin = time.perf_counter()
    table = ladder.of_training(model, plan, gpu, 0.1, 131_072)
    cold, cells = 1000 * (time.perf_counter() - begin), len(table.rows) * len(table.columns)
    warm = best_of(5, lambda: ladder.of_training(model, plan, gpu, 0.1, 131_072))
    print(f"a ladder of {cells} cells: {cold:.0f} ms at first, {warm:.0f} ms again")


if __name__ == "__main__":
    main()
