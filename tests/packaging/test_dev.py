"""`dev.py` sets up a fresh clone by itself, twice in a row, and does without a network once its wheelhouse is full."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from tests.packaging.offline import ROOT, WHEELHOUSE, copy_of_the_project, offline_environment, ok, programs, run

pytestmark = pytest.mark.xdist_group("dev")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone with a full wheelhouse, in a folder whose name has a space."""
    folder = copy_of_the_project(tmp_path_factory.mktemp("a fresh clone"))
    shutil.copytree(WHEELHOUSE, folder / ".wheelhouse")
    return folder


def cut_off() -> dict[str, str]:
    """No index, and no links either: dev.py must name its wheelhouse by itself."""
    environment = offline_environment()
    return {name: value for name, value in environment.items() if not name.endswith("_FIND_LINKS")}


def test_the_demo_runs_in_a_fresh_clone_and_from_another_folder(clone: Path, tmp_path: Path) -> None:
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    done = run(sys.executable, clone / "dev.py", "demo", cwd=tmp_path, environment=cut_off())
    assert (done.returncode, "both verdicts are as expected" in done.stderr) == (0, True), done.stdout + done.stderr
    assert "$ weighbridge check examples/passes" in done.stdout
    assert done.stdout.endswith("\n$ echo $?\n1\n\n")


def test_a_second_run_installs_nothing(clone: Path) -> None:
    ok(sys.executable, "dev.py", "demo", cwd=clone, environment=cut_off())
    done = run(sys.executable, "dev.py", "demo", cwd=clone, environment=cut_off())
    assert done.returncode == 0
    assert "install" not in done.stderr


@pytest.mark.parametrize("damage", ["no stamp", "another Python", "no interpreter"])
def test_a_broken_or_foreign_venv_is_made_anew(clone: Path, damage: str) -> None:
    ok(sys.executable, "dev.py", "demo", cwd=clone, environment=cut_off())
    stamp = clone / ".venv" / "dev-stamp.json"
    if damage == "no stamp":
        stamp.unlink()
    elif damage == "another Python":
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"python": "3.11.0 (another build)"}))
    else:
        shutil.rmtree(programs(clone / ".venv"))
    done = run(sys.executable, "dev.py", "demo", cwd=clone, environment=cut_off())
    assert "making it anew" in done.stderr
    assert done.returncode == 0


def test_a_wheel_that_is_missing_offline_is_named_and_stops_the_set_up(clone: Path, tmp_path: Path) -> None:
    poor = tmp_path / "poor"
    shutil.copytree(clone, poor, ignore=shutil.ignore_patterns(".venv", "pydantic_core-*"))
    done = run(sys.executable, "dev.py", "demo", cwd=poor, environment=cut_off())
    assert done.returncode == 1
    assert "pydantic-core==" in done.stderr
    assert "the first run needs the network" in done.stderr


def test_an_unknown_habit_is_a_wrong_call() -> None:
    done = run(sys.executable, "dev.py", "dance", cwd=ROOT, environment=cut_off())
    assert done.returncode == 2
    assert "demo" in done.stderr


def test_the_readme_names_only_habits_that_exist() -> None:
    helped = ok(sys.executable, "dev.py", "--help", cwd=ROOT, environment=cut_off())
    for page in ("README.md", "CONTRIBUTING.md"):
        words = (ROOT / page).read_text(encoding="utf-8").split("python3 dev.py ")[1:]
        habits = {word.split()[0].strip("`.,;)") for word in words}
        assert habits
        assert {habit for habit in habits if f"\n  {habit} " not in helped} == set()
