"""A batch: a line of JSON for each line of a file, or of standard input, written as soon as it is there."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, TypeAlias

from checker.console import Console
from checker.document.errors import InputError
from checker.document.lines import Answered
from checker.document.read import opened
from checker.document.system import NO_ROOM
from checker.exit_code import ExitCode

Answers: TypeAlias = Callable[[BinaryIO, str], Iterable[Answered]]
"""Answers a stream of lines, which messages call by a name."""

STDIN = "-"


def answer_batch(file: str, answers: Answers, console: Console, *, expected: str) -> ExitCode:
    """Write the answers, and return the code of the batch: an answer that is owed to a mistake of ours makes it a bug.

    Args:
        file: a path, or `-` for standard input.
        answers: what answers the lines.
        console: where they are written.
        expected: what a line holds, for the message about a file without one.

    Raises:
        InputError: the file cannot be read, or asks nothing.
    """
    if file == STDIN:
        return _written(answers(console.stdin.buffer, "<stdin>"), "<stdin>", console, expected)
    name = Path(file).as_posix()
    with opened(Path(file), name, pipe=True) as stream:
        try:
            return _written(answers(stream, name), name, console, expected)
        except OSError as error:
            if isinstance(error, BrokenPipeError) or error.errno in NO_ROOM:
                raise  # of standard output
            raise InputError.one("the file cannot be read", expected="a readable file", file=name) from error


def _written(lines: Iterable[Answered], name: str, console: Console, expected: str) -> ExitCode:
    gc.freeze()  # what the start made lives until the end; what a million lines leave behind must not
    gc.enable()
    code = None
    for line in lines:
        console.out.write(line.text)
        console.out.flush()  # whoever writes a line and waits for its answer gets it
        code = ExitCode.BUG if line.bug else code or ExitCode.OK
    if code is None:
        raise InputError.one("the batch is empty", expected=expected, file=name)
    return code
