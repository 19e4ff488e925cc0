"""`weighbridge check` beside `check-jsonschema`: one manifest, one beside a large lock, and a thousand in one run.

Run it with `python dev.py bench`, or by itself with `python benchmarks/check_speed.py`. Both commands take turns, so
that a drift of the machine hits both. Wall time, CPU time (user and system, children included) and peak memory (the
largest single process) come from the operating system's account of each child (`os.wait4`; Linux and macOS).
"""

from __future__ import annotations

import compileall
import hashlib
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty, Fact
from checker.facts.locked.entry import LockedFacts, LockedFile, LockEntry, Stated
from checker.facts.locked.file import as_text
from checker.facts.locked.lock import lock_of
from checker.facts.model import Facts, LicenseFile

LOCKED = 50
"""Models of the lock beside which one manifest is checked."""
ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "checker" / "schemas" / "manifest.schema.json"
SIX_LINES = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: L4}}
"""
BOMB = "weighbridge: 1\na0: &a0 [x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]\n" for level in range(1, 40)
)


class Cost(NamedTuple):
    """What one run of a command took."""

    wall_seconds: float
    cpu_seconds: float
    peak_mib: float
    """MiB (2**20 bytes) of the largest single process."""
    code: int


def cost(command: Sequence[str], folder: Path) -> Cost:
    """Run a command with its output thrown away."""
    environment = {key: value for key, value in os.environ.items() if key != "WEIGHBRIDGE_POLICY"}
    start = time.perf_counter()
    process = os.posix_spawn(
        command[0],
        command,
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(
        wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20, os.waitstatus_to_exitcode(status)
    )


def peer_alone() -> str:
    """The peer in an environment of its own, with what it asks for and no more, from the wheelhouse.

    Beside our tools it starts several times slower: a parser of addresses that another package brings is built then.
    """
    venv = ROOT / ".peers" / "check-jsonschema"
    scripts = venv / ("Scripts" if os.name == "nt" else "bin")
    if not (scripts / "check-jsonschema").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
        wheels = ("--no-index", "--find-links", str(ROOT / ".wheelhouse"))
        name = f"check-jsonschema=={version('check-jsonschema')}"
        subprocess.run([str(scripts / "python"), "-m", "pip", "install", "--quiet", *wheels, name], check=True)
    return str(scripts / "check-jsonschema")


def compare(title: str, ours: Sequence[str], peer: Sequence[str], folder: Path, rounds: int) -> None:
    """Both commands in turns; prints medians and the ratio of each round's wall times."""
    pairs = [(cost(ours, folder), cost(peer, folder)) for _ in range(rounds)]
    print(f"\n{title} ({rounds} rounds in turns, medians)")
    print(f"{'':24}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}{'code':>6}")
    for name, costs in (("weighbridge check", [a for a, _ in pairs]), ("check-jsonschema", [b for _, b in pairs])):
        print(
            f"{name:24}{median(c.wall_seconds for c in costs):9.3f}{median(c.cpu_seconds for c in costs):9.3f}"
            f"{median(c.peak_mib for c in costs):10.1f}{costs[0].code:6d}"
        )
    for what in ("wall", "cpu"):  # where others use the machine too, the processor's time says more
        ratios = sorted(getattr(a, f"{what}_seconds") / getattr(b, f"{what}_seconds") for a, b in pairs)
        print(f"{what}, ours/peer: median {median(ratios):.2f}, range {ratios[0]:.2f} to {ratios[-1]:.2f}")


def lock_of_many() -> str:
    """A lock of as many models of the catalogue as a large project has, each with 30 files of weights and a licence."""
    catalogue = Catalogue()
    recorded = (facts for model in catalogue.ids() if (facts := catalogue.find(model)) and facts.revision)
    chosen = [catalogue.find("Qwen/Qwen2.5-7B-Instruct"), *recorded][:LOCKED]
    texts = {
        hashlib.sha256(text.encode()).hexdigest(): tuple(text.split("\n"))
        for text in (
            "\n".join([f"licence {number}", *["so many words that they fill a line of a text"] * 200])
            for number in range(10)
        )
    }
    digests = list(texts)
    return as_text(lock_of((locked(facts, digests[i % 10]) for i, facts in enumerate(chosen) if facts), texts))


def locked(facts: Facts, text: str) -> LockEntry:
    """The entry that the catalogue's facts would make, with files as a model of 150 GB has them."""
    known = {name: fact for name in LockedFacts._fields if isinstance(fact := getattr(facts, name, None), Fact)}
    stated = {name: Stated(fact.value, fact.certainty, "config.json") for name, fact in known.items()}
    stated["weight_formats"] = Stated(("safetensors",), Certainty.VERIFIED, "names of files")
    stated["remote_code"] = Stated(False, Certainty.VERIFIED, "config.json without `auto_map`")
    stated["license_files"] = Stated((LicenseFile("LICENSE", text),), Certainty.VERIFIED, "LICENSE")
    files = [
        LockedFile(f"model-{n:05}-of-00030.safetensors", 5 * 10**9, sha256=hashlib.sha256(b"%d" % n).hexdigest())
        for n in range(1, 31)
    ]
    return LockEntry(
        facts.model, None, facts.revision, "2026-11-20T09:00:00Z", "https://huggingface.co",
        facts=LockedFacts(**stated), files=tuple(files),
    )  # fmt: skip


def main() -> None:
    """Print both comparisons, the rate for many manifests, and the time to refuse an alias bomb."""
    # A tool that is installed has its bytecode; a checkout in which writing it is switched off would not.
    compileall.compile_dir(str(ROOT / "checker"), quiet=1)
    ours, peer = str(Path(sysconfig.get_path("scripts")) / "weighbridge"), peer_alone()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one" / "model.yaml"
        one.parent.mkdir()
        one.write_text(SIX_LINES)
        compare(
            "one manifest", [ours, "check", str(one)], [peer, "--schemafile", str(SCHEMA), str(one)], folder, rounds=21
        )
        beside = folder / "locked" / "model.yaml"
        beside.parent.mkdir()
        beside.write_text(SIX_LINES)
        (beside.parent / "model.lock").write_text(lock_of_many())
        size = (beside.parent / "model.lock").stat().st_size
        compare(
            f"one manifest beside a lock of {LOCKED} models ({size / 2**10:.0f} KiB)",
            [ours, "check", str(beside)],
            [peer, "--schemafile", str(SCHEMA), str(beside)],
            folder,
            rounds=21,
        )
        many = []
        for number in range(1000):
            path = folder / "many" / f"project-{number:04}" / "model.yaml"
            path.parent.mkdir(parents=True)
            path.write_text(SIX_LINES)
            many.append(str(path))
        compare(
            "1,000 manifests in one run",
            [ours, "check", str(folder / "many")],
            [peer, "--schemafile", str(SCHEMA), *many],
            folder,
            rounds=5,
        )
        seconds = median(cost([ours, "check", str(folder / "many")], folder).wall_seconds for _ in range(3))
        print(f"{1000 / seconds:.0f} manifests a second on {len(os.sched_getaffinity(0))} cores, start included")
        bomb = folder / "bomb" / "model.yaml"
        bomb.parent.mkdir()
        bomb.write_text(BOMB)
        refused = [cost([ours, "check", str(bomb)], folder) for _ in range(5)]
        print(f"\nalias bomb: refused with code {refused[0].code} in {median(c.wall_seconds for c in refused):.3f} s")


if __name__ == "__main__":
    main()
