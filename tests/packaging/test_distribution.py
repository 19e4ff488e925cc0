"""What is built, and what installs from it, is the whole of Weighbridge and works away from its source tree."""

from __future__ import annotations

import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from checker import HOME
from tests.packaging.offline import ROOT, copy_of_the_project, offline_environment, ok, programs, tool

READS_ITS_DATA = """
from importlib.resources import files
import checker
for name in ("policies", "schemas", "facts", "licenses", "memory", "guidance"):
    folder = files("checker") / name
    data = [entry for entry in folder.rglob("*") if entry.suffix in (".json", ".yaml")]
    assert data and all(entry.read_bytes() for entry in data), name
print(checker.__file__)
"""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's files without a repository around them, as an unpacked archive has them."""
    return copy_of_the_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    ok(sys.executable, "-m", "build", "--outdir", folder, project, cwd=folder, environment=offline_environment())
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    ok(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path, environment=offline_environment())
    return tmp_path / "venv"


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a virtual environment with the wheel and what it asks for."""
    venv = tmp_path_factory.mktemp("installed")
    ok(sys.executable, "-m", "venv", venv, cwd=venv, environment=offline_environment())
    ok(programs(venv) / "python", "-m", "pip", "install", wheel, cwd=venv, environment=offline_environment())
    return programs(venv)


def package_files(project: Path) -> set[str]:
    return {path.relative_to(project).as_posix() for path in (project / "checker").rglob("*") if path.is_file()}


def test_the_wheel_holds_every_file_of_the_package_and_no_other_package(wheel: Path, project: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == package_files(project)
    assert any(name.startswith("checker/policies/") for name in names)
    assert any(name.startswith("checker/schemas/") for name in names)


def test_the_sdist_holds_the_package_its_tests_and_its_papers(built: Path, project: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert package_files(project) <= names
    assert {
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
        "dev.py",
        "requirements/dev.txt",
        "tests/packaging/offline.py",
    } <= names


def test_the_metadata_say_what_a_registry_shows(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode("utf-8"))
        entry_points = archive.read(name.replace("METADATA", "entry_points.txt")).decode("utf-8")
        is_typed = "checker/py.typed" in archive.namelist()
    assert metadata["Name"] == "weighbridge"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert f"Homepage, {HOME}" in metadata.get_all("Project-URL", [])
    assert "weighbridge = checker.main:entry" in entry_points
    assert is_typed is ("Typing :: Typed" in metadata.get_all("Classifier", [])), "a type checker asks for the file"


def test_an_installed_wheel_runs_and_finds_its_data(installed: Path, tmp_path: Path) -> None:
    environment = offline_environment()
    where = ok(installed / "python", "-c", READS_ITS_DATA, cwd=tmp_path, environment=environment)
    assert Path(where.strip()).is_relative_to(installed.parent)
    by_name = ok(installed / "weighbridge", "--version", cwd=tmp_path, environment=environment)
    as_module = ok(installed / "python", "-m", "checker", "--version", cwd=tmp_path, environment=environment)
    assert by_name == as_module
    assert by_name.startswith("weighbridge ")


def test_an_installed_wheel_judges_the_examples(installed: Path, tmp_path: Path) -> None:
    command = (installed / "weighbridge", "check", ROOT / "examples" / "passes")
    ok(*command, cwd=tmp_path, environment=offline_environment())


def test_an_editable_install_finds_its_data(project: Path, venv: Path, tmp_path: Path) -> None:
    environment = offline_environment()
    ok(programs(venv) / "python", "-m", "pip", "install", "-e", project, cwd=tmp_path, environment=environment)
    where = ok(programs(venv) / "python", "-c", READS_ITS_DATA, cwd=tmp_path, environment=environment)
    assert Path(where.strip()).is_relative_to(project)
    ok(programs(venv) / "weighbridge", "--version", cwd=tmp_path, environment=environment)


def test_uv_installs_it_as_a_tool(project: Path, tmp_path: Path) -> None:
    environment = offline_environment() | {
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_TOOL_DIR": str(tmp_path / "tools"),
    }
    command = (tool("uv"), "tool", "install", "--python", sys.executable, project)
    ok(*command, cwd=tmp_path, environment=environment)
    ok(tmp_path / "bin" / "weighbridge", "--version", cwd=tmp_path, environment=environment)


USES_THE_API = """
from datetime import date

from checker import Enforcement, Finding, InputError, Pin, Place, Problem, Report, Verdict, check, pin


def judge(folder: str) -> int:
    try:
        report: Report = check(folder, policy="weighbridge:starter", today=date(2026, 11, 28))
    except InputError as error:
        problems: tuple[Problem, ...] = error.problems
        return len(problems)
    blocking: tuple[Finding, ...] = report.blocking
    hard: list[Place] = [one.place for one in blocking if one.enforcement is Enforcement.HARD_MANDATORY]
    failed: list[str] = [one.model for one in report.evaluations if one.verdict is Verdict.FAIL]
    pinned: Pin = pin("assistant", folder)
    keywords: dict[str, str] = pinned.pretrained
    return report.exit_code + len(hard) + len(failed) + len(keywords)


report = check(".")
report.exit_code = 0  # type: ignore[misc]
report.is_ok  # type: ignore[attr-defined]
check(1)  # type: ignore[arg-type]
"""


def test_a_users_file_is_checked_against_the_installed_types(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "user.py").write_text(USES_THE_API, encoding="utf-8")
    options = ("--strict", "--warn-unused-ignores", "--cache-dir", tmp_path / "cache")
    mypy = (sys.executable, "-m", "mypy", *options, "--python-executable", installed / "python", "user.py")
    ok(*mypy, cwd=tmp_path, environment=offline_environment())
