"""Files and functions stay small enough to be read at once; what is longer is named here, with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.packaging.imports import modules
from tests.packaging.offline import ROOT

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 50
"""With its signature and docstring."""
LONG_FILES = {
    "checker/verdict.py": (430, "the vocabulary of verdicts: values that refer to each other, and next to no code"),
}
LONG_FUNCTIONS = {
    "checker/selection/many.py:judged": (52, "one pass over a stream of rows; its parts would share six names"),
    "checker/memory/litgpt.py:moments": (52, "the eight moments of one loop, in their order"),
}
"""What may be longer: up to which line, and why."""
_FUNCTION = re.compile(r"^(?P<indent> *)def (?P<name>\w+)")


def functions(lines: list[str]) -> Iterator[tuple[str, int]]:
    """Each function with its lines: it ends before the next line that begins no further in than it does.

    A signature of several lines closes that far in too (`) -> None:`), and does not end it.
    """
    for number, line in enumerate(lines):
        if found := _FUNCTION.match(line):
            depth, last = len(found["indent"]), number
            for index in range(number + 1, len(lines)):
                text = lines[index].strip()
                if text and len(lines[index]) - len(lines[index].lstrip()) <= depth and not text.startswith(")"):
                    break
                last = index if text else last
            yield found["name"], last - number + 1


def sources() -> list[Path]:
    """All code but the tests, whose files are tables as often as not."""
    folders = (path for folder in ("tools", "fuzz", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py")))
    return [*modules().values(), *folders, ROOT / "dev.py"]


def test_no_file_and_no_function_is_too_long_to_be_read_at_once() -> None:
    long = {}
    for file in sources():
        name = file.relative_to(ROOT).as_posix()
        lines = file.read_text(encoding="utf-8").splitlines()
        if len(lines) > LONG_FILES.get(name, (LINES_OF_A_FILE, ""))[0]:
            long[name] = len(lines)
        for function, length in functions(lines):
            if length > LONG_FUNCTIONS.get(f"{name}:{function}", (LINES_OF_A_FUNCTION, ""))[0]:
                long[f"{name}:{function}"] = length
    assert long == {}


def test_what_may_be_longer_is() -> None:
    for name in LONG_FILES:
        assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) > LINES_OF_A_FILE
    for place in LONG_FUNCTIONS:
        name, _, function = place.partition(":")
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        assert max(length for other, length in functions(lines) if other == function) > LINES_OF_A_FUNCTION
