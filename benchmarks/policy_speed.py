"""`policy test` over 200 cases, and `policy impact` over 2,000 manifests beside `check` of them under each policy.

Run it with `python dev.py bench policy_speed`. Every command is a process of its own; the impact and the two checks
take turns, so that a drift of the machine hits all. The older policy is the pack `enterprise`; the newer one changes
four settings of it, of which one is a licence that a fifth of the manifests use. Never an assert.
"""

from __future__ import annotations

import compileall
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ROUNDS = 5
CASES = 200
MANIFESTS = 2_000
MODELS = (
    ("Qwen/Qwen2.5-7B-Instruct", "chat", "deployment: {context_window: 8192, hardware: {gpu: L4}}"),
    ("meta-llama/Llama-3.1-8B-Instruct", "chat", "deployment: {context_window: 32768, hardware: {gpu: L40S}}"),
    ("BAAI/bge-m3", "similarity", "license: mit"),
    ("mistralai/Mistral-7B-Instruct-v0.3", "chat", "size_class: general"),
    ("google/gemma-2-9b-it", "chat", "status: live"),
)
OLD = "policy: acme\nversion: 1\nextends: weighbridge:enterprise\n"
NEW = (
    "policy: acme\nversion: 2\nextends: weighbridge:enterprise\nrules:\n"
    "  license-allowed: {allow: [Apache-2.0, MIT]}\n  serving-fits: {headroom: 15%}\n"
    "  context-window: hard-mandatory\n  size-class: soft-mandatory\n"
)


def manifests(folder: Path) -> None:
    for number in range(MANIFESTS):
        model, objective, more = MODELS[number % len(MODELS)]
        if more.startswith("status"):
            head, entry = f"{more}\n", ""
        else:
            head, entry = "", f"    {more}\n"
        path = folder / f"svc{number:04}" / "model.yaml"
        path.parent.mkdir(parents=True)
        path.write_text(
            f"weighbridge: 1\nowner: team-{number % 40}\nproject: svc{number:04}\n{head}models:\n"
            f"  - model: {model}\n    revision: {number:040x}\n    objective: {objective}\n{entry}",
            encoding="utf-8",
        )


def cases(folder: Path) -> None:
    (folder / "cases.yaml").write_text(OLD, encoding="utf-8")
    written = ["weighbridge_policy_tests: 1\ntoday: 2026-11-23\ncases:\n"]
    accepted = {"BAAI/bge-m3": "pass", "google/gemma-2-9b-it": "fail"}
    for number in range(CASES):
        model, objective, more = MODELS[number % len(MODELS)]
        entry = f", {more}" if not more.startswith("status") else ""
        outcome = accepted.get(model, "pass")
        fits = ", serving-fits: pass, context-window: pass" if "deployment" in more else ""
        written.append(
            f"  - name: case {number}\n    model: {{model: {model}, objective: {objective}{entry}}}\n"
            f"    expect: {{license-allowed: {outcome}, license-known: pass, architecture-objective: pass{fits}}}\n"
        )
    (folder / "cases.test.yaml").write_text("".join(written), encoding="utf-8")


class Spent(NamedTuple):
    """Seconds on the wall, and of processors, that a process takes with those that it starts."""

    wall: float
    cpu: float


def spent(folder: Path, *arguments: str) -> Spent:
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}")
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def told(name: str, found: list[Spent]) -> None:
    wall, cpu = sorted(one.wall for one in found), sorted(one.cpu for one in found)
    print(f"{name:<44} wall {median(wall):.2f} s ({wall[0]:.2f} to {wall[-1]:.2f}), processor {median(cpu):.2f} s")


def compared(name: str, one: list[Spent], other: list[Spent]) -> None:
    for what in ("wall", "cpu"):
        ratios = sorted(getattr(a, what) / getattr(b, what) for a, b in zip(one, other, strict=True))
        print(f"{name}: {what}: median {median(ratios):.2f}, range {ratios[0]:.2f} to {ratios[-1]:.2f}")


def main() -> None:
    compileall.compile_dir(ROOT / "checker", quiet=1)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "old.yaml").write_text(OLD, encoding="utf-8")
        (folder / "new.yaml").write_text(NEW, encoding="utf-8")
        manifests(folder / "fleet")
        cases(folder)
        tests = ("policy", "test", "cases.yaml")
        starts = [spent(folder, "policy", "--help") for _ in range(ROUNDS)]
        told("start (policy --help)", starts)
        told(f"policy test, {CASES} cases", [spent(folder, *tests) for _ in range(ROUNDS)])
        told("the same with --mutate --inherited", [spent(folder, *tests, "--mutate", "--inherited") for _ in range(3)])
        for jobs in ("1", "2"):
            impact_beside_checks(folder, jobs)


def impact_beside_checks(folder: Path, jobs: str) -> None:
    policies = ("--from", "old.yaml", "--to", "new.yaml", "--jobs", jobs, "fleet")
    runs: dict[str, list[Spent]] = {"impact": [], "impact --why": [], "check, twice": []}
    for _ in range(ROUNDS):
        runs["impact"].append(spent(folder, "policy", "impact", *policies))
        runs["impact --why"].append(spent(folder, "policy", "impact", "--why", *policies))
        checks = [
            spent(folder, "check", "fleet", "--policy", policy, "--jobs", jobs) for policy in ("old.yaml", "new.yaml")
        ]
        runs["check, twice"].append(Spent(sum(one.wall for one in checks), sum(one.cpu for one in checks)))
    for name, found in runs.items():
        told(f"{name}, {MANIFESTS} manifests, {jobs} process{'es' * (jobs != '1')}", found)
    for name in ("impact", "impact --why"):
        compared(f"{name} / check twice", runs[name], runs["check, twice"])


if __name__ == "__main__":
    main()
