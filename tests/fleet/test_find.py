"""Which folders count as projects."""

from __future__ import annotations

import json
import os
import sys
from errno import EACCES
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.fleet.find import projects
from tests.fleet.conftest import PASSES, STOPPED


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


def test_a_manifest_that_lies_beside_repositories_is_judged_as_well(fleet, inside):
    fleet.add("a", model__yaml=PASSES)
    fleet.add("group/b", model__yaml=PASSES)
    (fleet.folder / "group" / "model.yaml").write_text(STOPPED)
    (fleet.folder / "group" / "model.yml").write_text("layers: 3\n")  # somebody else's
    run = inside("audit", "src", "--output", "json", "--store", "store")
    assert {row["path"]: row["code"] for row in json.loads(run.out)["projects"]} == {
        "src/a": 0,
        "src/group/b": 0,
        "src/group/model.yaml": 1,
    }
    assert run.code == 1


def test_a_bare_repository_is_told_and_is_no_project_without_models(fleet, inside):
    for name in ("objects", "refs"):
        (fleet.folder / "a.git" / name).mkdir(parents=True)
    (fleet.folder / "a.git" / "HEAD").write_text("ref: refs/heads/main\n")
    run = inside("audit", "src")
    assert "src/a.git: a bare repository: none of its files is checked out" in run.out
    assert run.code == 2


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names of files are characters there")
def test_a_name_that_is_no_text_is_shown_and_ends_nothing(fleet, inside):
    fleet.add(os.fsdecode(b"a\xff"), model__yaml=STOPPED)
    run = inside("audit", "src", "--output", "json", "--output", "html=pages", "--output", "csv=tables")
    assert [row["path"] for row in json.loads(run.out)["projects"]] == ["src/a\\udcff"]
    assert run.code == 1


def locked(monkeypatch, *names):
    """Folders that may not be entered; root would enter them whatever their permissions are."""

    def refused(path):
        if not isinstance(path, int) and set(Path(os.fsdecode(path)).parts) & set(names):
            raise PermissionError(EACCES, "Permission denied", os.fspath(path))

    def refusing(function):
        def asked(path=".", *arguments, **options):
            refused(path)
            return function(path, *arguments, **options)

        return asked

    for name in ("stat", "lstat", "scandir", "open"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))


@pytest.mark.parametrize("options", [(), ("--history",), ("--store", "store")])
def test_a_folder_that_may_not_be_entered_is_told_and_the_others_are_judged(fleet, inside, monkeypatch, options):
    fleet.add("a", model__yaml=STOPPED)
    fleet.add("b", model__yaml=STOPPED)
    for name in ("locked", "group/locked"):
        (fleet.folder / name).mkdir(parents=True)
    fleet.add("group/c", model__yaml=PASSES)
    locked(monkeypatch, "locked")
    run = inside("audit", "src", "--output", "json", *options)
    assert run.out, run.err
    document = json.loads(run.out)
    history = {"src/a", "src/b", "src/group/c"} if options == ("--history",) else set()  # they are none that git knows
    assert {row["path"] for row in document["broken"]} - history == {"src/locked", "src/group/locked"}
    assert {row["why"] for row in document["broken"] if "locked" in row["path"]} == {"Permission denied"}
    assert [row["path"] for row in document["projects"] if row["manifests"]] == ["src/a", "src/b", "src/group/c"]
    assert run.code == 2


@pytest.fixture
def deep(fleet, monkeypatch):
    """Folders inside each other, more than calls may be; taken away again, since what clears up after tests calls."""
    levels = 1200
    fleet.folder.mkdir()
    monkeypatch.chdir(fleet.folder)
    for _ in range(levels):
        Path("d").mkdir()
        os.chdir("d")
    os.chdir(fleet.folder.parent)
    yield
    for left in range(levels, 0, -1):
        (fleet.folder / "/".join("d" * left)).rmdir()


def test_folders_deeper_than_calls_may_go_end_nothing(fleet, inside, deep):
    fleet.add("a", model__yaml=STOPPED)
    run = inside("audit", "src", "--output", "json")
    assert run.out, run.err
    assert [row["path"] for row in json.loads(run.out)["projects"]] == ["src/a", "src/d"]


def test_a_pipe_in_the_place_of_git_s_files_is_not_waited_for(fleet, inside):
    os.mkfifo(fleet.add("a", model__yaml=PASSES) / ".git" / "HEAD")
    assert inside("audit", "src").code == 0


def test_a_link_beside_repositories_is_a_manifest_unless_it_leads_to_one(fleet, monkeypatch):
    fleet.add("a", model__yaml=STOPPED)
    (fleet.folder / "prod.yaml").write_text(STOPPED)
    (fleet.folder / "b.weighbridge.yaml").symlink_to("prod.yaml")
    (fleet.folder / "c.weighbridge.yaml").symlink_to("a/model.yaml")
    monkeypatch.chdir(fleet.folder.parent)
    assert names(Path("src")) == ["src/a", "src/b.weighbridge.yaml"]
