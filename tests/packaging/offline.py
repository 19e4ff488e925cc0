"""What a test installs comes from the wheelhouse that dev.py keeps, so that no test needs a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WHEELHOUSE = ROOT / ".wheelhouse"
_SETTINGS = (
    "COVERAGE_",
    "COV_",
    "FORCE_COLOR",
    "DEV_VENV",
    "GIT_",
    "PIP_",
    "PRE_COMMIT",
    "PYTEST_",
    "PYTHON",
    "UV_",
    "VIRTUAL_ENV",
    "WEIGHBRIDGE_",
)


def offline_environment() -> dict[str, str]:
    """The environment of a machine on which pip and uv know the wheelhouse and nothing else."""
    if not (WHEELHOUSE / ".complete").is_dir():
        raise AssertionError("there is no wheelhouse to install from: `python3 dev.py setup` fills it")
    plain = {name: value for name, value in os.environ.items() if not name.upper().startswith(_SETTINGS)}
    return plain | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": WHEELHOUSE.as_uri(),
        "PIP_NO_INDEX": "1",
        "UV_FIND_LINKS": WHEELHOUSE.as_uri(),
        "UV_NO_CONFIG": "1",
        "UV_NO_INDEX": "1",
        "UV_OFFLINE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def ok(*command: str | Path, cwd: Path, environment: dict[str, str]) -> str:
    """Run a command that must succeed; what it printed."""
    done = run(*command, cwd=cwd, environment=environment)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run(*command: str | Path, cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command without standard input."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def programs(venv: Path) -> Path:
    """The folder of a virtual environment's programs."""
    return venv / ("Scripts" if os.name == "nt" else "bin")


def tool(name: str) -> Path:
    """A program that is installed beside the Python that runs the tests."""
    found = shutil.which(name, path=str(Path(sys.executable).parent))
    assert found is not None, f"{name} is not installed beside {sys.executable}: `python3 dev.py setup` installs it"
    return Path(found)


def copy_of_the_project(destination: Path) -> Path:
    """The project as a clone would have it, with what is not committed yet: tracked and new files, no ignored ones."""
    listed = ok(
        *("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        environment=dict(os.environ),
    )
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (destination / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, destination / name)
    return destination
