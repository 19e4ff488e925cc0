"""Repositories as a large organisation has them: real model ids, code, locks of waivers, and one in ten broken."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from checker.facts.catalogue import Catalogue

TEAMS = 60
_GPUS = ("L4", "L40S", "A10G", "H100", "A100 80GB", "T4", "RTX 4090")
_CODE = '''\
"""Serves answers."""
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

MODEL = "{model}"


def load(device: str = "cuda"):
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    model = AutoModelForCausalLM.from_pretrained(MODEL, torch_dtype=torch.bfloat16)
    return tokenizer, model.to(device)
'''
_PLAIN = "def add(left: int, right: int) -> int:\n    return left + right\n"


def _manifest(rng: random.Random, number: int, models: tuple[str, ...]) -> str:
    lines = ["weighbridge: 1", f"project: service-{number:05}", f"owner: team-{number % TEAMS:02}@example.com"]
    lines += ["use: {purpose: commercial, distribution: service, regions: [EU]}", "models:"]
    for place in range(rng.choice((1, 1, 1, 2, 3))):
        model = rng.choice(models)
        lines += [f"  - name: m{place}", f"    model: {model}", "    objective: chat"]
        if rng.random() < 0.6:
            lines.append(f"    revision: {rng.getrandbits(160):040x}")
        window, gpu = rng.choice((4096, 8192, 32768)), rng.choice(_GPUS)
        lines.append(f"    deployment: {{context_window: {window}, hardware: {{gpu: {gpu}}}}}")
        if rng.random() < 0.3:
            lines.append(f"    fine_tuning: {{method: lora, sequence_length: 2048, hardware: {{gpu: {gpu}}}}}")
    return "\n".join(lines) + "\n"


BREAKAGES: tuple[Callable[[str], str | bytes], ...] = (
    lambda text: text.replace("models:", "modells:"),
    lambda text: text.replace("weighbridge: 1", "weighbridge: 9"),
    lambda text: text.replace("objective: chat", "objective: chatt"),
    lambda text: text.replace("    objective: chat\n", ""),
    lambda text: text + "  - {\n",
    lambda text: text + "owner: twice\n",
    lambda text: text.replace("owner:", "owner: &anchor"),
    lambda text: text.replace("weighbridge: 1", "weighbridge: one"),
    lambda text: text.replace("purpose: commercial", "purpose: commercal"),
    lambda text: text.replace("gpu: ", "gpu: NoSuch"),
    lambda text: text.replace("context_window: ", "context_window: -"),
    lambda text: text.split("models:")[0],
    lambda text: text.split("models:")[0] + "models: []\n",
    lambda text: text.replace("\n", "\n\t", 3),
    lambda text: text.encode("utf-16"),
    lambda text: text.encode() + b"\xff\xfe",
    lambda text: text + "---\n" + text,
    lambda text: text.replace("name: m0", "name: m1") + "  - {name: m1, model: a/b, objective: chat}\n",
    lambda text: text.replace("weighbridge: 1", "weighbridge: !!python/object 1"),
    lambda text: "weighbridge: 1\n" + "#" * 1_100_000,
)
"""Twenty ways in which a manifest cannot be used."""


def fleet(folder: Path, count: int, seed: int = 7) -> None:
    """Write so many repositories below a folder.

    Args:
        folder: where.
        count: how many.
        seed: which ones.
    """
    rng = random.Random(seed)
    models = Catalogue().ids()
    for number in range(count):
        project = folder / f"team-{number % TEAMS:02}" / f"service-{number:05}"
        (project / ".git").mkdir(parents=True)
        (project / ".git" / "HEAD").write_text(f"{rng.getrandbits(160):040x}\n")
        (project / "README.md").write_text(f"# Service {number}\n")
        (project / "src").mkdir()
        (project / "src" / "arithmetic.py").write_text(_PLAIN)
        (project / "src" / "serve.py").write_text(_CODE.format(model=rng.choice(models)))
        text = _manifest(rng, number, models)
        if number % 10 == 3:
            broken = BREAKAGES[number // 10 % len(BREAKAGES)](text)
            (project / "model.yaml").write_bytes(broken if isinstance(broken, bytes) else broken.encode())
        elif number % 10 != 7:  # one in ten declares nothing
            (project / "model.yaml").write_text(text)
