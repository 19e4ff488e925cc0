"""What changed between the merge base with a revision and the files of today, as git tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from checker.document.errors import InputError
from checker.git import REGULAR, GitError, TooLarge, decoded, git, read_files, together, tree
from checker.manifest.discover import NAMES, SUFFIXES
from checker.value import NamedTuple

_REPOSITORY = b"160000"
_LINK = b"120000"


class Change(NamedTuple):
    """The files that differ from the merge base."""

    repository: Path
    revision: str
    """As the user wrote it."""
    base: str
    """The merge base, 40 hex digits (64 in a SHA-256 repository)."""
    files: dict[str, str | None]
    """For each changed path, relative to the repository, its blob at the base; None for what is new, or was no file."""
    deleted: frozenset[str]
    """Those of them that are not there any more."""
    links: frozenset[str]
    """Those of them that were links at the base."""
    nested: tuple[str, ...]
    """Folders with a repository of their own, such as submodules, that are new or at another commit."""
    tracked: tuple[str, ...]
    """The tracked files of today that are named like manifests."""


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
        told, untracked, tracked = together(
            repository,
            ("diff", "--raw", "-z", *_PLAIN, base, "--"),
            ("ls-files", "--others", "--exclude-standard", "-z"),
            ("ls-files", "-z", "--", *_ANYWHERE),
        )
    except GitError as error:
        raise _unusable(f"git cannot tell what changed since {revision}: {error}") from error
    changed = tuple(_changed(told))
    nested = [one.path for one in changed if one.is_repository]
    files = {one.path: one.blob for one in changed}
    for path in _paths(untracked):
        if path.endswith("/"):  # of a repository in a folder git lists no files
            nested.append(path.removesuffix("/"))
        else:
            files.setdefault(path, None)
    deleted = frozenset(one.path for one in changed if one.is_deleted)
    links = frozenset(one.path for one in changed if one.was_link)
    return Change(repository, revision, base, files, deleted, links, tuple(nested), tuple(_paths(tracked)))


_ANYWHERE = tuple(f":(icase,glob)**/{name}" for name in (*NAMES, *(f"*{suffix}" for suffix in SUFFIXES)))
_PLAIN = (
    *("--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--no-relative"),
    "--ignore-submodules=dirty",  # whatever .gitmodules says: another commit counts
)


def _merge_base(repository: Path, revision: str) -> str:
    if not revision.strip() or revision.startswith("-") or not revision.isprintable():
        raise _unusable(f"`{revision}` is no revision", "the name of a commit, such as origin/main")
    shallow, *commits = _resolved(repository, revision)
    if shallow == "true":
        raise _unusable(
            "this clone is shallow: where the change began cannot be known",
            "the whole history: `git fetch --unshallow`; in GitHub's actions/checkout `fetch-depth: 0`,"
            " in GitLab CI `GIT_DEPTH: 0`",
        )
    if len(commits) != 2:
        raise _unusable(
            f"`{revision}` is no commit of this repository, or HEAD is none yet",
            "a branch, a tag or a commit that was fetched: `git fetch origin main` brings one",
        )
    try:
        return git(repository, "merge-base", *commits).decode().split()[0]
    except GitError as error:
        raise _unusable(f"`{revision}` and HEAD have no common ancestor", "a revision of the same history") from error


def _resolved(repository: Path, revision: str) -> list[str]:
    """Whether the clone is shallow, then the two commits; the first alone where one of them is none."""
    wanted = [f"{name}^{{commit}}" for name in (revision, "HEAD")]
    try:
        told = git(repository, "rev-parse", "--is-shallow-repository", *wanted).decode().split()
    except GitError:
        try:
            return git(repository, "rev-parse", "--is-shallow-repository").decode().split()
        except GitError as error:
            raise _unusable(f"git cannot read this repository: {error}") from error
    # A range would give more than two, and one of them with a caret.
    return told if len(told) == 3 and all(map(str.isalnum, told)) else told[:1]


def _unusable(sentence: str, expected: str = "") -> InputError:
    return InputError.one(sentence, expected=expected, file="--since")


class _Changed(NamedTuple):
    """One path that differs."""

    path: str
    blob: str | None
    is_deleted: bool
    is_repository: bool
    was_link: bool


def _changed(told: bytes) -> Iterator[_Changed]:
    """The records of `git diff --raw -z`: `:old-mode new-mode old-blob new-blob status`, then the path."""
    fields = iter(told.split(b"\0"))
    for record in fields:
        if not record:
            return
        old, new, blob, _, status = record.removeprefix(b":").split(b" ")
        yield _Changed(
            path=decoded(next(fields)),
            blob=blob.decode() if old in REGULAR else None,
            is_deleted=status == b"D",
            is_repository=new == _REPOSITORY,
            was_link=old == _LINK,
        )


def files_at(change: Change) -> tuple[tuple[str, str], ...]:
    """Every regular file of the base: its path and its blob.

    Raises:
        InputError: git cannot read the base.
    """
    try:
        return tuple(tree(change.repository, change.base))
    except GitError as error:
        raise _unusable(f"git cannot read what was there before: {error}") from error


def contents(change: Change, blobs: Mapping[str, str], most: int) -> Iterator[tuple[str, bytes | TooLarge]]:
    """Files and their bytes, where they are not more than `most`, given each file's blob; never checked out.

    Raises:
        InputError: one of them is not there, as in a clone that left files out.
    """
    try:
        yield from read_files(change.repository, blobs, most)
    except LookupError:
        raise _unusable(
            f"the files of {change.base[:12]} are not all in this clone",
            "a clone without `--filter`, or `git fetch --refetch --no-filter`",
        ) from None
    except GitError as error:
        raise _unusable(f"git cannot read what was there before: {error}") from error


def _paths(told: bytes) -> Iterator[str]:
    return (decoded(path) for path in told.split(b"\0") if path)
