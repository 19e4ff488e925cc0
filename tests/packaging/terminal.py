"""Where a reader of a page types its commands: a real folder, real git and pre-commit, and ours in this process."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.packaging import pages
from tests.packaging.offline import tool

_PROCESSES = ("git", "pre-commit")


def put(name: str, text: str) -> None:
    """Write a file of a page, with the folders that lead to it."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8", newline="\n")


class Terminal:
    """Answers each command with what a terminal would show; `$?` is the code of the one before."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._code = 0

    def __call__(self, command: str) -> str:
        words = shlex.split(command)
        if words[0] == "mkdir":
            Path(words[1]).mkdir()
        elif words[0] == "cd":
            os.chdir(words[1])
        elif words == ["echo", "$?"]:
            return f"{self._code}\n"
        elif words[0] in _PROCESSES:
            return self._process(words)
        else:
            self._code, printed = pages.run_here(command)
            return printed
        return ""

    def _process(self, words: list[str]) -> str:
        program = str(tool("pre-commit")) if words[0] == "pre-commit" else words[0]
        done = subprocess.run(
            [program, *words[1:]],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self._code = done.returncode
        return done.stdout
