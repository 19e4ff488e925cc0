"""The command in the test's own process, for tests that ask what a document holds and not how a process starts or ends.

Much quicker than a process for each run. What a run keeps for its own time (policies, files of waivers, repositories)
is forgotten before each, as a new process would.
"""

from __future__ import annotations

import contextlib
import io
import os
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from checker import applying, gate, surroundings
from checker.command_line import main
from checker.console import Console
from tests.conftest import Command, Run


def forget(*modules: ModuleType) -> None:
    """Empty every cache of these modules."""
    for module in modules:
        for function in vars(module).values():
            if callable(clear := getattr(function, "cache_clear", None)):
                clear()


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
