"""How fast `select` answers over the shipped catalogue, over a table, and whether the fast path is the whole engine.

Run it with `python dev.py bench select_speed`. Each question is a process of its own, `--help` of the same command
beside it in turns, so that the start can be subtracted. The table is made by hand. Never an assert.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ROUNDS = 7
ROWS = 40_000
QUESTIONS = {
    "similarity, served": ("--objective", "similarity", "--context-window", "512", "--gpu", "L4"),
    "chat, served at 16k": ("--objective", "chat", "--context-window", "16384", "--gpu", "RTX 4090"),
    "chat, licence and purpose": ("--objective", "chat"),
    "chat, LoRA at 4k": (
        *("--objective", "chat", "--goal", "tone", "--method", "lora", "--sequence-length", "4096", "--gpu", "L4"),
    ),
}
SLOW = "chat, LoRA at 4k"
"""Estimates a training step of every model that is left: one round."""
LICENSES = ("apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1", "")
KINDS = ("decoder", "bi-encoder", "encoder")


def spent(*arguments: str) -> tuple[float, float]:
    """Seconds on the wall and of the processor that one process takes."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "checker", "select", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def told(name: str, found: list[tuple[float, float]]) -> None:
    wall, cpu = sorted(one[0] for one in found), sorted(one[1] for one in found)
    print(f"{name:<28} wall {median(wall):.2f} s ({wall[0]:.2f} to {wall[-1]:.2f}), processor {median(cpu):.2f} s")


def catalogue() -> None:
    """Each question over the shipped catalogue."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ("start (--help)", *QUESTIONS)}
    spent(*QUESTIONS["chat, served at 16k"])  # what is compiled at the first start is not timed
    for number in range(ROUNDS):
        found["start (--help)"].append(spent("--help"))
        for name, arguments in QUESTIONS.items():
            if name != SLOW or number == 0:
                found[name].append(spent(*arguments))
    for name, times in found.items():
        told(name, times)


def table() -> None:
    """Rows a second, all in one process: licence, architecture, size and context."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "models.csv")
        rows = (
            f"acme/m{number},{LICENSES[number % 5]},{KINDS[number % 3]},{1 + number % 70}B,"
            f"{1024 << number % 8},{'a' * 40}"
            for number in range(ROWS)
        )
        path.write_text("id,license,kind,size,context,sha\n" + "\n".join(rows) + "\n", encoding="utf-8")
        maps = ("id=model", "license=license", "kind=architecture_class", "size=parameters", "context=native_context")
        mapped = [f"--map={one}" for one in (*maps, "sha=revision")]
        options = ("--objective", "chat", "--models", str(path), *mapped, "--verdicts", str(Path(folder, "v.csv")))
        start, whole = spent("--help")[0], spent(*options)[0]
        print(f"{ROWS} rows of a table           {ROWS / (whole - start):.0f} rows a second on one core")


def same() -> None:
    """How many models of the catalogue the fast path and the whole engine put into different groups."""
    sys.path.insert(0, str(ROOT))
    from tests.selection.asking import CATALOGUE, asked, judged

    for name in ("similarity, served", "chat, served at 16k", "chat, licence and purpose"):
        options = QUESTIONS[name]
        given = {key[2:].replace("-", "_"): value for key, value in zip(options[::2], options[1::2], strict=True)}
        seconds = {}
        groups = {}
        for fast in (True, False):
            begin = time.process_time()
            groups[fast] = {
                model: one.group for model, one in judged(asked(**given), CATALOGUE.ids(), fast=fast).items()
            }
            seconds[fast] = time.process_time() - begin
        differ = [model for model, group in groups[False].items() if groups[True][model] is not group]
        print(f"{name}: {len(differ)} of {len(groups[True])} differ; {seconds[True]:.2f} s for {seconds[False]:.2f} s")


if __name__ == "__main__":
    catalogue()
    table()
    same()
