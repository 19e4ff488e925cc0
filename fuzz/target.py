"""What a target is, and the oracle that all share: input is read, or refused in words that are safe to show.

A target is a module in `fuzz/targets/`:

    def seeds() -> Iterable[bytes]      inputs to begin with, from the repository's own data
    def one(data: bytes) -> None        one input; an `AssertionError` says what did not hold
                                        (a writer's document takes many texts: it returns how many it took)
    WORDS: tuple[str, ...]              what a mutation may put in; absent: nothing but what the seeds hold
    LONGEST: int                        bytes of the longest input that is tried; absent: 512
    REFUSES: tuple[type[Exception], …]  refusals of its own beside `InputError`; absent: none

Nothing here needs a fuzzer: the ordinary tests call the same functions.
"""

from __future__ import annotations

import atexit
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path

from checker.document.errors import InputError, render_problem
from checker.document.place import SourceFile
from checker.document.read import from_text
from checker.value import NamedTuple

ROOT = Path(__file__).parent.parent
MOST_SECONDS = 1.0
"""Of processor time that one input may take: the clock would measure what else the machine does."""
MOST_BYTES = 200 * 1024 * 1024
"""Of memory that one input may add to the process."""
_LONGEST = 512
_TARGETS = Path(__file__).parent / "targets"


class Target(NamedTuple):
    """One reader or writer."""

    name: str
    one: Callable[[bytes], int | None]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...]
    longest: int
    refuses: tuple[type[Exception], ...]


class Cost(NamedTuple):
    """What one input took."""

    seconds: float
    """Of processor time."""
    grown_bytes: int
    """By how much the peak of the process's memory rose."""
    inputs: int
    """1, or how many texts a writer was given."""


def names() -> tuple[str, ...]:
    """All targets, by the names of their files."""
    return tuple(sorted(path.stem.replace("_", "-") for path in _TARGETS.glob("[a-z]*.py")))


def load(name: str) -> Target:
    """A target by its name."""
    module = import_module(f"fuzz.targets.{name.replace('-', '_')}")
    return Target(
        name,
        module.one,
        module.seeds,
        getattr(module, "WORDS", ()),
        getattr(module, "LONGEST", _LONGEST),
        getattr(module, "REFUSES", ()),
    )


def attempt(target: Target, data: bytes) -> int:
    """Try one input, or one document's texts, and say how many: any exception that comes out of here is a finding."""
    inputs = None
    try:
        inputs = target.one(data)
    except InputError as error:
        for problem in error.problems:
            safe_lines(render_problem(problem))
        if not error.problems:
            raise AssertionError("a refusal that says nothing") from error
    except target.refuses as error:
        if not str(error):
            raise AssertionError("a refusal that says nothing") from error
    return 1 if inputs is None else inputs


def measured(target: Target, data: bytes) -> Cost:
    """Try one input and hold it to the limits; raises `AssertionError` where it takes too much."""
    before, since = peak_bytes(), time.process_time()
    inputs = attempt(target, data)
    cost = Cost(time.process_time() - since, peak_bytes() - before, inputs)
    assert cost.seconds <= MOST_SECONDS, f"it took {cost.seconds:.1f} s of processor time"
    assert cost.grown_bytes <= MOST_BYTES, f"it took {cost.grown_bytes >> 20} MiB of memory"
    return cost


def peak_bytes() -> int:
    """The most memory that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def safe_lines(text: str) -> None:
    """A terminal gets no control character but the ends of lines, and can show each of them."""
    odd = [character for character in text if not character.isprintable() and character != "\n"]
    assert not odd, f"not safe on a terminal: {odd[:5]!a}"


def source(data: bytes, name: str = "input.yaml") -> SourceFile:
    """The input as the text of a file; raises `InputError` where it is none."""
    return from_text(name, data)


def folder() -> Path:
    """An empty folder for as long as this process lives, in memory where the system has such a place."""
    memory = Path("/dev/shm")
    made = tempfile.mkdtemp(prefix="fuzz-", dir=memory if memory.is_dir() else None)
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


def files(*patterns: str, longest: int = 4096) -> Iterator[bytes]:
    """The content of the repository's files under these patterns that are no longer than this."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.stat().st_size <= longest:
                yield path.read_bytes()
