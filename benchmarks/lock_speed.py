"""`weighbridge lock` of 50 models against a Hub on loopback that waits 50 ms before each answer; then a check by it.

Run it with `python -m benchmarks.lock_speed`. The server speaks the Hub's paths (`tests/hub/stub.py`); the command runs
in a process of its own. The lower bound is what the waiting alone takes: requests · delay / jobs. Every file of weights
has 4 MiB behind its header, so that reading one would show among the bytes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.hub.models import APACHE, MINILM, MODULES, QWEN, as_bytes, qwen_shapes  # noqa: E402 - the path comes first
from tests.hub.stub import Model, Stub, gguf_header, safetensors_header, serving  # noqa: E402

DELAY_SECONDS = 0.05
ROUNDS = 5
WEIGHTS = b"\0" * (4 << 20)


def decoder(number: int, *, counted: bool) -> Model:
    """A decoder with a licence file of its own publisher; one in twelve leaves its parameters to the headers."""
    files = {
        "LICENSE": APACHE + f"Copyright publisher {number % 5}\n".encode(),
        "config.json": as_bytes({**QWEN, "transformers_version": f"4.{number}"}),
        "model.safetensors": safetensors_header(qwen_shapes()) + WEIGHTS,
        "tokenizer_config.json": as_bytes({"chat_template": "{{ messages }}", "model_max_length": 1000 + number}),
    }
    record = {"safetensors": {"parameters": {"BF16": 494_032_768}, "total": 494_032_768}} if counted else {}
    return Model(f"acme-{number % 5}/decoder-{number}", files, {"license": "apache-2.0"}, record)


def embedder(number: int) -> Model:
    """A model of sentence-transformers, which brings two more small files; those are alike in most."""
    files = {
        "1_Pooling/config.json": as_bytes({"word_embedding_dimension": 384}),
        "config.json": as_bytes({**MINILM, "transformers_version": f"4.{number}"}),
        "model.safetensors": safetensors_header({"a": ("F32", [384, number + 1])}) + WEIGHTS,
        "modules.json": as_bytes(MODULES),
        "sentence_bert_config.json": as_bytes({"max_seq_length": 256}),
        "tokenizer_config.json": as_bytes({"do_lower_case": True, "number": number}),
    }
    record = {"safetensors": {"parameters": {"F32": 22_713_216}, "total": 22_713_216}}
    return Model(f"acme-embed/embedder-{number}", files, {"license": "mit"}, record)


def gguf(number: int) -> Model:
    """Quantised files, the header of one read by the Hub."""
    header = gguf_header({"general.architecture": "llama", "general.file_type": 15}, {"t": [4096, 1000 + number]})
    record = {"gguf": {"total": 8_030_261_248, "architecture": "llama", "context_length": 8192}}
    files = {f"model-{kind}.gguf": header + WEIGHTS for kind in ("Q4_K_M", "Q8_0")}
    return Model(f"acme-gguf/small-{number}-GGUF", files, {"license": "mit"}, record)


def fifty() -> list[Model]:
    """A mixture as manifests have it: 35 decoders, 10 embedders, 5 repositories of GGUF files."""
    decoders = [decoder(number, counted=number % 12 != 0) for number in range(35)]
    return [*decoders, *map(embedder, range(10)), *map(gguf, range(5))]


class Run(NamedTuple):
    """One run of the command."""

    seconds: float
    cpu_seconds: float
    """User and system time of the command: what a busy machine does not change much."""
    requests: int
    received_bytes: int


def run(folder: Path, stub: Stub, jobs: int) -> Run:
    """Lock all models once."""
    command = [sys.executable, "-m", "checker", "lock", "--json", "--jobs", str(jobs)]
    environment = {**os.environ, "HF_ENDPOINT": stub.url, "HF_HOME": str(folder / "home")}
    start, before = time.perf_counter(), os.times()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=True)
    seconds, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    told: dict[str, Any] = json.loads(done.stdout)
    return Run(seconds, cpu, told["requests"], told["received_bytes"])


def main() -> None:
    """Print wall time beside the lower bound, requests by model, and bytes."""
    models = fifty()
    with tempfile.TemporaryDirectory() as name, serving() as stub:
        folder = Path(name)
        entries = "".join(f"  - {{name: m{n}, model: {one.id}, objective: chat}}\n" for n, one in enumerate(models))
        (folder / "model.yaml").write_text(f"weighbridge: 1\nmodels:\n{entries}", encoding="utf-8")
        for model in models:
            stub.add(model)
        empty = folder / "empty"
        empty.mkdir()
        (empty / "model.yaml").write_text("weighbridge: 1\nmodels:\n  - {model: ./own, objective: chat}\n", "utf-8")
        start = median(run(empty, stub, 8).seconds for _ in range(ROUNDS))
        print(f"start of the command alone, nothing to ask: {start:.2f} s")
        for jobs in (1, 8, 16):
            stub.delay_seconds = DELAY_SECONDS
            stub.requests.clear()
            runs = [run(folder, stub, jobs) for _ in range(1 if jobs == 1 else ROUNDS)]
            seconds, requests = median(one.seconds for one in runs), runs[-1].requests
            bound = requests * DELAY_SECONDS / jobs
            print(
                f"{jobs:2} jobs: {seconds:.2f} s (range {min(runs).seconds:.2f} to {max(runs).seconds:.2f}); "
                f"{requests} requests, lower bound {bound:.2f} s, "
                f"beyond bound and start {seconds - start - bound:.2f} s; "
                f"processor {median(one.cpu_seconds for one in runs):.2f} s"
            )
        _print_requests(stub, len(models), runs)
        _print_check(folder)


def _print_requests(stub: Stub, models: int, runs: list[Run]) -> None:
    asked = Counter(_model(request.path) for request in stub.requests[-runs[-1].requests :])
    spread = Counter(asked.values())
    print(
        f"requests a model: mean {sum(asked.values()) / models:.2f}, "
        f"{', '.join(f'{count} models with {number}' for number, count in sorted(spread.items()))}"
    )
    weights = models * len(WEIGHTS)
    print(f"bytes received: {runs[-1].received_bytes:,}; weights that lie there: more than {weights:,}")


def _model(path: str) -> str:
    return "/".join(path.removeprefix("/api/models").removeprefix("/").split("/")[:2])


def _print_check(folder: Path) -> None:
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        command = [sys.executable, "-m", "checker", "check", "--exit-zero"]
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        seconds.append(time.perf_counter() - start)
    size = (folder / "model.lock").stat().st_size
    print(f"check of these 50 models by a lock of {size:,} bytes: {median(seconds):.2f} s")


if __name__ == "__main__":
    main()
