"""Takes one file at one commit out of a git repository on another host, and trusts neither of them.

git runs without the user's configuration, hooks, credentials and prompts; it fetches the one commit, without its
history, tags and submodules, over https alone, follows no redirect, and is stopped where it takes too long or too much.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from checker.policy.remote import RemoteLayer

MAX_SECONDS = 60
MAX_REPOSITORY = 64 * 1024 * 1024
"""Bytes that a fetch may write."""
MAX_FILE = 1024 * 1024
"""Bytes of the largest policy file."""

Fetch: TypeAlias = Callable[[RemoteLayer, Path], None]
"""Puts a layer's commit into an empty bare repository; raises `FetchError`."""


class FetchError(Exception):
    """A layer could not be fetched (exit code 3); the text says why and names the host."""


def over_https(layer: RemoteLayer, repository: Path) -> None:
    """Fetch a layer's commit from its host.

    Raises:
        FetchError: the host does not answer, does not hand out the commit, or hands out too much.
    """
    fetch_commit(layer.url, "https", layer.commit, repository)


def fetch_commit(url: str, protocol: str, commit: str, repository: Path) -> None:
    """Fetch one commit of `url` into a bare repository; no other protocol than the one named is spoken.

    Raises:
        FetchError: git fails, or is stopped at a limit.
    """
    command = ["-c", "http.followRedirects=false", "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--depth=1"]
    command += ["--no-tags", "--no-recurse-submodules", "--no-auto-maintenance", "--no-write-fetch-head"]
    git = subprocess.Popen(
        _git(repository, *command, "--", url, commit),
        env=_environment(repository, protocol),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    with git:
        reason = _watched(git, repository)
        said = (git.stderr.read() if git.stderr else b"").decode("utf-8", "replace")
    if reason or git.returncode:
        last = " ".join(said.split())[-300:]
        raise FetchError(f"{url} did not hand out {commit}: {reason or last or 'git failed and said nothing'}")


def file_at(layer: RemoteLayer, fetch: Fetch = over_https) -> bytes:
    """The content of a layer's file at its commit.

    Raises:
        FetchError: it cannot be fetched, is no plain file, or is larger than `MAX_FILE`.
    """
    with TemporaryDirectory(prefix="weighbridge-") as folder:
        repository = Path(folder) / "layer.git"
        # An empty template: one of the system could bring hooks.
        _run(repository, "init", "--quiet", "--bare", "--template=", "--", str(repository), here=Path(folder))
        fetch(layer, repository)
        listed = _run(repository, "ls-tree", "-z", layer.commit, "--", layer.path).decode("utf-8", "replace")
        mode, kind, blob = [*listed.partition("\t")[0].split(" "), "", "", ""][:3]
        if kind != "blob" or mode not in ("100644", "100755"):
            raise FetchError(f"{layer.url} at {layer.commit} has no plain file {layer.path}")
        if int(_run(repository, "cat-file", "-s", blob)) > MAX_FILE:
            raise FetchError(f"{layer.path} of {layer.url} is larger than {MAX_FILE} bytes")
        return _run(repository, "cat-file", "blob", blob)


def _watched(git: subprocess.Popen[bytes], repository: Path) -> str:
    """Wait for git, and stop it at a limit: the reason for that, or nothing."""
    end = time.monotonic() + MAX_SECONDS
    while git.poll() is None:
        if time.monotonic() > end:
            git.kill()
            return f"no end in {MAX_SECONDS} s"
        if _bytes_in(repository) > MAX_REPOSITORY:
            git.kill()
            return f"more than {MAX_REPOSITORY >> 20} MiB for one commit"
        try:
            git.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    return f"more than {MAX_REPOSITORY >> 20} MiB for one commit" if _bytes_in(repository) > MAX_REPOSITORY else ""


def _bytes_in(folder: Path) -> int:
    total = 0
    for parent, _, files in os.walk(folder):
        for file in files:
            try:
                total += os.lstat(os.path.join(parent, file)).st_size  # noqa: PTH118 - of a name just listed
            except FileNotFoundError:
                continue  # git renames its packs while they are listed
    return total


def _run(repository: Path, *arguments: str, here: Path | None = None) -> bytes:
    command = _git(repository, *arguments) if here is None else ["git", *_SAFE, *arguments]
    try:
        done = subprocess.run(
            command,
            env=_environment(repository, "none"),
            cwd=here,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise FetchError("there is no git on this machine, which fetching a policy layer needs") from error
    except OSError as error:  # what bears the name may not be started, or is no program
        raise FetchError(f"git cannot be started ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"git took longer than {MAX_SECONDS} s") from error
    if done.returncode:
        raise FetchError(f"git failed: {' '.join(done.stderr.decode('utf-8', 'replace').split())[-300:]}")
    return done.stdout


_SAFE = ("-c", "credential.helper=", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")


def _git(repository: Path, *arguments: str) -> list[str]:
    return ["git", *_SAFE, f"--git-dir={repository}", *arguments]


_KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")


def _environment(repository: Path, protocol: str) -> dict[str, str]:
    """The environment of git: nothing of the user's but where programs, proxies and certificates are."""
    kept = {name: value for name in (*_KEPT, *_PROXIES) if (value := os.environ.get(name)) is not None}
    nowhere = str(repository.parent)
    return kept | {
        "HOME": nowhere,
        "XDG_CONFIG_HOME": nowhere,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": protocol,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_NO_LAZY_FETCH": "1",
        "LC_ALL": "C",
    }
