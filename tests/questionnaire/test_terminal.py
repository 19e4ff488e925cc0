"""`weighbridge init` at a real pseudo-terminal: a whole conversation, interruptions, colours and encodings."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

OPTIONS = ["--context-window=8k", "--gpu=L4", "--size-class=general", "--purpose=commercial", "--distribution=service"]
_SECONDS = 60
_PATIENCE = 5.0
"""Seconds without a word after which a person presses a key again."""
_INTERRUPTS = b"\x03"


class Session(NamedTuple):
    """What was on the screen, and the exit code."""

    screen: str
    code: int


@pytest.fixture
def converse(tmp_path):
    """Type each line when a prompt stands there; bytes are typed as they are."""

    def run(arguments, typed, **environment):
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(tmp_path)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a suite in the background of a shell ignores it
            plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "WEIGHBRIDGE_POLICY")}
            path = str(Path(__file__).parents[2])
            os.execve(
                sys.executable,
                [sys.executable, "-m", "checker", "init", *arguments],
                {**plain, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": path, **environment},
            )
        screen, todo, last, ends = b"", list(typed), b"", time.monotonic() + _SECONDS
        while time.monotonic() < ends:
            if not select.select([terminal], [], [], _PATIENCE)[0]:
                if (
                    last == _INTERRUPTS
                ):  # Python misses one that comes just before it waits for keys: people press again
                    os.write(terminal, last)
                continue
            try:
                chunk = os.read(terminal, 65536)
            except OSError:  # Linux says so where the other end is closed
                break
            if not chunk:
                break
            screen += chunk
            if screen.endswith(b"> ") and todo:
                act = todo.pop(0)
                last = act if isinstance(act, bytes) else f"{act}\n".encode()
                os.write(terminal, last)
        else:
            os.kill(process, signal.SIGKILL)
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        return Session(screen.decode("utf-8", "replace").replace("\r\n", "\n"), code)

    return run


def test_a_whole_conversation_ends_with_a_manifest(converse, tmp_path, weighbridge):
    typed = ["chatt", "?", "similarity", "<", "1", "none", "", "<", "", "2", "", "why 1", "Qwen2.5-7B-Instruct"]
    session = converse(OPTIONS, typed)
    assert session.code == 0, session.screen
    assert "did you mean `chat`?" in session.screen
    assert "Answer with one of chat, " in session.screen
    assert " of 589 models remain" in session.screen
    assert "\x1b[1mStep 1 of 5: identify the task category\n\x1b[0m" in session.screen
    written = (tmp_path / "model.yaml").read_text()
    assert "  - model: Qwen/Qwen2.5-7B-Instruct\n" in written
    assert "parallel_requests: 2}" in written
    assert weighbridge("check").code == 0


@pytest.mark.parametrize(
    "leaving",
    [b"\x03", b"\x04"],
    ids=["Ctrl-C", "Ctrl-D"],
)
def test_who_leaves_in_the_middle_has_written_nothing(converse, tmp_path, leaving):
    (tmp_path / "model.yaml").write_text("weighbridge: 1\n")
    session = converse(["--force"], ["similarity", leaving])
    assert session.code == 130, session.screen
    assert session.screen.endswith("\nmodel.yaml: nothing was written\n")
    assert "Traceback" not in session.screen
    assert [path.name for path in tmp_path.iterdir()] == ["model.yaml"]
    assert (tmp_path / "model.yaml").read_text() == "weighbridge: 1\n"


def test_a_terminal_of_few_characters_without_colours_is_enough(converse):
    session = converse([], ["tÿpe", b"\xff\xfe\n", b"\x03"], PYTHONIOENCODING="ascii", PYTHONUTF8="0", NO_COLOR="1")
    assert session.code == 130, session.screen
    assert "\x1b" not in session.screen
    assert "is no text in this terminal's encoding" in session.screen
    assert "internal error" not in session.screen
