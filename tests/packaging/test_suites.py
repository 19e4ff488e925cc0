"""The suite runs on every Python and every version that we promise, and what could not be run is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.packaging.offline import ROOT
from tools import suites
from tools.environment import LOCKS

CI = YAML(typ="safe").load(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]


def test_ci_runs_every_python_that_is_promised() -> None:
    assert CI["test"]["strategy"]["matrix"]["python"] == suites.supported_pythons() == ["3.11", "3.12", "3.13"]


def test_ci_runs_floors_on_the_oldest_python_and_newest_on_the_newest() -> None:
    runs = {one["versions"]: one["python"] for one in CI["versions"]["strategy"]["matrix"]["include"]}
    assert runs == {"floors": suites.supported_pythons()[0], "newest": suites.supported_pythons()[-1]}


def test_a_python_that_is_missing_is_said_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[str, str]] = []

    def record(command: list[str], env: dict[str, str], check: bool) -> subprocess.CompletedProcess[str]:
        ran.append((command[0], env["DEV_VENV"]))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(suites, "find_python", lambda minor: None if minor == "3.12" else f"python{minor}")
    monkeypatch.setattr(subprocess, "run", record)
    assert suites.on_each_python([]) == 1
    assert ran == [("python3.11", ".venv-3.11"), ("python3.13", ".venv-3.13")]
    said = capsys.readouterr().err
    assert "Python 3.12: NOT RUN" in said
    assert "Python 3.13: passed" in said


def test_only_an_interpreter_of_that_version_is_taken() -> None:
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert suites.answers_as([sys.executable], mine) == sys.executable
    assert suites.answers_as([sys.executable], "3.9") is None
    assert suites.answers_as([str(ROOT / "no such program")], mine) is None


def test_the_newest_of_pyenvs_pythons_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for patch in ("3.12.9", "3.12.10", "3.12-dev", "3.1.2"):
        (tmp_path / "versions" / patch / "bin").mkdir(parents=True)
        (tmp_path / "versions" / patch / "bin" / "python3.12").touch()
    monkeypatch.setattr(suites, "PYENV", tmp_path)
    assert [path.parents[1].name for path in suites.of_pyenv("3.12")] == ["3.12.10", "3.12.9"]


def test_floors_that_nobody_can_have_are_named() -> None:
    stated = {"a": "2.1", "b": "1.0", "c": "3"}
    picked = {"a": "2.1.0", "b": "1.4.1", "c": "3.0.1"}
    assert [line.split(":")[0] for line in suites.unmet_floors(stated, picked)] == [
        "b>=1.0 promises what cannot be had",
        "c>=3 promises what cannot be had",
    ]


def test_every_bound_of_the_wheel_and_its_build_has_a_floor_that_is_tested() -> None:
    floors = suites.floors()
    assert floors["pydantic"] == "2.14"
    assert floors["hatchling"] == "1.27"
    assert floors["pyarrow"] == "23"
    assert "torch" not in floors


def test_the_tools_of_a_run_with_floors_are_the_locked_ones() -> None:
    tools = suites.tool_requirements("floors")
    assert next(one for one in tools if one.startswith("pytest==")) in (ROOT / LOCKS["dev"]).read_text("utf-8")
    assert not [one for one in tools if one.startswith(("cryptography", "pyarrow"))]
    assert "pytest" in suites.tool_requirements("newest")
