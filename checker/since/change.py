"""What changed between the merge base with a revision and the files of today, as git tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from checker.document.errors import InputError
from checker.git import GitError, git, is_shallow
from checker.value import NamedTuple

_REGULAR = (b"100644", b"100755")


class Change(NamedTuple):
    """The files that differ from the merge base."""

    repository: Path
    revision: str
    """As the user wrote it."""
    base: str
    """The merge base, 40 hex digits (64 in a SHA-256 repository)."""
    files: dict[str, str | None]
    """For each changed path, relative to the repository, its blob at the base; None for what is new, or was no file."""


def change_since(repository: Path, revision: str) -> Change:
    """Everything that is not as it was at the merge base: committed, staged, edited or untracked.

    Args:
        repository: the folder that holds `.git`.
        revision: a name of a commit, from whoever runs the command; it never becomes an option of git.

    Raises:
        InputError: the history is cut off, the revision does not exist, or both have no common ancestor.
    """
    base = _merge_base(repository, revision)
    try:
        told = git(repository, "diff", "--raw", "-z", *_PLAIN, base, "--")
        untracked = git(repository, "ls-files", "--others", "--exclude-standard", "-z")
    except GitError as error:
        raise _unusable(f"git cannot tell what changed since {revision}: {error}") from error
    files = dict(_changed(told))
    for path in _paths(untracked):
        files.setdefault(path, None)
    return Change(repository, revision, base, files)


_PLAIN = ("--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=all")


def _merge_base(repository: Path, revision: str) -> str:
    if not revision.strip() or revision.startswith("-") or not revision.isprintable():
        raise _unusable(f"`{revision}` is no revision", "the name of a commit, such as origin/main")
    try:
        if is_shallow(repository):
            raise _unusable(
                "this clone is shallow: where the change began cannot be known",
                "the whole history: `git fetch --unshallow`; in GitHub's actions/checkout `fetch-depth: 0`,"
                " in GitLab CI `GIT_DEPTH: 0`",
            )
    except GitError as error:
        raise _unusable(f"git cannot read this repository: {error}") from error
    commits = []
    for name in (revision, "HEAD"):
        try:
            commits.append(git(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip())
        except GitError as error:
            raise _unusable(
                f"`{name}` is no commit of this repository",
                "a branch, a tag or a commit that was fetched: `git fetch origin main` brings one",
            ) from error
    try:
        return git(repository, "merge-base", *commits).decode().split()[0]
    except GitError as error:
        raise _unusable(f"`{revision}` and HEAD have no common ancestor", "a revision of the same history") from error


def _unusable(sentence: str, expected: str = "") -> InputError:
    return InputError.one(sentence, expected=expected, file="--since")


def _changed(told: bytes) -> Iterator[tuple[str, str | None]]:
    """The records of `git diff --raw -z`: `:old-mode new-mode old-blob new-blob status`, then the path."""
    fields = iter(told.split(b"\0"))
    for record in fields:
        if not record:
            return
        mode, _, blob, *_ = record.removeprefix(b":").split(b" ")
        yield _decoded(next(fields)), blob.decode() if mode in _REGULAR else None


def files_at(change: Change) -> Iterator[tuple[str, str]]:
    """Every regular file of the base: its path and its blob.

    Raises:
        InputError: git cannot read the base.
    """
    for record in _asked(change, "ls-tree", "-r", "-z", "--full-tree", change.base).split(b"\0"):
        if record:
            head, _, path = record.partition(b"\t")
            mode, _, blob = head.split(b" ")
            if mode in _REGULAR:
                yield _decoded(path), blob.decode()


def contents(change: Change, blobs: Iterable[str]) -> dict[str, bytes]:
    """The bytes of blobs, read by one process of git and never checked out.

    Raises:
        InputError: one of them is not there, as in a clone that left files out.
    """
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return {}
    told = _asked(change, "cat-file", "--batch", given="".join(f"{blob}\n" for blob in wanted).encode())
    found, at = {}, 0
    for blob in wanted:
        end = told.index(b"\n", at)
        header = told[at:end].split(b" ")
        if header[1] != b"blob":
            raise _unusable(
                f"the files of {change.base[:12]} are not all in this clone",
                "a clone without `--filter`, or `git fetch --refetch --no-filter`",
            )
        size = int(header[2])
        found[blob] = told[end + 1 : end + 1 + size]
        at = end + 2 + size
    return found


def tracked(change: Change, names: Iterable[str]) -> tuple[str, ...]:
    """The paths of tracked files of these names, whatever their case, in any folder.

    Raises:
        InputError: git cannot list them.
    """
    anywhere = [f":(icase,glob)**/{name}" for name in names]
    return tuple(_paths(_asked(change, "ls-files", "-z", "--", *anywhere)))


def _asked(change: Change, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        return git(change.repository, *arguments, given=given)
    except GitError as error:
        raise _unusable(f"git cannot read what was there before: {error}") from error


def _paths(told: bytes) -> Iterator[str]:
    return (_decoded(path) for path in told.split(b"\0") if path)


def _decoded(path: bytes) -> str:
    """A path as Python names files: bytes that are no UTF-8 keep their way back."""
    return path.decode("utf-8", "surrogateescape")
