"""A policy as it was at a revision of git: its folder's files, read from git into a folder that nobody else sees."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from types import TracebackType

from checker.document.errors import InputError, Problem
from checker.document.inside import is_plain
from checker.document.place import Place
from checker.facts.locked.file import MAX_BYTES as MAX_LOCK_BYTES
from checker.git import GitError, git, lay_out, read_files
from checker.manifest.project import repository_root
from checker.policy.extends import PACK_PREFIX
from checker.policy.policy import ChosenBy

_SUFFIXES = (".yaml", ".yml", ".lock")
"""What a policy can lead to: layers, waivers, the organisation's facts."""
_MOST_FILES = 2_000
_REGULAR = (b"100644", b"100755")


class Named:
    """A policy as the user names it, and the file that it is read from: of a revision only within the `with` block."""

    def __init__(self, written: str, option: str) -> None:
        """Take `FILE`, `weighbridge:PACK` or `REV:path`; `option` names it in messages."""
        self.written = written
        self.reference = written
        self._option = option
        self._temporary: TemporaryDirectory[str] | None = None
        self._revision = ""

    def __enter__(self) -> Named:
        """Fetch the files of a revision.

        Raises:
            InputError: git does not know the revision, or it holds no such file.
        """
        revision, colon, path = self.written.partition(":")
        if self.written.startswith(PACK_PREFIX) or not colon or Path(self.written).exists():
            return self
        self._revision = revision
        self._temporary = TemporaryDirectory(prefix="weighbridge-")
        try:
            self.reference = self._fetched(revision, path, Path(self._temporary.name))
        except InputError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was fetched."""
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def is_of_revision(self) -> bool:
        """Whether its files lie in a folder of this machine's own."""
        return self._temporary is not None

    def shown(self, text: str) -> str:
        """A text in which files of the revision are named as git names them."""
        return text.replace(f"{self._temporary.name}/", f"{self._revision}:") if self._temporary else text

    def told(self, error: InputError) -> InputError:
        """What is wrong with the policy, with its files named as git names them."""
        return InputError(tuple(self._problem(problem) for problem in error.problems))

    def _problem(self, problem: Problem) -> Problem:
        return problem._replace(
            sentence=self.shown(problem.sentence),
            at=self._place(problem.at),
            also=self._place(problem.also),
            file=self._option if problem.file == ChosenBy.OPTION else self.shown(problem.file),
        )

    def _place(self, at: Place | None) -> Place | None:
        return at and at._replace(file=at.file._replace(name=self.shown(at.file.name)))

    def _fetched(self, revision: str, path: str, target: Path) -> str:
        repository = repository_root(Path())
        if repository is None:
            raise self._unusable("the current folder lies in no git repository", "a file, or weighbridge:PACK")
        if not revision.strip() or revision.startswith("-") or not revision.isprintable() or not path:
            raise self._unusable(f"`{self.written}` names no file of a revision", "REV:path, such as main:policy.yaml")
        if path.startswith(("./", "../")):  # as git reads it: relative to the current folder
            path = Path(os.path.relpath(Path(path).resolve(), repository)).as_posix()
        name = PurePosixPath(path)
        if name.is_absolute() or ".." in name.parts:
            raise self._unusable(f"`{path}` leads out of the repository", "a path inside it")
        blobs = self._blobs(repository, revision, name)
        if name.as_posix() not in blobs:
            raise self._unusable(f"there is no file `{path}` at {revision}", "the path of a policy at that revision")
        self._write(repository, blobs, target)
        return (target / name).as_posix()

    def _blobs(self, repository: Path, revision: str, name: PurePosixPath) -> dict[str, str]:
        """The files of the policy's folder and below that a policy can lead to, each with its blob."""
        try:
            commit = git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        except GitError as error:
            raise self._unusable(
                f"`{revision}` is no commit of this repository",
                "a branch, a tag or a commit that was fetched: `git fetch origin main` brings one",
            ) from error
        within = [] if name.parent == PurePosixPath() else ["--", f"{name.parent.as_posix()}/"]
        try:
            listed = git(repository, "ls-tree", "-r", "-z", "--full-tree", commit.decode().strip(), *within)
        except GitError as error:
            raise self._unusable(f"git cannot list {revision}: {error}", "a clone with all files") from error
        blobs = {}
        for record in filter(None, listed.split(b"\0")):
            head, _, path = record.partition(b"\t")
            mode, _, blob = head.split(b" ")[:3]
            decoded = path.decode("utf-8", "surrogateescape")
            if mode in _REGULAR and is_plain(decoded) and (decoded.endswith(_SUFFIXES) or decoded == name.as_posix()):
                blobs[decoded] = blob.decode()
        if len(blobs) > _MOST_FILES:
            sentence = f"the folder of `{name}` holds {len(blobs)} files"
            raise self._unusable(sentence, f"a folder of the policy's own, of at most {_MOST_FILES}")
        return blobs

    def _write(self, repository: Path, blobs: dict[str, str], target: Path) -> None:
        try:
            for path, content in read_files(repository, blobs, MAX_LOCK_BYTES):  # of a lock; other files are smaller
                lay_out(target / path, content)
        except GitError as error:
            raise self._unusable(f"git cannot read the files: {error}", "a clone with all files") from error
        except LookupError as error:
            path = next(path for path, blob in blobs.items() if blob == error.args[0])
            raise self._unusable(f"`{path}` is not in this clone", "a clone without `--filter`") from error

    def _unusable(self, sentence: str, expected: str) -> InputError:
        return InputError.one(sentence, expected=expected, file=self._option)
