"""The page of the exit codes, made from the type that holds them."""

from __future__ import annotations

from checker.command_line import INTERRUPTED
from checker.document.schema import attribute_docstrings
from checker.exit_code import PIPE_CLOSED, ExitCode
from tools.reference.markdown import table

HEAD = """\
# Exit codes

The output format never changes the code. When several hold: 70, then 2, 1, 3. `--exit-zero` turns 1 into 0 and keeps
the others. In Python, [`check`](python.md#check) returns a report for 0, 1 and 3 and raises `InputError` for 2.

"""
_SIGNALS = {
    INTERRUPTED: "interrupted from the keyboard; files are as they were",
    PIPE_CLOSED: "whoever read standard output has gone, as after `| head -1`",
}


def page() -> str:
    """The page."""
    meanings = attribute_docstrings(ExitCode)
    rows = [(str(int(code)), *_two(meanings[code.name])) for code in ExitCode]
    rows += [(str(code), meaning, "the same") for code, meaning in _SIGNALS.items()]
    return HEAD + table(("code", "commands that judge", "commands that answer a question"), rows)


def _two(meaning: str) -> tuple[str, str]:
    judged, _, answered = meaning.partition("; a question: ")
    return judged.rstrip("."), answered.rstrip(".") or "the same"
