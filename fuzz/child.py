"""Runs one target under atheris: `python -m fuzz.child TARGET RUNS SECONDS FOLDER`; what it saw goes into FOLDER/seen.json.

A finding does not end the run: it is kept once for each place that it comes from, and the run goes on.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path

import atheris

# For the whole life of the process: what is imported late is seen as well.
atheris.instrument_imports(include=["checker"]).__enter__()

from fuzz.target import MOST_BYTES, ROOT, load, measured, peak_bytes  # noqa: E402 - only now is it seen

_HANG = 60
"""Seconds on the clock after which libFuzzer calls an input a hang; processor time is held to a second."""


class Watched:
    """The target, with what it cost and what came out of it."""

    def __init__(self, name: str, runs: int, folder: Path) -> None:
        self.target = load(name)
        self.runs = runs
        self.folder = folder
        self.slowest = 0.0
        self.slowest_input = b""
        self.inputs = 0
        self.found: dict[str, str] = {}
        self.told = time.monotonic()
        for seed in self.target.seeds():
            self._try(seed)
        self.base = peak_bytes()
        self.begun = time.process_time()
        self.inputs = 0
        self.slowest = 0.0

    def __call__(self, data: bytes) -> None:
        """Try one input, and end the process behind the last one, as libFuzzer would."""
        self._try(data)
        if time.monotonic() - self.told > 1:
            self.tell()
        if self.inputs >= self.runs:
            self.tell()
            sys.stderr.flush()
            os._exit(0)

    def _try(self, data: bytes) -> None:
        try:
            cost = measured(self.target, data)
        except Exception as error:
            self.inputs += 1
            self._keep(data, error)
        else:
            self.inputs += cost.inputs
            if cost.seconds > self.slowest:
                self.slowest, self.slowest_input = cost.seconds, data

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        ours = [one for one in frames if str(ROOT) in one.filename and "/.venv" not in one.filename][-1]
        place = f"{type(error).__name__} at {Path(ours.filename).relative_to(ROOT)}:{ours.lineno}"
        if place not in self.found:
            name = sha256(data).hexdigest()[:16]
            self.found[place] = name
            (self.folder / "found").mkdir(exist_ok=True)
            (self.folder / "found" / name).write_bytes(data)
            print(f"FOUND {place}: {error!s:.300} ({name})", file=sys.stderr, flush=True)

    def tell(self) -> None:
        """Say what was seen so far: libFuzzer ends the process itself, so that nothing runs behind the last input."""
        self.told = time.monotonic()
        seen = {
            "inputs": self.inputs,
            "processor_seconds": round(time.process_time() - self.begun, 1),
            "slowest_seconds": round(self.slowest, 4),
            "grown_mib": round((peak_bytes() - self.base) / 1024 / 1024, 1),
            "found": self.found,
        }
        (self.folder / "seen.json").write_text(json.dumps(seen, indent=1), encoding="utf-8")
        (self.folder / "slowest").write_bytes(self.slowest_input)


def main(name: str, runs: int, seconds: int, folder: Path) -> None:
    """Fuzz until that many inputs were tried, or that many seconds have passed."""
    corpus, first = folder / "corpus", folder / "seeds"
    for one in (corpus, first):
        one.mkdir(parents=True, exist_ok=True)
    watched = Watched(name, runs, folder)
    for seed in watched.target.seeds():
        (first / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = [
        *(f"-runs={runs + 1}", f"-max_total_time={seconds}", f"-max_len={watched.target.longest}", f"-timeout={_HANG}"),
        *(
            f"-rss_limit_mb={(watched.base + 2 * MOST_BYTES) >> 20}",
            "-len_control=0",
            "-print_final_stats=1",
            "-reload=0",
        ),
        f"-artifact_prefix={folder}/",
    ]
    if watched.target.words:
        words = folder / "words.dict"
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in watched.target.words if word), encoding="ascii")
        options.append(f"-dict={words}")
    atheris.Setup([sys.argv[0], *options, str(corpus), str(first)], watched)
    try:
        atheris.Fuzz()
    finally:
        watched.tell()


def _escaped(word: str) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word.encode())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
