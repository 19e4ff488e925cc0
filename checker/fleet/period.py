"""What the journals prove of a period: its runs, those that are missing, and a sample with its evidence."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from checker.document.characters import in_characters
from checker.document.errors import InputError
from checker.document.place import lines_of
from checker.document.read import MAX_BYTES
from checker.document.read import read as read_text
from checker.fleet.history import Commit, commits, standing_at
from checker.fleet.record import Record
from checker.git import GitError, TooLarge, git, read_files, tree
from checker.request import Request
from checker.runs.journal import Journal, Recorded, journals, read
from checker.runs.record import RunRecord
from checker.runs.recording import identity
from checker.value import NamedTuple


class MissingRun(Record):
    """A commit that decides about a verdict and of which no run is recorded."""

    repository: str
    """Its address without a scheme, else its folder's name."""
    commit: str
    """The commit, as git names it."""
    day: date
    """The day of the commit, UTC."""


class BrokenLink(Record):
    """A place where a journal does not hold together."""

    at: str
    """`file:line` of the journal."""
    why: str
    """What does not hold together."""


class FileEvidence(Record):
    """One manifest of a sampled run, held against the repository."""

    file: str
    """From the repository's root, with forward slashes."""
    recorded_sha256: str
    """SHA-256, in hex, of the file's bytes as the run recorded it; empty where it could not be read."""
    in_commit: str
    """`same`, `differs`, `not there`, or why nobody could look."""
    recorded_code: int
    """The gate's code that the run recorded for it."""
    judged_again: str
    """The code of judging the commit again, as of the day of the run, or why it was not."""


class Evidence(Record):
    """One sampled run, and what is known of it."""

    at: str
    """`file:line` of its journal."""
    line_sha256: str
    """SHA-256, in hex, of that line."""
    run: RunRecord
    """What the line says."""
    files: tuple[FileEvidence, ...]
    """Its manifests, held against the repository."""
    not_judged: str
    """Why it could not all be judged again, so that nobody knows whether its code holds; empty where it could."""


class Period(Record):
    """What a period comes to."""

    first: date
    """The first day, UTC."""
    last: date
    """The last day, which counts too."""
    runs: int
    """The population: all runs of the period."""
    codes: dict[str, int]
    """How many runs ended with which code."""
    repositories: dict[str, int]
    """How many runs there are of each repository."""
    relaxed: int
    """Runs that something loosened."""
    dirty: int
    """Runs over files that differed from their commit."""
    expected: int
    """Repositories that should have run; 0 where no list was given."""
    never_seen: tuple[str, ...]
    """Of them, those of which no journal has any run."""
    not_in_period: tuple[str, ...]
    """Of them, those that have runs at other times alone."""
    unexpected: tuple[str, ...]
    """Repositories that ran and that the list does not name."""
    missing: tuple[MissingRun, ...]
    """As far as the repositories are among those that were audited."""
    not_compared: tuple[str, ...]
    """Repositories with runs that are not among those that were audited, or whose commits git cannot tell: of these,
    missing runs are not known."""
    broken: tuple[BrokenLink, ...]
    """Places where journals do not hold together."""
    seed: int | None
    """What drew the sample: the same seed takes the same runs; null where no sample was asked for."""
    sample: tuple[Evidence, ...]
    """The runs that were drawn, with their evidence."""

    @property
    def not_judged(self) -> int:
        """How many runs of the sample could not be judged again."""
        return sum(bool(one.not_judged) for one in self.sample)


class Asked(NamedTuple):
    """What is asked of the journals."""

    first: date
    last: date
    journals: Path
    """The folder that they lie in."""
    expected: Path | None
    """A file with a repository a line; None where nobody says which should have run."""
    sample: int
    seed: int | None


def period(asked: Asked, projects: Iterable[Path], request: Request) -> Period:
    """Everything that the journals say of a period.

    Args:
        asked: what is asked.
        projects: the repositories at hand: what commits they have, and the content of these.
        request: what a run is asked to do, for judging a sample again.

    Raises:
        InputError: a journal or the list cannot be read.
    """
    read_ = {path: read(path) for path in journals(asked.journals)}
    every = [one for journal in read_.values() for one in journal.runs]
    within = [one for one in every if asked.first <= one.record.time.date() <= asked.last]
    expected = _expected(asked.expected) if asked.expected is not None else ()
    seen, seen_then = {one.record.repository for one in every}, {one.record.repository for one in within}
    at_hand = _at_hand(projects)
    told = dict(_told(at_hand))
    return Period(
        first=asked.first,
        last=asked.last,
        runs=len(within),
        codes=_counted(str(one.record.code) for one in within),
        repositories=_counted(one.record.repository for one in within),
        relaxed=sum(bool(one.record.relaxations) for one in within),
        dirty=sum(one.record.dirty is True for one in within),
        expected=len(expected),
        never_seen=tuple(one for one in expected if not _named(one, seen)),
        not_in_period=tuple(one for one in expected if _named(one, seen) and not _named(one, seen_then)),
        unexpected=tuple(sorted(one for one in seen_then if expected and not any(_is(one, name) for name in expected))),
        missing=tuple(_missing(told, every, asked)),
        not_compared=tuple(sorted(seen_then - told.keys())),
        broken=tuple(_broken(read_)),
        seed=asked.seed if asked.sample else None,
        sample=tuple(_evidence(one, at_hand, request) for one in _sampled(within, asked)),
    )


def _counted(values: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items()))


def _broken(read_: Mapping[Path, Journal]) -> Iterator[BrokenLink]:
    for journal in read_.values():
        yield from (BrokenLink(at=one.at, why=one.why) for one in journal.breaks)


def _expected(path: Path) -> tuple[str, ...]:
    """The repositories of a list, a line each; what follows `#` is a remark."""
    lines = lines_of(read_text(path, path.as_posix()).text)
    names = [line.partition("#")[0].strip() for line in lines]
    found = tuple(dict.fromkeys(identity(name) for name in names if name))
    if not found:
        raise InputError.one("it names no repository", expected="a repository a line", file=path.as_posix())
    return found


def _is(repository: str, name: str) -> bool:
    """Whether a name means a repository: its whole address, or the end of it from some `/` on."""
    return repository == name or repository.endswith(f"/{name}")


def _named(name: str, repositories: Iterable[str]) -> bool:
    return any(_is(one, name) for one in repositories)


def _at_hand(projects: Iterable[Path]) -> dict[str, Path]:
    """The repositories that were audited, by their address, else by the name of their folder."""
    found = {}
    for project in projects:
        folder = project.resolve()
        if os.path.lexists(folder / ".git"):
            found[in_characters(_address(folder) or folder.name.casefold())] = folder  # as journals name it
    return found


def _told(at_hand: Mapping[str, Path]) -> Iterator[tuple[str, tuple[Commit, ...]]]:
    """The commits that decide, of each repository of which git tells them; of the others their record says why not."""
    for repository, folder in sorted(at_hand.items()):
        with suppress(InputError):
            yield repository, commits(folder)


def _address(folder: Path) -> str:
    try:
        return identity(git(folder, "config", "--get", "remote.origin.url").decode("utf-8", "replace"))
    except GitError:
        return ""


def _missing(told: Mapping[str, Sequence[Commit]], every: Iterable[Recorded], asked: Asked) -> Iterator[MissingRun]:
    """Commits of the period, on the first-parent line of HEAD, that decide and of which no run is recorded."""
    ran: dict[str, set[str]] = {}
    for one in every:
        ran.setdefault(one.record.repository, set()).add(one.record.commit)
    for repository, deciding in told.items():
        known = ran.get(repository, set())
        for commit in deciding:
            if asked.first <= commit.day <= asked.last and commit.sha not in known:
                yield MissingRun(repository=repository, commit=commit.sha, day=commit.day)


def _sampled(within: Sequence[Recorded], asked: Asked) -> list[Recorded]:
    """A simple random sample without replacement, the same for the same runs and seed; all of them where there are few.

    Runs are ordered by the digest of their lines first, so that the names of files do not matter.
    """
    ordered = sorted(within, key=lambda one: one.sha256)
    if asked.sample >= len(ordered):
        return ordered
    # Which runs are looked at must be repeatable by whoever checks the check: that is what the seed is for.
    return random.Random(asked.seed).sample(ordered, asked.sample)


def _evidence(run: Recorded, at_hand: Mapping[str, Path], request: Request) -> Evidence:
    record = run.record
    folder = at_hand.get(record.repository)
    if folder is None:
        seen = _Seen("the repository is not among those that were audited")
    elif not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", record.commit):
        seen = _Seen("the run states no commit")
    else:
        seen = _in_commit(folder, record, request)
    return Evidence(
        at=run.at,
        line_sha256=run.sha256,
        run=record,
        files=tuple(
            FileEvidence(
                file=one.file,
                recorded_sha256=one.sha256,
                in_commit=_compared(one.sha256, seen.digests.get(one.file, ""), seen.why),
                recorded_code=one.code,
                judged_again=seen.codes.get(one.file) or seen.why_no_code(one.file),
            )
            for one in record.manifests
        ),
        not_judged=seen.why_open(one.file for one in record.manifests),
    )


class _Seen(NamedTuple):
    """What could be seen of a commit."""

    why: str = ""
    """Why nobody could look; empty where somebody could."""
    digests: Mapping[str, str] = MappingProxyType({})
    """SHA-256, in hex, of each manifest that is in it."""
    codes: Mapping[str, str] = MappingProxyType({})
    """The code of each manifest that could be judged again."""
    failed: str = ""
    """Why the commit could not be judged again; empty where it could."""

    def why_no_code(self, file: str) -> str:
        """Why there is no code of a manifest."""
        return self.why or self.failed or (_NOT_FOUND if file in self.digests else "it is not in the commit")

    def why_open(self, files: Iterable[str]) -> str:
        """Why the codes of these are not all known; that one is not in the commit is known, and no reason."""
        return self.why or self.failed or next((_NOT_FOUND for one in files if self._is_passed_over(one)), "")

    def _is_passed_over(self, file: str) -> bool:
        return file in self.digests and file not in self.codes


_NOT_FOUND = "it is in the commit, and not among the manifests that are found there"
"""Such as one that a run was given by its name, and that no search looks for."""


def _compared(recorded: str, found: str, why: str) -> str:
    if why:
        return why
    return "not there" if not found else "same" if found == recorded else "differs"


def _digest(content: bytes | TooLarge) -> str:
    """SHA-256, in hex; of a file that is larger than any that a run judged words that equal none."""
    return "larger than any manifest" if isinstance(content, TooLarge) else sha256(content).hexdigest()


def _in_commit(folder: Path, record: RunRecord, request: Request) -> _Seen:
    """The manifests of a run as they are in its commit, and judged again."""
    wanted = {one.file for one in record.manifests}
    try:
        # A journal names files in characters, whatever their bytes are.
        named = {in_characters(path): blob for path, blob in tree(folder, record.commit)}
        blobs = {path: blob for path, blob in named.items() if path in wanted}
        digests = {path: _digest(content) for path, content in read_files(folder, blobs, MAX_BYTES)}
    except (GitError, LookupError):
        return _Seen("the commit is not in the repository at hand")
    try:
        states = standing_at(folder, record.commit, record.today, request)
    except InputError as error:
        return _Seen("", digests, failed=error.problems[0].sentence)
    codes = {one.file: str(one.code) for one in states}
    whole = [why for one in states if not one.file for why in one.stops]
    return _Seen("", digests, codes, *whole[:1])
