"""A change as a patch that `git apply` takes, and as stretches of the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from checker.manifest.edit import Splice
from checker.remedy import Replacement

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
"""A line as `diff` and `patch` count it."""
_NO_NEWLINE = "\\ No newline at end of file\n"
_MARK = "\ufeff"


def mark_of(path: Path) -> str:
    """The byte order mark with which a file begins, which its text is read without; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return _MARK if file.read(3) == _MARK.encode() else ""


def patch_of(name: str, before: str | None, after: str) -> str:
    """A unified diff.

    Args:
        name: the file's path; of one that leads out of the current folder nothing is cut.
        before: its text; None where it is not there yet.
        after: its text with the change.
    """
    from difflib import unified_diff  # 4 ms to import, and few runs ask

    old, new = (_LINE.findall(text) for text in (before or "", after))
    origin = "/dev/null" if before is None else f"a/{name}"
    lines = unified_diff(old, new, origin, f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}" for line in lines)


def replacements_of(text: str, splices: Iterable[Splice]) -> tuple[Replacement, ...]:
    """The stretches by lines and columns, from the top."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def place(offset: int) -> tuple[int, int]:
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    return tuple(Replacement(*place(start), *place(end), new) for start, end, new in sorted(splices))
