"""`dev.py` sets up a fresh clone by itself, twice in a row, and does without a network once its wheelhouse is full."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import dev
from tests.packaging.offline import ROOT, WHEELHOUSE, copy_of_the_project, offline_environment, ok, programs, run
from tools import environment, extra_tests


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone with a full wheelhouse, in a folder whose name has a space."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("a fresh clone"))
    shutil.copytree(WHEELHOUSE, folder / ".wheelhouse")
    return folder


def cut_off() -> dict[str, str]:
    """No index, and no links either: dev.py must name its wheelhouse by itself."""
    return {name: value for name, value in offline_environment().items() if not name.endswith("_FIND_LINKS")}


class Demo(NamedTuple):
    """A clone, and what its first demo did."""

    clone: Path
    first: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def demo(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    return Demo(clone, run(sys.executable, clone / "dev.py", "demo", cwd=elsewhere, environment=cut_off()))


def test_the_demo_runs_in_a_fresh_clone_and_from_another_folder(demo: Demo) -> None:
    assert demo.first.returncode == 0, demo.first.stdout + demo.first.stderr
    assert "both verdicts are as expected" in demo.first.stderr
    assert demo.first.stdout.startswith("$ weighbridge check examples/passes\n")
    assert demo.first.stdout.endswith("\n$ echo $?\n1\n\n")


def test_a_second_run_installs_nothing_and_says_the_same(demo: Demo) -> None:
    second = run(sys.executable, "dev.py", "demo", cwd=demo.clone, environment=cut_off())
    assert "install" not in second.stderr
    assert second.stdout == demo.first.stdout


def test_a_venv_whose_interpreter_is_gone_is_made_anew(demo: Demo) -> None:
    shutil.rmtree(programs(demo.clone / ".venv"))
    again = run(sys.executable, "dev.py", "demo", cwd=demo.clone, environment=cut_off())
    assert "making it anew" in again.stderr
    assert again.returncode == 0, again.stderr


class Recorded(NamedTuple):
    """What `setup` would have done, without doing it."""

    venv: Path
    steps: list[str]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recorded:
    """A virtual environment that runs, and steps that only note their names."""
    steps: list[str] = []
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "dev-stamp.json")
    monkeypatch.setattr(environment, "make_venv", lambda: steps.append("make"))
    monkeypatch.setattr(environment, "install", lambda level: steps.append(f"install {level}"))
    monkeypatch.setattr(environment, "pip", lambda *arguments, because: None)
    monkeypatch.setattr(environment, "program", lambda name: sys.executable)
    return Recorded(tmp_path, steps)


def test_a_venv_that_holds_the_lock_is_left_alone(recorded: Recorded) -> None:
    environment.setup("dev")
    environment.setup("dev")
    environment.setup("run")
    assert recorded.steps == ["make", "install dev"]


def test_the_demos_venv_becomes_that_of_the_tests_without_being_made_anew(recorded: Recorded) -> None:
    environment.setup("run")
    environment.setup("dev")
    assert recorded.steps == ["make", "install run", "install dev"]


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"made": "x", "python": "y", "holds": ["dev"]}'])
def test_a_venv_that_was_made_by_something_else_is_made_anew(recorded: Recorded, stamp: str) -> None:
    (recorded.venv / "dev-stamp.json").write_text(stamp)
    environment.setup("dev")
    assert recorded.steps == ["make", "install dev"]


def test_a_venv_of_another_python_is_made_anew(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.setup("dev")
    monkeypatch.setattr(sys, "version", "3.99.0 (another build)")
    environment.setup("dev")
    assert recorded.steps == ["make", "install dev", "make", "install dev"]


def test_a_changed_lock_makes_the_venv_anew(recorded: Recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    environment.setup("dev")
    monkeypatch.setattr(environment, "digest", lambda path: "another")
    environment.setup("dev")
    assert recorded.steps == ["make", "install dev", "make", "install dev"]


def test_without_wheelhouse_and_network_the_set_up_stops_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "WHEELHOUSE", tmp_path)
    monkeypatch.setattr(dev, "setup", environment.install)
    monkeypatch.setattr(environment, "pip_works", lambda *arguments: False)
    assert dev.main(["demo"]) == 1
    assert "the first run needs the network" in capsys.readouterr().err


@pytest.mark.parametrize(("name", "make"), [("TRACE_VENV", "trace_environment"), ("MIRROR_VENV", "mirror_environment")])
@pytest.mark.parametrize(("codes", "made"), [([0, 0], True), ([1], False), ([0, 1], False)])
def test_an_environment_of_its_own_is_made_once_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: list[int], made: bool, name: str, make: str
) -> None:
    left = iter(codes)
    monkeypatch.setattr(extra_tests, name, tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda command, cwd, check: subprocess.CompletedProcess(command, next(left)))
    assert getattr(extra_tests, make)() is made
    assert list(left) == []
    if made:
        assert getattr(extra_tests, make)() is True


def test_an_unknown_habit_is_a_wrong_call() -> None:
    done = run(sys.executable, "dev.py", "dance", cwd=ROOT, environment=cut_off())
    assert done.returncode == 2
    assert "demo" in done.stderr


def test_the_readme_names_only_habits_that_exist() -> None:
    helped = ok(sys.executable, "dev.py", "--help", cwd=ROOT, environment=cut_off())
    for page in ("README.md", "CONTRIBUTING.md"):
        words = (ROOT / page).read_text(encoding="utf-8").split("python3 dev.py ")[1:]
        habits = {word.split()[0].strip("`.,;)") for word in words} - {"--help"}
        assert habits
        assert {habit for habit in habits if f"\n  {habit} " not in helped} == set()
