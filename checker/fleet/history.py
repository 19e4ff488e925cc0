"""The verdict of each manifest at every commit that changed it, its lock or its policy: since when it is out of line.

Each state is laid into a folder of its own, from git's objects alone, and judged as of the day of its commit by the
organisation's policy and the catalogue of today. That says how it stood; it does not say that a gate ran at the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from checker import gate
from checker.document.errors import InputError, NoInputError
from checker.document.read import MAX_BYTES
from checker.fleet.commit import head
from checker.fleet.record import StandingRecord
from checker.git import GitError, git, read_blobs, tree
from checker.manifest.discover import NAMES, SUFFIXES
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


def history(folder: Path, request: Request) -> tuple[StandingRecord, ...]:
    """How each manifest of a repository stood, oldest first; empty where there is no history.

    Args:
        folder: the repository.
        request: what the run is asked to do; its paths and its day do not count.
    """
    if not (folder / ".git").exists():
        return ()
    folder = folder.resolve()  # git is started in it
    try:
        return tuple(one for commit in _commits(folder) for one in _standing(folder, commit, request))
    except (GitError, LookupError) as error:
        said = "an object of it is not in this clone" if isinstance(error, LookupError) else str(error)
        why = f"git cannot tell its history: {said}"
        return (StandingRecord(file="", commit=head(folder), day=request.today, code=2, stops=(why,)),)


def commits_between(folder: Path, first: date, last: date) -> tuple[Commit, ...]:
    """The commits of a period that changed a manifest, its lock or its policy, oldest first.

    Args:
        folder: the repository, as an absolute path.
        first: the first day, UTC.
        last: the last one.

    Raises:
        InputError: git cannot tell the history.
    """
    try:
        return tuple(commit for commit in _commits(folder) if first <= commit.day <= last)
    except GitError as error:
        raise InputError.one(f"git cannot tell its history: {error}", file=folder.as_posix()) from error


def standing_at(folder: Path, sha: str, day: date, request: Request) -> tuple[StandingRecord, ...]:
    """How each manifest of one commit stands as of a day, by the policy and the catalogue of this run.

    Args:
        folder: the repository, as an absolute path.
        sha: the commit.
        day: the day.
        request: what the run is asked to do; its paths and its day do not count.

    Raises:
        GitError: git cannot read the commit.
        LookupError: a file of it is not in this clone.
    """
    return tuple(_standing(folder, Commit(sha, day), request))


def _commits(folder: Path) -> tuple[Commit, ...]:
    """The commits of the first-parent line of HEAD that changed what decides, oldest first."""
    try:
        git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except GitError:
        return ()  # nothing was committed yet
    told = git(folder, "log", "--first-parent", f"--max-count={MOST}", "--format=%H %ct", "HEAD", "--", *_DECIDING)
    lines = [line.split() for line in told.decode().splitlines()]
    found = [Commit(sha, datetime.fromtimestamp(int(seconds), UTC).date()) for sha, seconds in lines]
    return tuple(reversed(found))


def _standing(folder: Path, commit: Commit, request: Request) -> Iterator[StandingRecord]:
    with TemporaryDirectory(prefix="weighbridge-") as temporary:
        laid = Path(temporary).resolve() / folder.name  # its name is the project's where nobody states one
        _lay_out(folder, commit, laid)
        own = request._replace(paths=(laid,), today=commit.day, allow_empty=False, jobs=1, relaxations=())
        try:
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
    """Write what was there and can decide; a mark makes the folder a repository of its own."""
    files = {path: blob for path, blob in tree(folder, commit.sha) if _is_read(path)}
    read = read_blobs(folder, files.values())
    (laid / ".git").mkdir(parents=True)
    for path, blob in files.items():
        if len(read[blob]) <= MAX_BYTES:
            target = laid / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(read[blob])


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
