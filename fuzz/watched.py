"""Holds one target to its limits, input by input, and keeps what was seen in the target's folder."""

from __future__ import annotations

import json
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path

from fuzz.target import ROOT, load, measured, peak_bytes


class Watched:
    """A target, with what it cost and what came out of it.

    A finding does not end the run: it is kept once for each place that it comes from, and the run goes on.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.target = load(name)
        self.folder = folder
        self.inputs = 0
        self.slowest = 0.0
        self.slowest_input = b""
        self.found: dict[str, str] = {}
        self.told = time.monotonic()
        self.base, self.begun = peak_bytes(), time.process_time()
        for seed in self.target.seeds():
            self.attempt(seed)
        # What is loaded for the first input, and the time for it, count for none of them.
        self.base, self.begun = peak_bytes(), time.process_time()
        self.inputs = 0
        self.slowest = 0.0

    def attempt(self, data: bytes) -> None:
        """Try one input."""
        try:
            cost = measured(self.target, data)
        except Exception as error:
            self.inputs += 1
            self._keep(data, error)
        else:
            self.inputs += cost.inputs
            if cost.seconds > self.slowest:
                self.slowest, self.slowest_input = cost.seconds, data
        if time.monotonic() - self.told > 1:
            self.tell()

    def tell(self) -> None:
        """Write down what was seen so far: whatever ends this process, no more than a second is lost."""
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
