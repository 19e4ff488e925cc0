"""Where a run takes place: each file's path inside its repository, and the commit that was judged.

Only outputs for other tools ask: a code host shows a finding beside its line when the path is the repository's own,
wherever the command was started.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from checker.manifest.project import repository_root
from checker.value import NamedTuple

GIT_SECONDS = 10
"""How long a git command may take before the report does without what it would have said."""


class Commit(NamedTuple):
    """The state of a repository that was judged."""

    repository: str
    """The repository's address, without user name and password."""
    revision: str
    """The commit in hexadecimal digits."""
    branch: str
    """The branch, or empty where none is checked out."""


class Checkout(NamedTuple):
    """What lies in the folder of a repository."""

    revision: str
    """The commit in hexadecimal digits."""
    dirty: bool | None
    """Whether a tracked file, or one that was judged, differs from it; None where git does not say."""
    folder: str
    """The current folder from the repository's root, with forward slashes: `.` at the root, `..` and more outside."""


class Surroundings(NamedTuple):
    """What an output needs to know of the place of the run."""

    paths: Mapping[str, str]
    """For each file by the name that the report uses: its path from its repository's root, with forward slashes.

    A file that lies in none of the manifests' repositories (a shipped pack, standard input) is absent.
    """
    commit: Commit | None = None
    """None where there is no repository, no remote or no commit."""
    checkout: Checkout | None = None
    """None where there is no repository, no commit, or more than one repository."""


def look_around(manifests: Iterable[str], others: Iterable[str], environ: Mapping[str, str]) -> Surroundings:
    """Find the repository-relative paths of all files of a report, and the commit.

    Args:
        manifests: names of the files that were judged or refused, as the report has them.
        others: names of further files, such as policies.
        environ: the environment, in which a CI system states repository, commit and branch.
    """
    homes = {name: _home(name) for name in dict.fromkeys(manifests)}
    roots = list(dict.fromkeys(home[0] for home in homes.values() if home))
    homes |= {name: home for name in dict.fromkeys(others) if (home := _home(name)) and home[0] in roots}
    paths = {name: home[1] for name, home in homes.items() if home}
    if len(roots) != 1:
        return Surroundings(paths)
    return Surroundings(paths, _commit(roots[0], environ), _checkout(roots[0], paths.values()))


def _home(name: str) -> tuple[str, str] | None:
    """The root of the repository (or the current folder) that holds a file, and the file's path from there."""
    folder, base = os.path.split(name)
    if not os.path.isfile(name):  # noqa: PTH113 - thousands of files may be asked for
        return None
    real = _real(folder)
    root = _root(real) or _real("")
    relative = os.path.relpath(os.path.join(real, base), root)  # noqa: PTH118
    outside = relative.startswith("..")
    return None if outside else (root, relative.replace(os.sep, "/"))


def _real(folder: str) -> str:
    return os.path.realpath(folder or ".")


@cache
def _root(folder: str) -> str | None:
    root = repository_root(Path(folder))
    return str(root) if root else None


def _commit(root: str, environ: Mapping[str, str]) -> Commit | None:
    stated = _from_ci(environ)
    revision = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if stated is not None and revision in ("", stated.revision):
        return stated
    repository = _address(_git(root, "config", "--get", "remote.origin.url"))
    if not (revision and repository):
        return None
    return Commit(repository, revision, _git(root, "symbolic-ref", "--quiet", "--short", "HEAD"))


def _checkout(root: str, judged: Iterable[str]) -> Checkout | None:
    revision = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if not _is_commit(revision):
        return None
    folder = os.path.relpath(_real(""), root).replace(os.sep, "/")
    return Checkout(revision, _is_dirty(root, judged), folder)


def _is_dirty(root: str, judged: Iterable[str]) -> bool | None:
    # The line of the branch says that there was an answer.
    changed = _git(root, "status", "--porcelain", "--branch", "--untracked-files=no", "--ignore-submodules=dirty")
    tracked = _git(root, "ls-files", "-z")
    if not changed:
        return None
    return "\n" in changed or not set(judged) <= set(tracked.split("\0"))


def _from_ci(environ: Mapping[str, str]) -> Commit | None:
    """What GitHub Actions or GitLab CI states of the checkout."""
    if environ.get("GITHUB_ACTIONS") == "true":
        address = f"{environ.get('GITHUB_SERVER_URL', '')}/{environ.get('GITHUB_REPOSITORY', '')}"
        revision, branch = environ.get("GITHUB_SHA", ""), environ.get("GITHUB_REF_NAME", "")
    else:
        address = environ.get("CI_PROJECT_URL", "")
        revision, branch = environ.get("CI_COMMIT_SHA", ""), environ.get("CI_COMMIT_REF_NAME", "")
    repository = _address(address)
    return Commit(repository, revision, branch) if repository and _is_commit(revision) else None


def _is_commit(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", text) is not None


def _address(written: str) -> str:
    """A remote's address as https, without what may be a secret in it; empty where it is no address of a host."""
    short = re.fullmatch(r"(?:[^@/\s]+@)?([\w.-]{2,}):(?!//)([^\s?#@\\]+)", written)
    long = re.fullmatch(r"(?:https?|ssh|git)://(?:[^@/\s]*@)?([\w.-]+(?::\d+)?)/([^\s?#@]+)", written)
    found = long or short
    if found is None:
        return ""
    host = found[1] if written.startswith("http") else found[1].partition(":")[0]
    return f"https://{host}/{found[2].strip('/').removesuffix('.git')}"


def _git(root: str, *arguments: str) -> str:
    """What git says on one line; empty where there is no git, no repository or no answer."""
    from checker.git import GitError, git

    try:
        told = git(Path(root), *arguments, seconds=GIT_SECONDS)
    except GitError:
        return ""
    return told.decode("utf-8", "replace").strip()  # the name of some file need not be UTF-8
