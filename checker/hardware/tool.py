"""Runs a maker's tool for a bounded time and takes a bounded answer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from tempfile import TemporaryFile

from checker.hardware.machine import Cause
from checker.value import NamedTuple

SECONDS = 10.0
"""How long a tool may take. `rocm-smi` answers in about a second; one that hangs hangs on a driver."""
MOST_BYTES = 1 << 22
"""How much of an answer is read; `system_profiler` writes a few KiB, `amd-smi` some 100 KiB for eight GPUs."""


class Answered(NamedTuple):
    """What a tool wrote."""

    text: str
    complaint: str
    """The first line of its standard error."""
    code: int


class NotAnswered(NamedTuple):
    """Why it wrote nothing."""

    cause: Cause
    """There is no such tool, it took too long, or it could not be started."""
    sentence: str


def ask(command: Sequence[str], seconds: float = SECONDS) -> Answered | NotAnswered:
    """Run one command without a shell and without standard input.

    Args:
        command: the tool, which is looked for on the search path, and its arguments.
        seconds: after which it is ended, with all that it started.
    """
    name = command[0]
    found = shutil.which(name)
    if found is None:
        return NotAnswered(Cause.TOOL_MISSING, f"{name} is not installed")
    # Files, not pipes: a child that outlives the tool would keep a pipe open, and waiting for its end would not end.
    with TemporaryFile() as out, TemporaryFile() as err:
        try:
            process = subprocess.Popen(
                [found, *command[1:]],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except OSError as error:
            return NotAnswered(Cause.UNREADABLE, f"{name} could not be started: {error.strerror}")
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return NotAnswered(Cause.TOO_SLOW, f"{name} did not answer in {seconds:g} s")
        out.seek(0)
        err.seek(0)
        text = out.read(MOST_BYTES).decode("utf-8", "replace")
        complaint = err.read(1 << 12).decode("utf-8", "replace").strip().partition("\n")[0]
    return Answered(text, complaint[:200], code)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a tool and what it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
