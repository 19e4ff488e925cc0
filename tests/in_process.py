"""Runs commands in this process: sixty runs of a fresh interpreter would take half a minute."""

from __future__ import annotations

import contextlib
import io
import os
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import pytest

from checker import applying, gate, surroundings
from checker.command_line import main
from checker.console import Console
from tests.conftest import Command, Run
from tests.repository import TODAY


def forget(*modules: ModuleType) -> None:
    """Empty every cache of these modules."""
    for module in modules:
        for function in vars(module).values():
            if callable(clear := getattr(function, "cache_clear", None)):
                clear()


class Terminal(io.StringIO):
    """Standard input of a person."""

    @property
    def buffer(self) -> io.BytesIO:
        return io.BytesIO(self.getvalue().encode())

    def isatty(self) -> bool:
        return True


@pytest.fixture
def inside(tmp_path, monkeypatch):
    """Run a command as `main` does, in the test's folder, on the day `TODAY`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=None, cwd=None, **environment):
        if cwd is not None:
            monkeypatch.chdir(cwd)
        forget(applying)  # a process reads each file once, and these tests change them
        out, err = io.StringIO(), io.StringIO()
        typed = io.StringIO() if stdin is None else Terminal(stdin)
        code = main(arguments, Console(out, err, typed, environment, date.fromisoformat(TODAY)))
        return Run(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def weighbridge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command in the test's folder, without any policy from outside."""
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)

    def run(*arguments: str, stdin: str = "", cwd: Path = tmp_path, **environment: str) -> Run:
        forget(applying, gate, surroundings)
        out, err = io.StringIO(), io.StringIO()
        with monkeypatch.context() as patch, contextlib.redirect_stderr(err), contextlib.redirect_stdout(out):
            patch.chdir(cwd)
            for name, value in environment.items():
                patch.setenv(name, value)
            given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
            console = Console(out, err, given, os.environ, datetime.now(UTC).date())
            try:
                code = main(arguments, console)
            except SystemExit as end:  # how argparse ends a wrong call
                code = int(end.code or 0)
        return Run(int(code), out.getvalue(), err.getvalue())

    return run
