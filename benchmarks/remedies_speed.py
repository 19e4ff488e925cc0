"""Remedies for one manifest with five findings that block: a process of its own each time, and the same in one process.

Run it with `python benchmarks/remedies_speed.py`. The aim is less than half a second for the remedies, beside what the
check takes without them. Wall and CPU time; both commands take turns, so that a drift of the machine hits both.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from checker import gate
from checker.remedies.search import remedies_of
from checker.request import Request

MANIFEST = """\
weighbridge: 1
owner: support-platform
use: {purpose: commercial, distribution: service, regions: [EU], monthly_active_users: 1000}
models:
  - model: Qwen/Qwen2.5-14B
    revision: main
    objective: chat
    fine_tuning:
      goal: tone
      method: lora
      sequence_length: 8192
      hardware: {gpu: RTX 4090}
    deployment: {context_window: 262144, parallel_requests: 8, hardware: {gpu: L40S}}
"""
ROUNDS = 7


def request(path: Path) -> Request:
    """What `check` is asked with."""
    today = date(2026, 11, 28)
    return Request(paths=(path,), policy=None, environment_policy=None, today=today, keep_basis=True)


def process(path: Path, *options: str) -> tuple[float, float]:
    """Wall and CPU seconds of one run of the command."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "checker", "check", str(path), "--today", "2026-11-28", *options]
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, _, used = os.wait4(child, 0)
    return time.perf_counter() - start, used.ru_utime + used.ru_stime


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.yaml")
        path.write_text(MANIFEST, encoding="utf-8")
        asked = request(path)
        report = gate.judge(asked)
        blocking = [one.rule for one in report.stopping]
        start, busy = time.perf_counter(), time.process_time()
        found = remedies_of(report.manifests[0], report, asked)
        cold = time.perf_counter() - start, time.process_time() - busy
        offered = sum(len(one.remedies) for one in found.findings)
        judged = sum(one.tried for one in found.findings)
        print(f"{len(blocking)} blocking findings: {', '.join(blocking)}")
        print(f"{offered} remedies offered; {judged} changes judged")
        print(f"in one process, the first time: {cold[0]:.3f} s wall, {cold[1]:.3f} s CPU")
        pairs = [(process(path), process(path, "--remedies")) for _ in range(ROUNDS)]
        for name, index in (("wall", 0), ("CPU", 1)):
            plain, more = (median(pair[which][index] for pair in pairs) for which in (0, 1))
            print(f"check {plain:.3f} s {name}, check --remedies {more:.3f} s {name}: {more - plain:.3f} s more")


if __name__ == "__main__":
    main()
