"""Runs commands in this process: sixty runs of a fresh interpreter would take half a minute."""

from __future__ import annotations

import io
from datetime import date

import pytest

from checker import applying
from checker.command_line import main
from checker.console import Console
from tests.conftest import Run
from tests.repository import TODAY


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
        for cached in (applying.standing, applying.waivers, applying._has_waivers):
            cached.cache_clear()  # a process reads each file once, and these tests change them
        out, err = io.StringIO(), io.StringIO()
        typed = io.StringIO() if stdin is None else Terminal(stdin)
        code = main(arguments, Console(out, err, typed, environment, date.fromisoformat(TODAY)))
        return Run(code, out.getvalue(), err.getvalue())

    return run
