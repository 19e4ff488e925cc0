"""Runs the tests that need more than Python and git: each tool is had first, or named as missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tools.environment import ROOT, own_environment, program, run, say

COVERAGE = 95
"""Per cent of `checker/`, statements and branches, that the suite must reach."""
TRACE_VENV = ROOT / ".venv-trace"
TRACE_TESTS = "tests/memory/trace"
TRACE_NEEDS = ("torch==2.13.0", "transformers==5.24.0", "peft==0.21.2", "pytest>=9,<10", "pytest-cov>=7,<8")
"""What the tests of the tracer run on; outside the locks, since the index decides which build of torch it is."""
NODE_FOLDER = ROOT / ".node"
NODE_NEEDS = (
    "@microsoft/sarif-multitool-linux@5.7.0",
    "yaml-language-server@1.25.0",
    "puppeteer-core@24.43.1",
    "axe-core@4.14.1",
    "@cyclonedx/cyclonedx-library@10.3.0",
    *("ajv@8.20.0", "ajv-formats@3.0.1", "ajv-formats-draft2019@1.6.1"),
)
"""What the tests marked `node` start; outside the locks, and in a folder of its own."""
MIRROR_VENV = ROOT / ".venv-mirror"
MIRROR_NEEDS = ("olah==0.5.4",)
"""A mirror of the Hub that serves local git repositories; its web framework and old clients stay out of the locks."""


class Extra(NamedTuple):
    """A tool beyond Python and git that tests of one marker need."""

    programs: tuple[str, ...]
    """Any of these on the PATH will do; none for what runs in an environment of its own."""
    advice: str


EXTRAS = {
    "browser": Extra(("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"), "install Chromium"),
    "node": Extra(("npm",), "install Node.js 20 or newer, with npm"),
    "tracer": Extra((), "pip must reach an index, once, for .venv-trace"),
    "mirror": Extra((), "pip must reach an index, once, for .venv-mirror"),
}
EXTRA_TESTS = " or ".join(EXTRAS)


def test_with_extras(arguments: Sequence[str], *, ordinary: bool) -> int:
    """The tests that need more than Python and git, without coverage; `ordinary`: all others beside them.

    `-m MARKER` with one of the markers alone runs its tests alone. A tool that tests need and this machine lacks is
    named and makes this fail.
    """
    alone = next((marker for marker in EXTRAS if list(arguments) == ["-m", marker] and not ordinary), None)
    if alone is not None:
        arguments, needed = (), [alone]
    else:
        needed = [marker for marker in EXTRAS if files_with(marker)]
    missing = [
        marker for marker in needed if EXTRAS[marker].programs and not any(map(shutil.which, EXTRAS[marker].programs))
    ]
    if not needed:
        say(f"no test needs more than Python and git yet (markers {', '.join(EXTRAS)})")
    if "node" in needed and "node" not in missing and not node_folder():
        missing.append("node")
    elsewhere = [marker for marker in EXTRAS if not EXTRAS[marker].programs]
    here = [marker for marker in needed if marker not in (*missing, *elsewhere)]
    code = 0
    if ordinary:
        code = pytest("-m", f"not ({' or '.join(missing + elsewhere)})", *arguments)
    elif here:
        # A test that needs two tools bears both markers, and runs where neither is missing.
        without = f" and not ({' or '.join(missing)})" if missing else ""
        files = sorted({file for marker in here for file in files_with(marker)})
        code = pytest("-m", f"({' or '.join(here)}){without}", *files, *arguments)
    for marker, is_ready, run_tests in (
        ("tracer", trace_environment, trace_tests),
        ("mirror", mirror_environment, mirror_tests),
    ):
        if marker not in needed:
            continue
        if is_ready():
            code = run_tests() or code
        else:
            missing.append(marker)
    for marker in missing:
        what = " or ".join(EXTRAS[marker].programs) or "an environment of their own"
        say(f"NOT RUN: tests marked `{marker}` need {what}: {EXTRAS[marker].advice}")
    return code or (1 if missing else 0)


def node_folder() -> bool:
    """Whether `.node` holds what the tests marked `node` start; filled where it does not."""
    stamp = NODE_FOLDER / "dev-stamp.txt"
    wanted = "\n".join(NODE_NEEDS)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return True
    say(f"filling {NODE_FOLDER.name}: {', '.join(NODE_NEEDS)} (200 MB)")
    NODE_FOLDER.mkdir(exist_ok=True)
    # No package's scripts run: what the tests need of them they do themselves.
    npm = [shutil.which("npm") or "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save"]
    if subprocess.run([*npm, "--prefix", str(NODE_FOLDER), *NODE_NEEDS], check=False).returncode:
        return False
    stamp.write_text(wanted, encoding="utf-8")
    return True


def trace_environment() -> bool:
    """Whether `.venv-trace` holds what the tests of the tracer need; made where it does not."""
    return own_environment(TRACE_VENV, TRACE_NEEDS, "1.2 GB")


def mirror_environment() -> bool:
    """Whether `.venv-mirror` holds the mirror of the Hub that tests ask; made where it does not."""
    return own_environment(MIRROR_VENV, MIRROR_NEEDS, "110 MB")


def trace_tests() -> int:
    """The tests of the tracer, marked or not, with the coverage of the modules that only they can run."""
    coverage = ("--cov", "checker/memory/trace", "--cov-branch", "--cov-config", os.devnull)
    limit = ("--cov-report", "term-missing:skip-covered", f"--cov-fail-under={COVERAGE}")
    command = [program("python", TRACE_VENV), "-m", "pytest", *coverage, *limit, TRACE_TESTS]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def mirror_tests() -> int:
    """The tests that ask a mirror of the Hub; they run here, and the mirror in its own environment."""
    return pytest("-m", "mirror", *files_with("mirror"))


def files_with(marker: str) -> list[str]:
    """The test files that name a marker: collecting ten thousand tests for the sake of a handful takes too long."""
    named = (path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name != "test_dev.py")
    return [path.relative_to(ROOT).as_posix() for path in named if f"mark.{marker}" in path.read_text(encoding="utf-8")]


def pytest(*arguments: str, venv: Path | None = None) -> int:
    """Run pytest on all cores; the tests of a file stay on one, because they share what is expensive to set up."""
    cores = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
    return run("python", "-m", "pytest", *cores, *arguments, venv=venv)
