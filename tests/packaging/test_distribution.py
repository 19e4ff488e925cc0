"""What is built, and what installs from it, is the whole of Weighbridge and works away from its source tree."""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from email.parser import Parser
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from checker import HOME
from tests.packaging.offline import ROOT, copy_of_the_project, offline_environment, ok, programs, run, tool

EPOCH = "1700000000"
"""The time that the tested files bear, in seconds since 1970."""
WHEEL_HOLDS = (  # a star stands for folders too
    "checker/*.py",
    "checker/*.json",
    "checker/controls/*.yaml",
    "checker/policies/*.yaml",
    "checker/facts/kind/table/*.csv",
    "checker/licenses/standard/*.txt",
    "checker/fleet/templates/*.html.j2",
    "checker/pages/*.html.jinja",
    "checker/report/templates/audit.*",
    "checker/py.typed",
)
MANIFEST = """\
weighbridge: 1
owner: support-platform
models:
  - model: Qwen/Qwen2.5-7B-Instruct
    revision: a09a35458c702b33eeacc393d103063234e8bc28
    objective: chat
    deployment: {context_window: 8192, hardware: {gpu: T4}}
"""
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
    """A folder with the sdist, and the wheel that was built from that sdist.

    A release names the folder of its files by DISTRIBUTIONS, and these are tested.
    """
    if given := os.environ.get("DISTRIBUTIONS"):
        return Path(given)
    return built_in(project, tmp_path_factory.mktemp("dist"))


def built_in(tree: Path, folder: Path, *before: str, **surroundings: str) -> Path:
    """Build as a release does, in a process that first runs `before` and that has these variables beside others."""
    call = f"release.build_tree(pathlib.Path({str(tree)!r}), pathlib.Path({str(folder)!r}), {EPOCH!r}, sys.executable)"
    lines = [
        "import os, pathlib, sys",
        f"sys.path.insert(0, {str(ROOT)!r})",
        "from tools import release",
        *before,
        call,
    ]
    ok(sys.executable, "-c", "\n".join(lines), cwd=folder, environment=offline_environment() | surroundings)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs' folder of a virtual environment with the wheel and what it asks for."""
    return installed_into(tmp_path_factory.mktemp("installed"), str(wheel))


def installed_into(folder: Path, *wanted: str) -> Path:
    """The programs' folder of a fresh virtual environment into which uv installed something from the wheelhouse."""
    venv, environment = folder / "venv", offline_environment() | {"UV_CACHE_DIR": str(folder / "cache")}
    ok(tool("uv"), "venv", "--python", sys.executable, venv, cwd=folder, environment=environment)
    python = programs(venv) / "python"
    ok(tool("uv"), "pip", "install", "--python", python, *wanted, cwd=folder, environment=environment)
    return programs(venv)


def package_files(project: Path) -> set[str]:
    return {path.relative_to(project).as_posix() for path in (project / "checker").rglob("*") if path.is_file()}


def test_the_wheel_holds_every_file_of_the_package_and_no_other_package(wheel: Path, project: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == package_files(project)
    assert any(name.startswith("checker/policies/") for name in names)
    assert any(name.startswith("checker/schemas/") for name in names)


def test_the_wheel_holds_modules_and_data_of_known_kinds_and_no_more_than_its_papers(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    papers = {name.split(".dist-info/")[1] for name in names if ".dist-info/" in name}
    assert papers == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    package = [name for name in names if ".dist-info/" not in name]
    assert [name for name in package if not any(fnmatchcase(name, rule) for rule in WHEEL_HOLDS)] == []
    assert [rule for rule in WHEEL_HOLDS if not fnmatch.filter(package, rule)] == []
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_sdist_holds_the_files_of_the_repository_and_what_a_registry_reads(built: Path, project: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()}
    # Tests that came before may have run the tree.
    files = {
        path.relative_to(project).as_posix()
        for path in project.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == files | {"PKG-INFO"}
    assert {"README.md", "LICENSE", "CHANGELOG.md", "dev.py", "requirements/dev.txt"} <= names


def test_two_builds_give_the_same_bytes_whatever_is_around_them(
    project: Path, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another folder, another time, umask, zone, language and order of sets, and litter that git ignores."""
    first = built_in(project, tmp_path_factory.mktemp("again")) if os.environ.get("DISTRIBUTIONS") else built
    tree = tmp_path_factory.mktemp("ein anderer Ort é")
    shutil.copytree(project, tree, dirs_exist_ok=True, copy_function=shutil.copy)
    (tree / "checker" / "__pycache__").mkdir(exist_ok=True)
    (tree / "checker" / "__pycache__" / "litter.cpython-311.pyc").write_bytes(b"litter")
    os.utime(tree / "README.md", (86_400, 86_400))
    (tree / "LICENSE").chmod(0o600)
    other = {"TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    second = built_in(tree, tmp_path_factory.mktemp("second"), "os.umask(0o077)", **other)
    assert digests(second) == digests(first)
    assert len(digests(first)) == 2


def test_what_is_built_bears_one_date_and_no_owner(built: Path, wheel: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = archive.getmembers()
    with zipfile.ZipFile(wheel) as archive_:
        dates = {entry.date_time for entry in archive_.infolist()}
    (seconds,) = {int(member.mtime) for member in members}
    assert dates == {datetime.fromtimestamp(seconds - seconds % 2, UTC).timetuple()[:6]}
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    if "DISTRIBUTIONS" not in os.environ:
        assert seconds == int(EPOCH)


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


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


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("check", 1, "exit code 1: 1 blocking"),
        ("check --policy weighbridge:starter --output json", 0, '"verdict": "fail"'),
        ("check --output html", 1, "<!DOCTYPE html>"),
        ("fit model.yaml", 1, "GiB"),
        ("policy show", 0, "enterprise"),
        ("explain license-allowed", 0, "license-allowed"),
        ("schema manifest", 0, '"$schema"'),
        ("license identify LICENSE", 0, "LICENSE: Apache-2.0, by every passage"),
        ("scan", 1, "no model is used"),
        ("lock --check", 1, "not-locked"),
        ("bom --format cyclonedx-1.6", 0, '"bomFormat"'),
    ],
    ids=lambda value: value.split()[0] if isinstance(value, str) and value else "",
)
def test_an_installed_wheel_works_with_no_repository_around(
    installed: Path, tmp_path: Path, command: str, code: int, says: str
) -> None:
    (tmp_path / "model.yaml").write_text(MANIFEST, encoding="utf-8")
    shutil.copy2(ROOT / "LICENSE", tmp_path)
    environment = offline_environment() | {"HOME": str(tmp_path), "PATH": os.devnull}
    done = run(installed / "weighbridge", *command.split(), cwd=tmp_path, environment=environment)
    assert (done.returncode, says in done.stdout) == (code, True), done.stdout + done.stderr


def test_an_editable_install_finds_its_data(project: Path, tmp_path: Path) -> None:
    environment = offline_environment()
    bin_ = installed_into(tmp_path, "--editable", str(project))
    where = ok(bin_ / "python", "-c", READS_ITS_DATA, cwd=tmp_path, environment=environment)
    assert Path(where.strip()).is_relative_to(project)
    ok(bin_ / "weighbridge", "--version", cwd=tmp_path, environment=environment)


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
