"""What every test may use: the real command on files in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

try:
    from hypothesis import HealthCheck, settings
except ImportError:  # the environment of the tracer's tests has none, and they need none
    pass
else:  # a machine that does other work besides is slow, and no failure
    settings.register_profile(
        "weighbridge", parent=settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("weighbridge")


os.environ.pop("FORCE_COLOR", None)  # a CI that sets it would colour what tests compare


class Run(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Command = Callable[..., Run]


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the real command in a process of its own, in the test's folder, without any policy from outside."""
    monkeypatch.delenv("WEIGHBRIDGE_POLICY", raising=False)

    def run(*arguments: str, stdin: str | None = None, cwd: Path = tmp_path, **environment: str) -> Run:
        finished = subprocess.run(
            [sys.executable, "-m", "checker", *arguments],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",  # a test may ask the command for another encoding
            env={**os.environ, **environment},
            timeout=60,
        )
        return Run(finished.returncode, finished.stdout, finished.stderr)

    return run


@pytest.fixture
def weighbridge(started: Command) -> Command:
    """Run the command; `tests.in_process` has one that starts no process, which most files of tests take."""
    return started


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Write files into the test's folder: `project({"model.yaml": "…"})`."""

    def write(files: dict[str, str]) -> Path:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return tmp_path

    return write
