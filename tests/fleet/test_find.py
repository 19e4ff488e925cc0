"""Which folders count as projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.fleet.find import projects


def names(*roots: Path) -> list[str]:
    return [path.as_posix() for path in projects(roots)]


def test_each_repository_below_a_folder_is_a_project(fleet, monkeypatch):
    fleet.add("a")
    fleet.add("group/b")
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src")) == ["src/a", "src/group/b"]


def test_nothing_below_a_repository_is_another_project(fleet, monkeypatch):
    fleet.add("a")
    fleet.add("a/vendored")
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src")) == ["src/a"]


def test_a_folder_beside_repositories_is_a_project_too(fleet, monkeypatch):
    fleet.add("a")
    (fleet.folder / "plain").mkdir()
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src")) == ["src/a", "src/plain"]


def test_a_folder_without_any_repository_is_one_project(tmp_path, monkeypatch):
    (tmp_path / "src" / "inner").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert names(Path("src")) == ["src"]


def test_a_project_that_two_roots_lead_to_is_audited_once(fleet, monkeypatch):
    fleet.add("a")
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src"), Path("src/a"), Path("src/../src/a")) == ["src/a"]


def test_links_and_hidden_folders_are_not_followed(fleet, monkeypatch, tmp_path):
    fleet.add("a")
    (tmp_path / "elsewhere" / ".git").mkdir(parents=True)
    (fleet.folder / "link").symlink_to(tmp_path / "elsewhere")
    (fleet.folder / ".cache" / "x" / ".git").mkdir(parents=True)
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src")) == ["src/a"]


def test_a_folder_that_is_not_there_is_an_error_with_the_nearest_name(fleet, monkeypatch):
    fleet.add("a")
    monkeypatch.chdir(fleet.folder.parent)
    with pytest.raises(InputError) as caught:
        projects([Path("scr")])
    problem = caught.value.problems[0]
    assert (problem.file, problem.sentence) == ("scr", "there is no such folder")
    assert "src" in problem.hint
