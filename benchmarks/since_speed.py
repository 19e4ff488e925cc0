"""`weighbridge check --since` beside a full check, in a repository with 10,000 commits and 2,000 manifests.

Run it with `python dev.py bench`, or by itself with `python benchmarks/since_speed.py`. The history is built by
`git fast-import`; one manifest differs from the base. Both commands take turns, so that a drift of the machine hits
both. The ordinary `check` of one manifest stands beside them: what a start costs is in all three.
"""

from __future__ import annotations

import compileall
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
COMMITS = 10_000
MANIFESTS = 2_000
ROUNDS = 5
MANIFEST = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: L4}}
"""


def history() -> Iterator[bytes]:
    """The stream of `git fast-import`: all manifests in the first commit, then one note a commit."""
    blob = MANIFEST.encode()
    yield b"blob\nmark :1\ndata %d\n%s\n" % (len(blob), blob)
    for number in range(COMMITS):
        message = b"change %d" % number
        yield b"commit refs/heads/main\ncommitter Dev <dev@example.com> %d +0000\n" % (1_600_000_000 + number * 60)
        yield b"data %d\n%s\n" % (len(message), message)
        if number == 0:
            for project in range(MANIFESTS):
                yield b"M 100644 :1 services/team-%02d/project-%04d/model.yaml\n" % (project % 40, project)
        note = b"note %d" % number
        yield b"M 100644 inline notes/%02d.txt\ndata %d\n%s\n" % (number % 50, len(note), note)
    yield b"done\n"


def build(folder: Path) -> None:
    git(folder, "init", "--quiet", "--initial-branch=main")
    subprocess.run(["git", "fast-import", "--quiet", "--done"], cwd=folder, input=b"".join(history()), check=True)
    git(folder, "reset", "--hard", "--quiet", "main")
    git(folder, "switch", "--quiet", "--create", "change")
    changed = folder / "services/team-07/project-0007/model.yaml"
    changed.write_text(MANIFEST.replace("8192", "16384"), encoding="utf-8")
    identity = ("-c", "user.name=Dev", "-c", "user.email=dev@example.com")
    git(folder, *identity, "commit", "--quiet", "--all", "--message", "Serve longer prompts")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)


class Cost(NamedTuple):
    """What one run of a command took, git's processes included."""

    wall_seconds: float
    cpu_seconds: float


def cost(command: list[str], folder: Path) -> Cost:
    before, start = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    finished = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    wall, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {finished.returncode}: {finished.stderr.decode()}")
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Print the times of both, and how much of a full check a change needs."""
    compileall.compile_dir(str(ROOT / "checker"), quiet=1)
    command = str(Path(sysconfig.get_path("scripts")) / "weighbridge")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        one = [command, "check", "services/team-07/project-0007/model.yaml"]
        since, full = [command, "check", "--since", "main"], [command, "check"]
        rounds = [(cost(one, folder), cost(since, folder), cost(full, folder)) for _ in range(ROUNDS)]
    print(f"{COMMITS:,} commits, {MANIFESTS:,} manifests, one changed ({ROUNDS} rounds in turns, medians)")
    print(f"{'':20}{'wall s':>9}{'CPU s':>9}   wall, range")
    for title, costs in zip(("check FILE", "check --since main", "check"), zip(*rounds, strict=True), strict=True):
        walls = [each.wall_seconds for each in costs]
        cpu = median(each.cpu_seconds for each in costs)
        print(f"{title:20}{median(walls):9.3f}{cpu:9.3f}   {min(walls):.3f} to {max(walls):.3f}")
    ratios = sorted(b.wall_seconds / c.wall_seconds for _, b, c in rounds)
    print(f"wall, since/full: median {median(ratios):.3f}, range {ratios[0]:.3f} to {ratios[-1]:.3f}")


if __name__ == "__main__":
    main()
