"""Layers are fetched from real git repositories, within limits, and whatever is not as the line says is not kept."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from checker.document.errors import InputError
from checker.policy.load import Choice, load
from checker.policy.policy import ChosenBy
from checker.policy.remote import RemoteLayer
from checker.vendor import git as fetching
from checker.vendor.git import FetchError, fetch_commit, file_at, over_https
from checker.vendor.layers import vendor_layers

BASE = "policy: base\nversion: 1\nrules: {license-known: soft-mandatory}\n"
HOST = "git.example.com"


class Remote:
    """A git repository that stands for one on another host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> str:
        identity = (
            "-c",
            "user.name=example",
            "-c",
            "user.email=example@example.com",
            "-c",
            "protocol.file.allow=always",
        )
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True, encoding="utf-8"
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str]) -> str:
        for name, content in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a policy")
        return self.git("rev-parse", "HEAD")

    def fetch(self, layer: RemoteLayer, repository: Path) -> None:
        """What reaches the host, here by its files: the rest is what runs over https."""
        fetch_commit(f"file://{self.folder}", "file", layer.commit, repository)


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "remote")


def layer(commit: str, content: str = BASE, path: str = "policy.yaml") -> RemoteLayer:
    digest = hashlib.sha256(content.encode()).hexdigest()
    return RemoteLayer(HOST, f"https://{HOST}/acme/policies", commit, digest, path)


def line(commit: str, content: str = BASE, path: str = "policy.yaml") -> str:
    one = layer(commit, content, path)
    return f"git+{one.url}@{one.commit}#sha256={one.sha256}:{one.path}"


@pytest.fixture
def policy(tmp_path: Path) -> Callable[..., Path]:
    def write(*extends: str, name: str = "policy.yaml") -> Path:
        lines = "".join(f"  - '{one}'\n" for one in extends)
        (tmp_path / "own").mkdir(exist_ok=True)
        (tmp_path / "own" / name).write_text(f"policy: acme\nversion: 2\nextends:\n{lines}")
        return tmp_path / "own" / name

    return write


def test_a_layer_is_fetched_once_and_then_read_without_a_network(remote, policy):
    file = policy(line(remote.commit({"policy.yaml": BASE})))
    [made] = vendor_layers(file, [HOST], remote.fetch)
    assert (made.path.read_text(), made.fetched) == (BASE, True)
    assert "license-known" in load(Choice(file.as_posix(), ChosenBy.OPTION), None).rules

    def refuse(layer: RemoteLayer, repository: Path) -> None:
        raise FetchError("asked again")

    [again] = vendor_layers(file, [], refuse)
    assert again == made._replace(fetched=False)


def test_a_commit_that_no_branch_points_at_is_fetched_too(remote, policy):
    first = remote.commit({"policy.yaml": BASE})
    remote.commit({"policy.yaml": BASE.replace("soft", "hard")})
    [made] = vendor_layers(policy(line(first)), [HOST], remote.fetch)
    assert made.path.read_text() == BASE


def test_layers_of_layers_and_of_files_beside_the_policy_are_fetched(remote, policy):
    first = remote.commit({"policy.yaml": BASE})
    top = f"policy: top\nversion: 1\nextends: ['{line(first)}', 'weighbridge:starter']\n"
    second = remote.commit({"top.yaml": top})
    policy(line(second, top, "top.yaml"), name="beside.yaml")
    made = vendor_layers(policy("./beside.yaml", "weighbridge:starter"), [HOST], remote.fetch)
    assert [one.layer.path for one in made] == ["top.yaml", "policy.yaml"]


def test_a_host_that_the_caller_did_not_allow_is_not_asked(remote, policy):
    file = policy(line(remote.commit({"policy.yaml": BASE})))
    with pytest.raises(InputError, match=f"`{HOST}` is no host that this run may ask"):
        vendor_layers(file, ["other.example.com"], remote.fetch)
    assert not (file.parent / "weighbridge-vendored").exists()


def test_a_fetched_layer_may_not_lead_to_a_host_that_is_not_allowed(remote, policy):
    other = line("c" * 40).replace(HOST, "other.example.com")
    top = f"policy: top\nversion: 1\nextends: '{other}'\n"
    file = policy(line(remote.commit({"top.yaml": top}), top, "top.yaml"))
    with pytest.raises(InputError, match=r"`other\.example\.com` is no host"):
        vendor_layers(file, [HOST], remote.fetch)


def test_content_with_another_digest_is_not_kept(remote, policy):
    file = policy(line(remote.commit({"policy.yaml": BASE}), BASE + "# more\n"))
    with pytest.raises(FetchError, match="and the policy states"):
        vendor_layers(file, [HOST], remote.fetch)
    assert not (file.parent / "weighbridge-vendored").exists()


def test_content_that_is_no_policy_is_not_kept(remote, policy):
    file = policy(line(remote.commit({"policy.yaml": "colour: red\n"}), "colour: red\n"))
    with pytest.raises(InputError, match="unknown key `colour`"):
        vendor_layers(file, [HOST], remote.fetch)
    assert not (file.parent / "weighbridge-vendored").exists()


def test_files_that_extend_each_other_end(remote, policy):
    policy("./policy.yaml", name="beside.yaml")
    with pytest.raises(InputError, match="more than 8 files"):
        vendor_layers(policy("./beside.yaml"), [HOST], remote.fetch)


def test_a_commit_that_the_host_does_not_have_is_said(remote):
    remote.commit({"policy.yaml": BASE})
    with pytest.raises(FetchError, match=r"did not hand out c{40}"):
        file_at(layer("c" * 40), remote.fetch)


@pytest.mark.skipif(os.name != "posix", reason="links as here exist on POSIX only")
def test_only_a_plain_file_is_taken(remote, tmp_path):
    (remote.folder / "link.yaml").symlink_to("/etc/passwd")
    commit = remote.commit({"folder/policy.yaml": BASE})
    for path in ("link.yaml", "folder", "absent.yaml"):
        with pytest.raises(FetchError, match="has no plain file"):
            file_at(layer(commit, path=path), remote.fetch)
    assert file_at(layer(commit, path="folder/policy.yaml"), remote.fetch).decode() == BASE


def test_submodules_are_not_fetched(remote, tmp_path):
    inner = Remote(tmp_path / "inner")
    inner.commit({"policy.yaml": BASE})
    remote.git("submodule", "--quiet", "add", f"file://{inner.folder}", "sub")
    commit = remote.commit({"policy.yaml": BASE})
    with pytest.raises(FetchError, match="has no plain file sub"):
        file_at(layer(commit, path="sub"), remote.fetch)
    assert file_at(layer(commit), remote.fetch).decode() == BASE


def test_a_file_that_is_too_large_is_not_taken(remote, monkeypatch):
    commit = remote.commit({"policy.yaml": BASE})
    monkeypatch.setattr(fetching, "MAX_FILE", len(BASE) - 1)
    with pytest.raises(FetchError, match="is larger than"):
        file_at(layer(commit), remote.fetch)


def test_a_repository_that_is_too_large_is_given_up(remote, monkeypatch):
    commit = remote.commit({"policy.yaml": BASE})
    monkeypatch.setattr(fetching, "MAX_REPOSITORY", 10)
    with pytest.raises(FetchError, match="more than 0 MiB for one commit"):
        file_at(layer(commit), remote.fetch)


@pytest.mark.skipif(os.name != "posix", reason="what stands in for git is a shell script")
def test_a_host_that_does_not_end_is_given_up(remote, monkeypatch, tmp_path):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(fetching, "MAX_SECONDS", 0.3)
    with pytest.raises(FetchError, match=r"no end in 0\.3 s"):
        fetch_commit("https://localhost/x", "https", "c" * 40, tmp_path)
    with pytest.raises(FetchError, match=r"git took longer than 0\.3 s"):
        file_at(layer("c" * 40), remote.fetch)


def test_a_machine_without_git_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="there is no git on this machine"):
        file_at(layer("c" * 40))


@pytest.mark.skipif(os.name != "posix", reason="permissions as here exist on POSIX only")
@pytest.mark.parametrize(("mode", "said"), [(0o644, "Permission denied"), (0o755, "Exec format error")])
def test_a_git_that_is_no_program_is_told_so(monkeypatch, tmp_path, mode, said):
    (tmp_path / "git").write_bytes(b"\0")
    (tmp_path / "git").chmod(mode)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match=f"git cannot be started .{said}."):
        file_at(layer("c" * 40))


@pytest.mark.skipif(os.name != "posix", reason="the hook is a shell script")
def test_nothing_of_the_users_configuration_is_run(remote, monkeypatch, tmp_path):
    marks = tmp_path / "ran"
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    hook = home / "hooks" / "reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {marks}\n")
    hook.chmod(0o755)
    (home / ".gitconfig").write_text(
        f"[core]\n\thooksPath = {hook.parent}\n[init]\n\ttemplateDir = {home}\n"
        f'[url "file:///nowhere/"]\n\tinsteadOf = file://\n[credential]\n\thelper = !touch {marks}\n'
    )
    made = remote.commit({"policy.yaml": BASE})
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(home))
    remote.git("update-ref", "refs/heads/other", made)
    assert marks.exists()  # git as the user would run it
    marks.unlink()
    assert file_at(layer(made), remote.fetch).decode() == BASE
    assert not marks.exists()


def test_another_protocol_than_the_one_named_is_not_spoken(remote):
    made = remote.commit({"policy.yaml": BASE})
    other = partial(fetch_commit, f"file://{remote.folder}", "https", made)
    with pytest.raises(FetchError, match="transport 'file' not allowed"):
        file_at(layer(made), lambda _, repository: other(repository))


def test_a_host_that_does_not_answer_is_an_error_of_resolution(tmp_path):
    nobody = layer("c" * 40)._replace(url="https://127.0.0.1:1/acme/policies")
    with pytest.raises(FetchError, match=r"https://127\.0\.0\.1:1/acme/policies did not hand out"):
        file_at(nobody, over_https)
