"""A repository's own configuration names programs for git to run, and another host to fetch from: nothing of it happens."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from checker.git import GitError, git, read_files, tree
from tests.in_process import weighbridge  # noqa: F401
from tests.repository import MANIFEST, POLICY, Repository, ledger

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are scripts of sh")

CONFIGURATION = """\
[core]
	repositoryformatversion = 1
	fsmonitor = {trap} fsmonitor
	sshCommand = {trap} sshCommand
	pager = {trap} pager
[extensions]
	partialClone = origin
[remote "origin"]
	url = {url}
	uploadpack = {trap} uploadpack
	promisor = true
	partialclonefilter = blob:none
[protocol]
	allow = always
[protocol "ext"]
	allow = always
[protocol "file"]
	allow = always
[credential]
	helper = {trap} helper
[diff]
	external = {trap} external
[diff "y"]
	textconv = {trap} textconv
	command = {trap} command
[filter "a z"]
	clean = {trap} clean
	smudge = {trap} smudge
	required = true
[filter "b"]
	process = {trap} process
[gpg]
	program = {trap}
[log]
	showSignature = true
"""
URLS = {
    "a helper that runs a command": "ext::{trap} ext",
    "a folder, by a program of its own": "file://{folder}",
    "a helper that is not there": "acme::there",
}
COMMANDS = (
    "check model.yaml --policy policy.yaml --since HEAD~1",
    "check model.yaml --policy policy.yaml --output sarif",
    "check model.yaml --policy policy.yaml --record runs",
    "waiver list --policy policy.yaml",
    "policy impact --from HEAD~1:policy.yaml --to policy.yaml .",
    "audit . --policy policy.yaml",
    "audit . --policy policy.yaml --history",
    "audit . --policy policy.yaml --store .store",
    "bom --format cyclonedx-1.6 model.yaml",
    "scan .",
)


def made(folder: Path, files: dict[str, str | None]) -> Repository:
    """A repository with one commit."""
    (folder / "shop").mkdir()
    repository = Repository(folder / "shop")
    repository.commit(files)
    return repository


class Trapped:
    """A repository, and what its programs left when one of them ran."""

    def __init__(self, folder: Path, url: str) -> None:
        self.repository = made(folder, {"policy.yaml": POLICY, "waivers.yaml": ledger(), "model.yaml": MANIFEST})
        self.ran = folder / "ran"
        trap = folder / "trap"
        trap.write_text(f'#!/bin/sh\necho "$@" >> {self.ran}\n')
        trap.chmod(0o755)
        blob = self.git("rev-parse", "HEAD:model.yaml")
        self.repository.commit({"model.yaml": MANIFEST.replace("owner: team", "owner: other")})
        self.sign()
        (self.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        config = CONFIGURATION.format(trap=trap, url=url.format(trap=trap, folder=folder))
        with (self.folder / ".git" / "config").open("a", encoding="utf-8") as file:
            file.write(config)
        (self.folder / ".git" / "info").mkdir(exist_ok=True)
        (self.folder / ".git" / "info" / "attributes").write_text('model.yaml diff=y filter="a z"\n*.yaml filter=b\n')
        for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
            path = self.folder / ".git" / "hooks" / hook
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\n{trap} hook {hook}\n")
            path.chmod(0o755)
        for name in ("policy.yaml", "waivers.yaml", "model.yaml"):
            (self.folder / name).write_bytes((self.folder / name).read_bytes() + b"\n")  # differs: git has to look

    @property
    def folder(self) -> Path:
        return self.repository.folder

    def git(self, *arguments: str, given: str | None = None) -> str:
        """Git as anybody would call it."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, input=given, capture_output=True, text=True, check=False, timeout=20
        )
        return done.stdout.strip()

    def sign(self) -> None:
        """Give the last commit a signature, which git shows to a program where a log is to show signatures."""
        head, _, message = self.git("cat-file", "commit", "HEAD").partition("\n\n")
        signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----"
        content = f"{head}\n{signature}\n\n{message}\n"
        self.git("update-ref", "HEAD", self.git("hash-object", "-t", "commit", "-w", "--stdin", given=content))

    def names(self) -> str:
        return self.ran.read_text() if self.ran.exists() else ""


@pytest.fixture(params=URLS.values(), ids=URLS)
def trapped(request: pytest.FixtureRequest, tmp_path: Path) -> Trapped:
    return Trapped(tmp_path, request.param)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_program_of_a_configuration_runs(command: str, trapped: Trapped, weighbridge) -> None:  # noqa: F811
    run = weighbridge(*command.split(), cwd=trapped.folder)
    assert run.code in (0, 1, 2, 3), run.out + run.err
    assert trapped.names() == ""


def test_the_same_programs_run_where_git_is_called_without_care(tmp_path: Path) -> None:
    trapped = Trapped(tmp_path, URLS["a helper that runs a command"])
    trapped.git("status")
    trapped.git("blame", "policy.yaml")
    trapped.git("show", "HEAD~1:model.yaml")
    trapped.git("log", "--format=%H", "HEAD", "--", "model.yaml")
    for name in ("--verify", "fsmonitor", "hook post-index-change", "process", "ext"):
        assert name in trapped.names(), trapped.names()


@pytest.mark.parametrize("url", URLS.values(), ids=URLS)
def test_no_host_is_asked_by_whatever_git_is_told(tmp_path: Path, url: str) -> None:
    trapped = Trapped(tmp_path, url)
    with pytest.raises(GitError, match="not allowed"):
        git(trapped.folder, "ls-remote", "origin")
    assert trapped.names() == ""


def test_no_hook_runs_by_whatever_git_is_told(tmp_path: Path) -> None:
    trapped = Trapped(tmp_path, URLS["a helper that runs a command"])
    git(trapped.folder, "update-ref", "refs/heads/other", "HEAD")
    assert trapped.names() == ""
    trapped.git("update-ref", "-d", "refs/heads/other")
    assert "hook reference-transaction" in trapped.names()


def test_what_a_clone_lacks_is_not_tried_to_be_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trapped = Trapped(tmp_path, URLS["a folder, by a program of its own"])
    blob = trapped.git("rev-parse", "HEAD~1:model.yaml")
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))
    told = git(trapped.folder, "cat-file", "--batch-check", given=f"{blob}\n".encode())
    assert told == f"{blob} missing\n".encode()
    assert "cat-file" in (tmp_path / "trace").read_text()
    assert " fetch " not in (tmp_path / "trace").read_text()


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_in_the_repository_of_git_is_written(command: str, tmp_path: Path, weighbridge) -> None:  # noqa: F811
    repository = made(tmp_path, {"policy.yaml": POLICY, "waivers.yaml": ledger(), "model.yaml": MANIFEST})
    repository.commit({"model.yaml": MANIFEST.replace("owner: team", "owner: other")})
    for name in ("policy.yaml", "waivers.yaml", "model.yaml"):
        os.utime(repository.folder / name, (0, 0))  # what git knows of the file is old, and its content is the same
    before = contents(repository.folder / ".git")
    assert weighbridge(*command.split(), cwd=repository.folder).code in (0, 1, 3)
    assert contents(repository.folder / ".git") == before


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_filter_that_cannot_be_switched_off_is_an_error(tmp_path: Path) -> None:
    repository = made(tmp_path, {"f": "text\n"})
    with (repository.folder / ".git" / "config").open("a", encoding="utf-8") as file:
        file.write('[filter "a=b"]\n\tclean = false\n')
    with pytest.raises(GitError, match=r"'filter\.a=b' has an equals sign"):
        git(repository.folder, "status")
    assert git(repository.folder, "rev-parse", "HEAD")


def test_git_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    repository = made(tmp_path, {"f": "text\n"})
    with pytest.raises(GitError, match=r"it took longer than 0\.5 s"):
        git(repository.folder, "-c", "alias.wait=!sleep 30", "wait", seconds=0.5)


def test_what_stands_in_for_a_commit_is_not_shown_in_its_place(tmp_path: Path) -> None:
    repository = made(tmp_path, {"model.yaml": MANIFEST})
    was = git(repository.folder, "rev-parse", "HEAD").decode().strip()
    repository.commit({"model.yaml": MANIFEST.replace("owner: team", "owner: other")})
    git(repository.folder, "replace", was, "HEAD")
    shown = subprocess.run(["git", "show", f"{was}:model.yaml"], cwd=repository.folder, capture_output=True, check=True)
    assert b"owner: other" in shown.stdout  # as anybody would call it
    blobs = dict(tree(repository.folder, was))
    [(_, content)] = read_files(repository.folder, blobs, 10_000)
    assert b"owner: team" in content
