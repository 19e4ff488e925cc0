"""Runs one target under atheris: `python -m fuzz.child TARGET RUNS SECONDS FOLDER`; what it saw goes into FOLDER/seen.json."""

from __future__ import annotations

import os
import sys
from hashlib import sha256
from pathlib import Path

import atheris

# For the whole life of the process: what is imported late is seen as well.
atheris.instrument_imports(include=["checker"]).__enter__()

from fuzz.target import MOST_BYTES  # noqa: E402 - only now is it seen
from fuzz.watched import Watched  # noqa: E402

_HANG = 60
"""Seconds on the clock after which libFuzzer calls an input a hang; processor time is held to a second."""


def main(name: str, runs: int, seconds: int, folder: Path) -> None:
    """Fuzz until that many inputs were tried, or that many seconds have passed."""
    corpus, first = folder / "corpus", folder / "seeds"
    for one in (corpus, first):
        one.mkdir(parents=True, exist_ok=True)
    watched = Watched(name, folder)
    for seed in watched.target.seeds():
        (first / sha256(seed).hexdigest()[:16]).write_bytes(seed)

    def attempt(data: bytes) -> None:
        watched.attempt(data)
        if watched.inputs >= runs:  # libFuzzer would end the process here as well
            watched.tell()
            sys.stderr.flush()
            os._exit(0)

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
    atheris.Setup([sys.argv[0], *options, str(corpus), str(first)], attempt)
    try:
        atheris.Fuzz()
    finally:
        watched.tell()


def _escaped(word: str) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word.encode())


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
