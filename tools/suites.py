"""Runs the ordinary suite where it is not run each day: on other Pythons, and with other versions of what we need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from tools.environment import LOCKS, ROOT, Stop, program, run, say
from tools.extra_tests import EXTRA_TESTS, pytest

RESOLUTIONS: Final = {"floors": "lowest-direct", "newest": "highest"}
"""The words of `uv pip compile` for what we call floors and newest."""
NOT_HERE: Final = frozenset({"trace"})
"""Extras whose tests have an environment of their own."""
OF_THE_LOCK: Final = "tests/packaging/test_dependency_licenses.py"
"""What reads the packages that the lock names, which other versions do not bring in full."""
PYENV: Final = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")


# --- other Pythons ---


def on_each_python(arguments: Sequence[str]) -> int:
    """Run the suite, without coverage, on each Python that pyproject.toml names; one that is not here is a failure."""
    results: dict[str, str] = {}
    for minor in supported_pythons():
        python = find_python(minor)
        if python is None:
            results[minor] = "NOT RUN: no such Python on the PATH or among those of pyenv"
            continue
        say(f"Python {minor}: {python}")
        code = subprocess.run(
            [python, str(ROOT / "dev.py"), "test", *(arguments or ["tests"])],
            env={**os.environ, "DEV_VENV": f".venv-{minor}"},
            check=False,
        ).returncode
        results[minor] = "passed" if code == 0 else f"FAILED with {code}"
    for minor, result in results.items():
        say(f"Python {minor}: {result}")
    return 0 if all(result == "passed" for result in results.values()) else 1


def supported_pythons() -> list[str]:
    """The minor versions that the classifiers promise."""
    classifiers = "\n".join(project()["classifiers"])
    return re.findall(r"^Programming Language :: Python :: (3\.\d+)$", classifiers, re.MULTILINE)


def find_python(minor: str) -> str | None:
    """An interpreter of this minor version: on the PATH, of the Windows launcher, or the newest of pyenv's."""
    candidates = [[found] for found in (shutil.which(f"python{minor}"),) if found]
    candidates += [["py", f"-{minor}"]] if os.name == "nt" else []
    candidates += [[str(path)] for path in of_pyenv(minor)]
    return next((found for command in candidates if (found := answers_as(command, minor))), None)


def of_pyenv(minor: str) -> list[Path]:
    """The interpreters of this minor version that pyenv built, the newest first."""
    return sorted(PYENV.glob(f"versions/{minor}.*/bin/python{minor}"), key=_patch, reverse=True)


def answers_as(command: list[str], minor: str) -> str | None:
    """The path of the interpreter that a command starts, if it is of this version; shims of pyenv may start none."""
    asked = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"
    try:
        done = subprocess.run([*command, "-c", asked], capture_output=True, text=True, check=False)
    except OSError:
        return None
    version, _, path = done.stdout.strip().partition(" ")
    return path if done.returncode == 0 and version == minor else None


def _patch(python: Path) -> int:
    """The last number of a folder's name such as 3.12.1; 0 where it is no number."""
    last = python.parents[1].name.rpartition(".")[2]
    return int(last) if last.isdecimal() else 0


# --- other versions of what we depend on ---


def with_resolution(kind: Literal["floors", "newest"], arguments: Sequence[str]) -> int:
    """Run the suite with the versions that a resolution picks; floors that the resolver cannot pick are a failure."""
    venv = ROOT / f".venv-{kind}"
    picked = venv / "requirements.txt"
    shutil.rmtree(venv, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=False).returncode:
        return 1
    tools = venv / "tools.in"
    tools.write_text("\n".join(tool_requirements(kind)) + "\n", encoding="utf-8")
    extras = [word for extra in tested_extras() for word in ("--extra", extra)]
    compiled = ("--resolution", RESOLUTIONS[kind], "--no-header", "--no-annotate", "--output-file", str(picked))
    python = program("python", venv)
    if run("uv", "pip", "compile", "--quiet", "--python", python, *compiled, *extras, "pyproject.toml", str(tools)):
        return 1
    pins, direct = pins_in(picked.read_text(encoding="utf-8")), floors()
    unmet = sorted(unmet_floors(direct, pins)) if kind == "floors" else []
    for line in unmet:
        say(line)
    if unmet:
        return 1
    for install in (
        ("sync", "--python", python, str(picked)),
        ("install", "--python", python, "--no-build-isolation", "--no-deps", "--editable", "."),
    ):
        if run("uv", "pip", *install, "--quiet"):
            return 1
    say(f"{kind}: " + ", ".join(f"{name} {pins[name]}" for name in sorted(direct)))
    ordinary = ("-m", f"not ({EXTRA_TESTS})", "-p", "no:cacheprovider", "--ignore", OF_THE_LOCK)
    return pytest(*ordinary, *(arguments or ["tests"]), venv=venv)


def project() -> Mapping[str, list[str]]:
    """The table `project` of pyproject.toml."""
    table: Mapping[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def tested_extras() -> list[str]:
    """The extras that the ordinary suite tests."""
    return [extra for extra in project()["optional-dependencies"] if extra not in NOT_HERE]


def floors() -> dict[str, str]:
    """The lowest version of each package that we ask for by name, of those that the ordinary suite runs with."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    stated = [*table["project"]["dependencies"], *table["build-system"]["requires"]]
    stated += [one for extra in tested_extras() for one in table["project"]["optional-dependencies"][extra]]
    return dict(_name_and_floor(one) for one in stated)


def _name_and_floor(requirement: str) -> tuple[str, str]:
    match = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+),<[0-9.]+", requirement)
    if match is None:
        raise Stop(f"pyproject.toml asks for {requirement!r}: expected NAME>=LOWEST,<TOO_HIGH")
    return normal(match[1]), match[2]


def unmet_floors(stated: Mapping[str, str], picked: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with each floor that nobody can have: it does not exist, or another dependency asks for more."""
    for name, floor in stated.items():
        if _numbers(picked[name]) != _numbers(floor):
            yield f"{name}>={floor} promises what cannot be had: the lowest that installs is {picked[name]}; say that"


def _numbers(version: str) -> tuple[str, ...]:
    """A version without the zeros at its end: 2.1 is 2.1.0."""
    return tuple(re.sub(r"(\.0)+$", "", version).split("."))


def tool_requirements(kind: Literal["floors", "newest"]) -> list[str]:
    """What the suite runs with beside our dependencies: as locked for floors, which are not theirs; else the newest."""
    pins = pins_in((ROOT / LOCKS["dev"]).read_text(encoding="utf-8"))
    ours = floors()
    found = []
    for name in ("run", "dev"):
        for line in (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines():
            tool = normal(re.split(r"[\[=<>]", line)[0])
            if line and not line.startswith("#") and tool not in ours:
                found.append(f"{line}=={pins[tool]}" if kind == "floors" else line)
    table = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return [*found, *table["build-system"]["requires"]]


def pins_in(lock: str) -> dict[str, str]:
    """Name and version of each package of a lock; of one that is locked per Python, the last."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \n;]+)", lock, re.MULTILINE))


def normal(name: str) -> str:
    """A package's name in the form in which two spellings of it are equal."""
    return re.sub(r"[-_.]+", "-", name).lower()
