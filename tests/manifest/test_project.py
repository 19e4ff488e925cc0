"""A manifest belongs to the repository around it, else to its folder."""

from __future__ import annotations

from checker.manifest.project import project_name, repository_root


def test_the_repository_is_the_nearest_folder_with_git_in_it(repository):
    assert (repository_root(repository / "service"), project_name(repository)) == (repository, "shop")


def test_a_worktree_has_a_file_named_git(tmp_path):
    (tmp_path / "tree" / "a").mkdir(parents=True)
    (tmp_path / "tree" / ".git").write_text("gitdir: elsewhere")
    assert repository_root(tmp_path / "tree" / "a") == tmp_path / "tree"


def test_without_a_repository_the_folder_gives_the_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from pathlib import Path

    assert project_name(Path()) == tmp_path.name


def test_a_folder_of_no_repository_has_no_root(tmp_path):
    assert repository_root(tmp_path) is None
