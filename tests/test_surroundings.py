"""Where a run takes place: paths from the repository's root, and the commit, by real git."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from checker.surroundings import Checkout, Commit, Surroundings, look_around

GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
}


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], env={**os.environ, **GIT}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with two manifests and a policy, and one file beside it; the test stands in its subfolder."""
    root = tmp_path / "shop"
    for name in ("shop/model.yaml", "shop/svc/model.yaml", "shop/svc/policy.yaml", "beside.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", "shop")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "x")
    monkeypatch.chdir(root / "svc")
    return root


def test_paths_are_those_of_the_repository_wherever_the_run_started(repository):
    found = look_around(["../model.yaml", "model.yaml", str(repository / "svc" / "model.yaml")], ["policy.yaml"], {})
    assert found.paths == {
        "../model.yaml": "model.yaml",
        "model.yaml": "svc/model.yaml",
        str(repository / "svc" / "model.yaml"): "svc/model.yaml",
        "policy.yaml": "svc/policy.yaml",
    }


def test_a_file_outside_the_repositories_of_the_manifests_has_no_path(repository):
    found = look_around(["model.yaml", "<stdin>", "absent.yaml"], ["../../beside.yaml", "weighbridge:enterprise"], {})
    assert found.paths == {"model.yaml": "svc/model.yaml"}


def test_without_a_repository_paths_are_those_from_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "model.yaml").write_text("x\n")
    monkeypatch.chdir(tmp_path)
    found = look_around(["a/model.yaml"], [], {})
    assert found == Surroundings({"a/model.yaml": "a/model.yaml"})
    monkeypatch.chdir(tmp_path / "a")
    (tmp_path / "model.yaml").write_text("x\n")
    assert look_around(["../model.yaml"], [], {}).paths == {}


def test_the_commit_comes_from_git_and_the_address_loses_its_secret(repository):
    assert look_around(["model.yaml"], [], {}).commit is None  # no remote says where the repository lives
    git(repository, "remote", "add", "origin", "https://user:secret@example.com/acme/shop.git")
    head = git(repository, "rev-parse", "HEAD")
    assert look_around(["model.yaml"], [], {}).commit == Commit("https://example.com/acme/shop", head, "main")
    git(repository, "checkout", "--quiet", "--detach")
    assert look_around(["model.yaml"], [], {}).commit == Commit("https://example.com/acme/shop", head, "")


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("git@example.com:acme/shop.git", "https://example.com/acme/shop"),
        ("ssh://git@example.com:2222/acme/shop", "https://example.com/acme/shop"),
        ("http://example.com:8080/acme/shop/", "https://example.com:8080/acme/shop"),
        ("https://token@example.com/acme/shop.git", "https://example.com/acme/shop"),
        ("user:secret@example.com/acme/shop.git", None),  # to git the host `user`, to whoever wrote it a password
        ("https:/user:secret@example.com/acme/shop.git", None),
        ("/srv/git/shop.git", None),
        ("file:///srv/git/shop.git", None),
        ("C:\\git\\shop", None),
    ],
)
def test_an_address_becomes_one_that_a_browser_opens(repository, written, address):
    git(repository, "remote", "add", "origin", written)
    commit = look_around(["model.yaml"], [], {}).commit
    assert (commit.repository if commit else None) == address


def test_the_commit_that_a_ci_system_states_counts_where_it_is_the_one_checked_out(repository):
    head = git(repository, "rev-parse", "HEAD")
    github = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_SHA": head,
        "GITHUB_REF_NAME": "12/merge",
    }
    assert look_around(["model.yaml"], [], github).commit == Commit(
        "https://github.example/acme/shop", head, "12/merge"
    )
    assert look_around(["model.yaml"], [], github | {"GITHUB_SHA": "f" * 40}).commit is None
    gitlab = {"CI_PROJECT_URL": "https://gitlab.example/a/b", "CI_COMMIT_SHA": head, "CI_COMMIT_REF_NAME": "topic"}
    assert look_around(["model.yaml"], [], gitlab).commit == Commit("https://gitlab.example/a/b", head, "topic")


def test_manifests_of_two_repositories_have_no_one_commit(repository, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    git(tmp_path, "init", "--quiet", "other")
    (other / "model.yaml").write_text("x\n")
    git(repository, "remote", "add", "origin", "https://example.com/acme/shop")
    found = look_around(["model.yaml", "../../other/model.yaml"], [], {})
    assert found == Surroundings({"model.yaml": "svc/model.yaml", "../../other/model.yaml": "model.yaml"})


def test_without_git_there_is_no_commit(repository, monkeypatch):
    git(repository, "remote", "add", "origin", "https://example.com/acme/shop")
    monkeypatch.setenv("PATH", "")
    assert look_around(["model.yaml"], [], {}).commit is None


def test_a_judged_file_that_no_commit_holds_is_a_difference_from_it(repository):
    head = git(repository, "rev-parse", "HEAD")
    assert look_around(["model.yaml"], ["policy.yaml"], {}).checkout == Checkout(head, dirty=False, folder="svc")
    (repository / "svc" / "new.yaml").write_text("x\n")
    assert look_around(["model.yaml"], [], {}).checkout.dirty is False  # nobody judged it
    assert look_around(["model.yaml"], ["new.yaml"], {}).checkout.dirty is True
    assert look_around(["new.yaml"], [], {}).checkout.dirty is True


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are Unicode")
def test_names_of_other_files_need_not_be_text(repository):
    with open(os.fsencode(repository) + b"/\xff.txt", "wb"):
        pass
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "y")
    assert look_around(["model.yaml"], [], {}).checkout.dirty is False


@pytest.mark.parametrize("odd", ["\x85", "\u2028", "\u2029"])
def test_the_name_of_a_branch_is_no_changed_file(repository, odd):
    git(repository, "checkout", "--quiet", "-b", f"a{odd}b")
    assert look_around(["model.yaml"], [], {}).checkout.dirty is False


def test_a_changed_file_that_was_not_judged_is_a_difference_too(repository):
    (repository / "model.yaml").write_text("y\n")
    assert look_around(["model.yaml"], [], {}).checkout.dirty is True


def test_the_folder_of_the_run_is_said_from_the_root(repository, monkeypatch):
    monkeypatch.chdir(repository.parent)
    assert look_around(["shop/model.yaml"], [], {}).checkout.folder == ".."
    monkeypatch.chdir(repository)
    assert look_around(["model.yaml"], [], {}).checkout.folder == "."
