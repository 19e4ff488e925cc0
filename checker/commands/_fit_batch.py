"""`fit --batch`: a line of JSON for each line of a file, or of standard input."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from checker.console import Console
from checker.document.errors import InputError
from checker.exit_code import ExitCode
from checker.sizing.batch import Asked, Line, answers


def answer_batch(args: Namespace, console: Console) -> int:
    """Write the answers, and return the code of the batch.

    Raises:
        InputError: the file cannot be read, or holds no line.
    """
    if args.batch == "-":
        asked = Asked("<stdin>", args.headroom, args.alternatives)
        return _written(answers(console.stdin.buffer, asked, args.jobs or 1), "<stdin>", console)
    from checker.gate import jobs_of_this_machine

    asked = Asked(Path(args.batch).as_posix(), args.headroom, args.alternatives)
    try:
        with open(args.batch, "rb") as stream:
            return _written(answers(stream, asked, args.jobs or jobs_of_this_machine()), args.batch, console)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError.one("the file cannot be read", expected="a readable file", file=args.batch) from error


def _written(lines: Iterator[Line], name: str, console: Console) -> int:
    import gc

    gc.freeze()  # what the start made lives until the end; what a million lines leave behind must not
    gc.enable()
    code = None
    for line in lines:
        console.out.write(line.text)
        console.out.flush()  # whoever writes a line and waits for its answer gets it
        code = ExitCode.BUG if line.bug else code or ExitCode.OK
    if code is None:
        raise InputError.one("the batch is empty", expected="a JSON plan a line", file=name)
    return code
