"""Changes a target's corpus at random: `python -m fuzz.blind TARGET RUNS SECONDS FOLDER`, several times as fast as atheris.

What no branch leads to is found by many tries. The corpus is the one that following branches has made.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from fuzz.watched import Watched

_MOST_CHANGES = 6
_LONGEST_CUT = 12
_SEEDS = 0.6
"""How many begin with a seed, and not with what branches have led to: those take longer, and are often refused."""


def main(name: str, runs: int, seconds: int, folder: Path) -> None:
    """Try inputs until there were that many, or that many seconds have passed.

    How many are left to try is where chance begins, so that a further run tries others and can be repeated.
    """
    watched = Watched(name, folder)
    chance = random.Random(runs)
    kept = sorted(folder.glob("corpus/*"))
    seeds = [*watched.target.seeds()]
    corpus = [*(path.read_bytes() for path in kept), *seeds]
    words = [word.encode("utf-8", "surrogatepass") for word in watched.target.words]
    end = time.monotonic() + seconds
    while watched.inputs < runs and time.monotonic() < end:
        beginning = chance.choice(seeds if chance.random() < _SEEDS else corpus)
        watched.attempt(changed(chance, beginning, corpus, words)[: watched.target.longest])
    watched.tell()
    print(f"{watched.inputs} inputs", file=sys.stderr)


def changed(chance: random.Random, beginning: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """An input with some bytes changed, cut, repeated, or taken from a word or from another input."""
    data = bytearray(beginning)
    for _ in range(chance.randint(1, _MOST_CHANGES)):
        at = chance.randrange(len(data) + 1)
        end = at + chance.randint(1, _LONGEST_CUT)
        match chance.randrange(5):
            case 0:
                data[at:end] = b""
            case 1:
                data[at:at] = data[at:end]
            case 2 if words:
                data[at:at] = chance.choice(words)
            case 3:
                other = chance.choice(corpus)
                start = chance.randrange(len(other) + 1)
                data[at:end] = other[start : start + chance.randint(1, _LONGEST_CUT)]
            case _:
                data[at : at + 1] = bytes((chance.randrange(256),))
    return bytes(data)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
