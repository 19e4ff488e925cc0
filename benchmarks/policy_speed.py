"""`policy test` over 200 cases, and `policy impact` over 2,000 manifests beside `check` of the same under each policy.

Run it with `python dev.py bench policy_speed`. Every command is a process of its own; the impact and the two checks take
turns, so that a drift of the machine hits all. The older policy is the pack `enterprise`; the newer one changes four
settings of it, of which one is a licence that a fifth of the manifests use. Never an assert.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
ROUNDS = 7
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


def seconds(folder: Path, *arguments: str) -> float:
    """Seconds on the wall that one process takes."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}")
    return time.perf_counter() - begin


def told(name: str, found: list[float]) -> None:
    print(f"{name:<44} median {median(found):.2f} s ({min(found):.2f} to {max(found):.2f})")


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "old.yaml").write_text(OLD, encoding="utf-8")
        (folder / "new.yaml").write_text(NEW, encoding="utf-8")
        manifests(folder / "fleet")
        cases(folder)
        tests = ("policy", "test", "cases.yaml")
        told(f"policy test, {CASES} cases", [seconds(folder, *tests) for _ in range(ROUNDS)])
        told("the same with --mutate", [seconds(folder, *tests, "--mutate") for _ in range(3)])
        policies = ("--from", "old.yaml", "--to", "new.yaml")
        for jobs in ("1", "2"):
            runs: dict[str, list[float]] = {"impact": [], "impact --why": [], "check, twice": []}
            for _ in range(ROUNDS):
                runs["impact"].append(seconds(folder, "policy", "impact", *policies, "--jobs", jobs, "fleet"))
                runs["impact --why"].append(
                    seconds(folder, "policy", "impact", *policies, "--why", "--jobs", jobs, "fleet")
                )
                checks = (
                    seconds(folder, "check", "fleet", "--policy", policy, "--jobs", jobs, "--output", "json")
                    for policy in ("old.yaml", "new.yaml")
                )
                runs["check, twice"].append(sum(checks))
            for name, found in runs.items():
                told(f"{name}, {MANIFESTS} manifests, {jobs} processes", found)
            for name in ("impact", "impact --why"):
                ratios = sorted(one / two for one, two in zip(runs[name], runs["check, twice"], strict=True))
                print(f"{name} / check twice: median {median(ratios):.2f}, range {ratios[0]:.2f} to {ratios[-1]:.2f}")


if __name__ == "__main__":
    main()
