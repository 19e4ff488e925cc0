"""`weighbridge audit` over 5,000 repositories: rate, memory, a resumed run, a Dask cluster beside the pool, and pages.

Run it with `python dev.py bench fleet_speed`, or by itself with `python benchmarks/fleet_speed.py [COUNT]`. The
repositories are made for it: real model ids of the catalogue, code, one in ten broken in one of twenty ways, one in ten
without a manifest. Commands that are compared take turns in one run.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks._fleet import fleet  # noqa: E402

COUNT = 5_000
ROUNDS = 3
PROGRAM = [sys.executable, "-m", "checker"]


class Cost(NamedTuple):
    """What one run took, with all its processes."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    """Resident memory of the largest process, in MiB."""


def cost(folder: Path, *arguments: str) -> Cost:
    """Run `weighbridge` in a folder; any code but 70 will do."""
    command = ["/usr/bin/time", "-f", "%U %S %M", *PROGRAM, *arguments]
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - began
    if done.returncode == 70 or not done.stderr.strip():
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    user, system, peak = done.stderr.strip().splitlines()[-1].split()
    return Cost(wall, float(user) + float(system), int(peak) / 1024)


def median(costs: list[Cost]) -> Cost:
    """The run with the middle wall time."""
    return sorted(costs)[len(costs) // 2]


def row(name: str, one: Cost, count: int) -> None:
    rate = count / one.wall_seconds
    print(f"| {name} | {one.wall_seconds:.2f} | {one.cpu_seconds:.2f} | {one.peak_mib:.0f} | {rate:,.0f} |")


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[str]:
    """A scheduler on loopback with so many workers of one thread."""
    program = str(Path(sys.executable).with_name("dask"))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> Path:
        log = folder / f"{name}.log"
        with open(log, "wb") as out:
            command = [program, *arguments, "--no-dashboard", "--host", "127.0.0.1"]
            started.append(subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=folder))
        return log

    def seen(log: Path, pattern: str) -> str:
        while not (found := re.search(pattern, log.read_text())):
            time.sleep(0.05)
        return found[1]

    try:
        address = seen(start("scheduler", "scheduler", "--port", "0"), r"Scheduler at:\s+(\S+)")
        logs = [
            start(f"worker{number}", "worker", address, "--nthreads", "1", "--no-nanny") for number in range(workers)
        ]
        for log in logs:
            seen(log, r"Registered to:\s+(\S+)")
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def difference(one: Path, other: Path) -> str:
    """Where two documents differ for the first time, with what both say; empty where they do not."""
    pairs = zip(one.read_text().splitlines(), other.read_text().splitlines(), strict=False)
    for number, (left, right) in enumerate(pairs, start=1):
        if left != right:
            at = next((place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), 0)
            return f"OTHER BYTES in line {number}: {left[at - 60 : at + 60]!r} and {right[at - 60 : at + 60]!r}"
    return "" if one.read_bytes() == other.read_bytes() else "OTHER BYTES at the end"


def opened(page: Path) -> float:
    """Seconds that headless Chromium takes to load and print a page, its start included; the least of three."""
    browser = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
    )
    if not browser:
        return float("nan")
    command = [browser, "--headless", "--no-sandbox", "--dump-dom", page.as_uri()]
    times = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - began)
    return min(times)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        fleet(folder / "all", count)
        fleet(folder / "fifth", count // 5)
        print("| audit | wall s | CPU s | peak MiB | projects a second |")
        print("|---|---|---|---|---|")
        row(f"{count // 5:,} projects, 1 process", cost(folder, "audit", "fifth", "--jobs", "1"), count // 5)
        row(f"{count:,} projects, 1 process", cost(folder, "audit", "all", "--jobs", "1"), count)
        whole = ("audit", "all", "--jobs", "2")
        with dask(folder, 2) as address:
            pool, cluster = [], []
            for _ in range(ROUNDS):
                pool.append(cost(folder, *whole, "--output", "json=pool.json"))
                cluster.append(cost(folder, "audit", "all", "--cluster", address, "--output", "json=dask.json"))
        different = difference(folder / "pool.json", folder / "dask.json")
        row(f"{count:,} projects, 2 processes, JSON", median(pool), count)
        row(f"the same by Dask, 2 workers ({different or 'the same bytes'})", median(cluster), count)
        row("first run with --store", cost(folder, *whole, "--store", "store"), count)
        changed = next((folder / "all").glob("team-00/service-*/model.yaml"))
        changed.write_text(changed.read_text() + "# changed\n")
        resumed = cost(folder, *whole, "--store", "store")
        full = cost(folder, *whole)
        row("resumed, one project changed", resumed, count)
        row("full beside it", full, count)
        row("HTML pages, from the store", cost(folder, *whole, "--store", "store", "--output", "html=pages"), count)
        print()
        print(f"Dask beside the pool: {median(cluster).wall_seconds / median(pool).wall_seconds:.2f} of its time.")
        print(f"Resumed beside full: {resumed.wall_seconds / full.wall_seconds:.2f} of its time.")
        blank = folder / "blank.html"
        blank.write_text("<!DOCTYPE html><title>blank</title>")
        seconds = {name: opened(folder / "pages" / name) for name in ("index.html", "projects-1.html")}
        said = ", ".join(f"{name} {took:.2f} s" for name, took in seconds.items())
        print(f"Chromium, its start included: blank page {opened(blank):.2f} s, {said}.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
