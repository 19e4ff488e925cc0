"""The verdict of each manifest at every commit that changed it, its lock or its policy: since when it is out of line.

Each state is laid into a folder of its own, from git's objects alone, and judged as of the day of its commit by the
organisation's policy and the catalogue of today. That says how it stood; it does not say that a gate ran at the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from checker import gate
from checker.document.errors import InputError, NoInputError, shown
from checker.exit_code import ExitCode
from checker.fleet.look import Look
from checker.fleet.record import ProjectRecord, StandingRecord
from checker.git import GitError, TooLarge, git, is_shallow, lay_out, read_files, tree
from checker.manifest.discover import MOST_BYTES, NAMES, SUFFIXES
from checker.policy.load import PROJECT_FILE
from checker.request import Request
from checker.value import NamedTuple
from checker.verdict import JudgedManifest, RefusedManifest, Report, Verdict

MOST = 500
"""Commits of a repository that are judged at most, the newest; the record says where it begins."""
_DECIDING = tuple(
    f":(icase,glob)**/{name}"
    for name in (*NAMES, *(f"*{suffix}" for suffix in SUFFIXES), "model.lock", PROJECT_FILE, "waivers.yaml")
)
_READ = frozenset((".yaml", ".yml", ".json", ".toml", ".lock", ".md", ".txt", ".html", ".rst", ""))
"""Endings of the files that are laid out: what a manifest, a policy or a waiver can name beside itself."""


class Commit(NamedTuple):
    """A commit and its day, UTC."""

    sha: str
    day: date


def looked_back(record: ProjectRecord, folder: Path, request: Request, look: Look) -> ProjectRecord:
    """The record of a project with what was asked of its past, or with why git cannot tell that (code 2).

    Args:
        record: the project as it is.
        folder: its folder.
        request: what the run is asked to do; its paths and its day do not count.
        look: what is asked of its past.
    """
    try:
        if look.commits:
            commits(folder)
        return record.model_copy(update={"history": history(folder, request)}) if look.back else record
    except InputError as error:
        return record.model_copy(update={"untold": error.problems[0].sentence, "code": int(ExitCode.BAD_INPUT)})


def history(folder: Path, request: Request) -> tuple[StandingRecord, ...]:
    """How each manifest of a repository stood, oldest first; empty where there is no history.

    Args:
        folder: the repository.
        request: what the run is asked to do; its paths and its day do not count.

    Raises:
        InputError: git cannot tell it.
    """
    folder = folder.resolve()  # git is started in it
    known = commits(folder, MOST)
    with _told(folder):
        return tuple(one for commit in known for one in _standing(folder, commit, request))


def commits(folder: Path, most: int | None = None) -> tuple[Commit, ...]:
    """The commits of the first-parent line of HEAD that changed what decides, oldest first.

    Args:
        folder: the repository; a folder that is none has no commit.
        most: how many, the newest; None for all.

    Raises:
        InputError: git cannot tell them all: it refuses the repository, or the clone was cut off.
    """
    if not os.path.lexists(folder / ".git"):
        return ()
    folder = folder.resolve()
    with _told(folder):
        if is_shallow(folder):  # its first commit would seem to have changed everything
            raise GitError("the clone is shallow, and `git fetch --unshallow` brings the rest")
        if not _has_commit(folder):
            return ()
        limit = () if most is None else (f"--max-count={most}",)
        told = git(folder, "log", "--first-parent", *limit, "--format=%H %ct", "HEAD", "--", *_DECIDING)
        return tuple(_commit(line) for line in reversed(told.decode().splitlines()))


def standing_at(folder: Path, sha: str, day: date, request: Request) -> tuple[StandingRecord, ...]:
    """How each manifest of one commit stands as of a day, by the policy and the catalogue of this run.

    Args:
        folder: the repository, as an absolute path.
        sha: the commit.
        day: the day.
        request: what the run is asked to do; its paths and its day do not count.

    Raises:
        InputError: git cannot read the commit, or a file of it is not in this clone.
    """
    with _told(folder):
        return tuple(_standing(folder, Commit(sha, day), request))


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say what git could not tell.

    Raises:
        InputError: it could not.
    """
    try:
        yield
    except (GitError, LookupError) as error:
        said = "an object of it is not in this clone" if isinstance(error, LookupError) else str(error)
        raise InputError.one(f"git cannot tell its history: {said}", file=folder.as_posix()) from error


def _has_commit(folder: Path) -> bool:
    try:
        git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return False
    return True


def _commit(line: str) -> Commit:
    """A commit as git writes it, with the seconds of its committer, which may be any number or none.

    Raises:
        GitError: they are no day.
    """
    sha, _, seconds = line.partition(" ")
    try:
        return Commit(sha, datetime.fromtimestamp(int(seconds), UTC).date())
    except (ValueError, OverflowError, OSError) as error:
        raise GitError(f"commit {sha[:12]} states no day of the calendar") from error


def _standing(folder: Path, commit: Commit, request: Request) -> Iterator[StandingRecord]:
    with TemporaryDirectory(prefix="weighbridge-") as temporary:
        laid = Path(temporary).resolve() / folder.name  # its name is the project's where nobody states one
        own = request._replace(paths=(laid,), today=commit.day, allow_empty=False, jobs=1, relaxations=())
        try:
            _lay_out(folder, commit, laid)
            report = gate.judge(own)
        except NoInputError:
            return
        except InputError as error:
            why = error.problems[0].sentence
            yield StandingRecord(file="", commit=commit.sha, day=commit.day, code=2, stops=(why,))
            return
        both: tuple[gate.Judged, ...] = (*report.manifests, *report.refused)
        for judged in both:
            yield _record(judged, report, commit, laid)


def _lay_out(folder: Path, commit: Commit, laid: Path) -> None:
    """Write what was there and can decide; a mark makes the folder a repository of its own.

    Raises:
        InputError: the commit names files as no folder can hold them: too long, or one and the same twice.
        GitError: git cannot read it.
        LookupError: a file of it is not in this clone.
    """
    files = {path: blob for path, blob in tree(folder, commit.sha) if _is_read(path)}
    (laid / ".git").mkdir(parents=True)
    for path, content in read_files(folder, files, MOST_BYTES):  # no text that we read may be larger
        _write(laid / path, path, content)


def _write(target: Path, path: str, content: bytes | TooLarge) -> None:
    try:
        lay_out(target, content)
    except OSError as error:
        why = f"the commit cannot be laid out: `{shown(path)}`: {error.strerror}"
        raise InputError.one(why, expected="names that a folder can hold", file=target.name) from error


def _is_read(path: str) -> bool:
    name = PurePosixPath(path)
    return name.suffix.lower() in _READ and not any(part in ("node_modules", ".git", "..") for part in name.parts)


def _record(judged: JudgedManifest | RefusedManifest, report: Report, commit: Commit, laid: Path) -> StandingRecord:
    file = Path(judged.file).resolve().relative_to(laid).as_posix()
    if isinstance(judged, RefusedManifest):
        stops = tuple(dict.fromkeys(problem.sentence for problem in judged.problems))
        return StandingRecord(file=file, commit=commit.sha, day=commit.day, code=2, stops=stops)
    own = report._replace(manifests=(judged,), refused=(), waivers=())
    stops = tuple(dict.fromkeys(one.rule for one in own.stopping if one.verdict is not Verdict.WAIVED))
    return StandingRecord(file=file, commit=commit.sha, day=commit.day, code=int(own.exit_code), stops=stops)
