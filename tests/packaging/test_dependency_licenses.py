"""No dependency comes along under a licence that is not allowed, or that nobody has read."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from tests.packaging.offline import ROOT
from tools import dependency_licenses as licenses

RULES = licenses.rules()
LOCK = licenses.locked((ROOT / "requirements" / "dev.txt").read_text("utf-8"))
READ = licenses.read_all(LOCK, RULES, licenses.installed())
OURS = licenses.brought_along(licenses.direct_dependencies(), LOCK)


def package(folder: Path, metadata: str, text: str = "") -> importlib.metadata.Distribution:
    """A package that is installed in a folder, with metadata and, where given, a licence text."""
    info = folder / "thing-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: thing\nVersion: 1\n{metadata}", "utf-8")
    (info / "LICENSE").write_text(text, "utf-8")
    (info / "RECORD").write_text("thing-1.dist-info/LICENSE,,\nthing-1.dist-info/METADATA,,\n", "utf-8")
    return importlib.metadata.Distribution.at(info)


def test_all_that_a_lock_names_is_allowed() -> None:
    assert licenses.refused(READ, RULES.allow) == []


def test_what_the_wheel_brings_along_is_on_the_page() -> None:
    page = licenses.PAGE.read_text("utf-8")
    assert licenses.page(page, licenses.table(OURS, READ)) == page
    assert {one.name for one in OURS} > set(licenses.direct_dependencies()) - {"torch", "transformers", "peft"}


def test_what_is_stated_by_hand_is_still_needed() -> None:
    here = licenses.installed()
    for name in RULES.stated:
        assert licenses.license_of(here[name], RULES.allow) is None, f"{name} says its licence by now"
    assert RULES.elsewhere.keys() <= LOCK.keys()


def test_what_is_stated_of_other_platforms_is_what_is_read_where_it_is_installed() -> None:
    here = licenses.installed()
    read = {name: licenses.license_of(here[name], RULES.allow) for name in RULES.elsewhere if name in here}
    assert read == {name: RULES.elsewhere[name] for name in read}


@pytest.mark.parametrize(
    ("metadata", "read"),
    [
        ("License-Expression: MIT OR Apache-2.0\n", "MIT OR Apache-2.0"),
        ("License: Apache 2.0\n", "Apache-2.0"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n", "MIT"),
        ("License: BSD\n", None),
        ("License: see the file\n", None),
        ("License-Expression: GPL-3.0-only\n", "GPL-3.0-only"),
        ("", None),
    ],
)
def test_metadata_are_read_and_never_guessed_at(tmp_path: Path, metadata: str, read: str | None) -> None:
    assert licenses.license_of(package(tmp_path, metadata), RULES.allow) == read


def test_a_text_decides_where_metadata_are_vague(tmp_path: Path) -> None:
    text = (ROOT / "checker" / "licenses" / "standard" / "BSD-3-Clause.txt").read_text("utf-8")
    assert licenses.license_of(package(tmp_path, "License: BSD\n", text), RULES.allow) == "BSD-3-Clause"


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only AND MIT OR Apache-2.0", True),
        ("(MIT OR GPL-3.0-only) AND GPL-2.0-only", False),
        ("MIT WITH something", False),
    ],
)
def test_one_choice_must_be_allowed_whole(expression: str, allowed: bool) -> None:
    assert licenses.is_allowed(expression, RULES.allow) is allowed


def test_who_asks_for_a_package_is_read_from_the_lock() -> None:
    lock = licenses.locked(
        "# via nobody\n"
        "a==1 \\\n    --hash=sha256:00\n    # via weighbridge (pyproject.toml)\n"
        "b==2 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n    # via\n    #   -r requirements/dev.in\n    #   a\n"
        "c==3 \\\n    --hash=sha256:00\n    # via b\n"
        "tool==4 \\\n    --hash=sha256:00\n    # via -r requirements/dev.in\n"
    )
    along = licenses.brought_along(["A"], lock)
    assert [(one.name, one.version, one.via) for one in along] == [
        ("a", "1", ()),
        ("b", "2", ("a",)),
        ("c", "3", ("b",)),
    ]
