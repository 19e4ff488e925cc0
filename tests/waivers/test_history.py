"""Who wrote a waiver, as a real git repository tells it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from tests.repository import MANIFEST, POLICY, Repository, ledger, waiver

LEGAL = "Legal <legal@example.com>"
FILES = {"policy.yaml": POLICY, "model.yaml": MANIFEST}


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


@pytest.fixture
def written(inside, repository):
    """For the id of each waiver: the commit, its author, and whether that is the approver."""

    def read(cwd=repository.folder):
        report = json.loads(inside("check", ".", "--policy", "policy.yaml", "--json", cwd=cwd).out)
        shown = [one["waiver"] for one in report["waivers"][0]["waivers"]]
        return {one["id"]: (one["commit"], one["author"], one["approver_is_author"]) for one in shown}

    return read


def test_a_waiver_that_its_approver_wrote_says_so(repository, written):
    commit = repository.commit({**FILES, "waivers.yaml": ledger()}, author=LEGAL)
    assert written() == {"W-1": (commit, LEGAL, True)}


def test_a_waiver_that_somebody_else_wrote_says_that(repository, written):
    commit = repository.commit({**FILES, "waivers.yaml": ledger()})
    assert written() == {"W-1": (commit, "Dev <dev@example.com>", False)}


def test_each_waiver_has_the_commit_that_last_touched_it(repository, written):
    first = repository.commit({**FILES, "waivers.yaml": ledger(waiver(), waiver(id="W-2"))}, author=LEGAL)
    longer = waiver(id="W-2", expires="2027-02-01")
    second = repository.commit({"waivers.yaml": ledger(waiver(), longer)})
    assert written() == {"W-1": (first, LEGAL, True), "W-2": (second, "Dev <dev@example.com>", False)}


def test_what_is_not_committed_has_no_author(repository, written):
    repository.commit({**FILES, "waivers.yaml": ledger()}, author=LEGAL)
    repository.put({"waivers.yaml": ledger(waiver(expires="2027-02-01"))})
    assert written() == {"W-1": ("", "", None)}


def test_a_waiver_that_nobody_approved_has_an_author_and_no_answer(repository, written):
    commit = repository.commit({**FILES, "waivers.yaml": ledger(waiver(approver=""))})
    assert written() == {"W-1": (commit, "Dev <dev@example.com>", None)}


def test_a_mailmap_of_the_project_does_not_rename_the_author(repository, written):
    mailmap = "Legal <legal@example.com> Dev <dev@example.com>\n"
    commit = repository.commit({**FILES, "waivers.yaml": ledger(), ".mailmap": mailmap})
    assert written() == {"W-1": (commit, "Dev <dev@example.com>", False)}


def test_commits_that_the_configuration_would_have_ignored_are_those_of_their_lines(repository, written):
    """As one may be that only changed the layout: here it is the one that made the waiver longer."""
    repository.commit({**FILES, "waivers.yaml": ledger()}, author=LEGAL)
    longer = repository.commit({"waivers.yaml": ledger(waiver(expires="2027-02-01"))})
    (repository.folder / "ignored").write_text(f"{longer}\n")
    with (repository.folder / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write("[blame]\n\tignoreRevsFile = ignored\n")
    assert written() == {"W-1": (longer, "Dev <dev@example.com>", False)}


def test_a_cut_history_gives_a_waiver_to_nobody(repository, written, tmp_path):
    repository.commit({**FILES, "waivers.yaml": ledger()})
    repository.commit({"other.txt": "x"}, author=LEGAL)
    cut = tmp_path / "cut"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{repository.folder}", str(cut)],
        check=True,
        capture_output=True,
    )
    assert written(cut) == {"W-1": ("", "", None)}


def test_without_git_the_waiver_still_counts(inside, repository, monkeypatch):
    repository.commit({**FILES, "waivers.yaml": ledger()})
    monkeypatch.setenv("PATH", str(repository.folder))
    assert shutil.which("git") is None
    run = inside("check", ".", "--policy", "policy.yaml")
    assert run.code == 0
    assert "git does not know who wrote it" in run.out


def test_the_text_report_names_the_author(inside, repository):
    commit = repository.commit({**FILES, "waivers.yaml": ledger()})
    out = inside("check", ".", "--policy", "policy.yaml").out
    assert f"  waiver:   written by Dev <dev@example.com>, not its approver; commit {commit[:12]}\n" in out
