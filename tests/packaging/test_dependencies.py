"""What we depend on is stated once, bounded, locked by hash and given a reason."""

from __future__ import annotations

import re
import tomllib

import pytest
from ruamel.yaml import YAML

from tests.packaging.offline import ROOT
from tools.extra_tests import TRACE_NEEDS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OPTIONAL = [one for extra in PROJECT["project"]["optional-dependencies"].values() for one in extra]
LOCKS = ("run", "dev", "audit")


def names_in(requirements: list[str]) -> list[str]:
    return [match[0] for line in requirements if (match := re.match(r"[A-Za-z0-9._-]+", line))]


def inputs_of(name: str) -> list[str]:
    lines = (ROOT / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return names_in([line for line in lines if not line.startswith("#")])


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins_of(lock: str) -> set[tuple[str, str]]:
    """Name and version; a package may be locked at one version for each of several Pythons."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+)==([^ ]+)", text, re.MULTILINE))


def test_every_direct_dependency_has_its_reason_and_no_other_is_named() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([^`]+)` \| [^| ][^|]*\|$", page, re.MULTILINE)
    extras = names_in(OPTIONAL)
    tools = [name for name in inputs_of("dev") if name not in extras]  # the tests need what some extras bring
    direct = [*names_in(PROJECT["project"]["dependencies"]), *extras, *inputs_of("run"), *tools, *inputs_of("audit")]
    assert sorted(explained) == sorted(direct)


@pytest.mark.parametrize(
    "requirement", PROJECT["project"]["dependencies"] + OPTIONAL + PROJECT["build-system"]["requires"]
)
def test_what_the_wheel_asks_for_has_a_lower_and_an_upper_bound(requirement: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9._-]+>=[0-9.]+,<[0-9.]+", requirement)


def test_the_tracer_is_tested_with_the_floors_of_its_extra() -> None:
    tested = dict(pin.split("==") for pin in TRACE_NEEDS if "==" in pin)
    extra = PROJECT["project"]["optional-dependencies"]["trace"]
    bounds = {name: (low, high) for name, low, high in (re.split(">=|,<", one) for one in extra)}
    assert tested.keys() == bounds.keys()
    for name, version in tested.items():
        low, high = (tuple(map(int, bound.split("."))) for bound in bounds[name])
        tested_version = tuple(map(int, version.split(".")))
        assert tested_version[: len(low)] == low < high
        assert not any(tested_version[len(low) :]), "the extra admits a version that no test ran with"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_direct_dependency(lock: str) -> None:
    direct = [] if lock == "audit" else [*names_in(PROJECT["project"]["dependencies"]), *inputs_of("run")]
    direct += inputs_of(lock)
    assert {normal(name) for name in direct} <= {name for name, _ in pins_of(lock)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|\.org\b", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert packages
    assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_the_demo_and_the_tests_run_the_same_versions() -> None:
    assert pins_of("run") <= pins_of("dev")


def test_the_type_check_of_our_own_hooks_sees_all_that_we_import() -> None:
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    (mypy,) = (hook for hook in hooks if hook["id"] == "mypy")
    seen = {normal(name) for name in names_in(mypy["additional_dependencies"])}
    assert {normal(name) for name in names_in(PROJECT["project"]["dependencies"])} <= seen


def test_our_own_hooks_run_the_locked_versions() -> None:
    hooks = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    pinned = {pin for hook in hooks for pin in hook["additional_dependencies"]}
    assert pinned
    assert {(normal(name), version) for name, version in (pin.split("==") for pin in pinned)} <= pins_of("dev")
