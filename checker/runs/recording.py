"""Makes the record of a run out of its report and of where it took place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from checker import __version__
from checker.document.errors import InputError, visible
from checker.document.system import NO_ROOM
from checker.exit_code import PIPE_CLOSED, ExitCode
from checker.facts.catalogue import Catalogue
from checker.manifest.project import repository_root
from checker.request import Request
from checker.runs.record import BEGINNING, FORMAT, ManifestJudged, PolicyUsed, RunRecord
from checker.surroundings import Surroundings, look_around
from checker.verdict import JudgedManifest, Report


def recorded(report: Report, now: datetime, environ: Mapping[str, str]) -> RunRecord:
    """The record of a run that came to a verdict.

    Args:
        report: what it found.
        now: when it ended, UTC.
        environ: the environment, in which a CI system states repository, commit and run.
    """
    files = (*(one.file for one in report.manifests), *(one.file for one in report.refused))
    around = look_around(files, (), environ)
    return _bare(around, files, now, environ).model_copy(
        update={
            "today": report.today,
            "policies": tuple(
                PolicyUsed(
                    name=one.name, version=one.version, sha256=one.sha256, project_sha256=one.project_sha256 or ""
                )
                for one in report.policies.values()
            ),
            "manifests": tuple(_manifest(one, report, around) for one in report.manifests),
            "refused": tuple(f"{one.file}: {problem.sentence}" for one in report.refused for problem in one.problems),
            "relaxations": report.relaxations,
            "tally": {verdict.value: count for verdict, count in report.tally.items()},
            "code": int(report.exit_code),
        }
    )


def begun(request: Request, now: datetime, environ: Mapping[str, str]) -> RunRecord:
    """The record of a run that has not judged anything.

    Args:
        request: what it is asked to do.
        now: when it ended, UTC.
        environ: the environment.
    """
    files = tuple(path.as_posix() for path in request.paths)
    around = look_around(files, (), environ)
    update = {"today": request.today, "relaxations": request.relaxations}
    return _bare(around, files, now, environ).model_copy(update=update)


def ended(record: RunRecord, error: Exception) -> RunRecord:
    """The record of a run that something ended before all of its results were written: with its code, and why.

    Args:
        record: what is known of the run, judged or not.
        error: what ended it.
    """
    if isinstance(error, InputError):
        why = tuple(visible(f"{problem.at or problem.file}: {problem.sentence}") for problem in error.problems)
        code = int(ExitCode.BAD_INPUT)
    elif isinstance(error, BrokenPipeError):
        why, code = ("the reader of the results has gone",), PIPE_CLOSED
    elif isinstance(error, OSError) and error.errno in NO_ROOM:
        why, code = (f"the results cannot be written: {error.strerror}",), int(ExitCode.BAD_INPUT)
    else:
        why, code = (visible(f"internal error: {type(error).__name__}: {error}"),), int(ExitCode.BUG)
    return record.model_copy(update={"refused": (*record.refused, *why), "code": code})


def to_the_second(now: datetime) -> datetime:
    """A time as records state it."""
    return now.replace(microsecond=0)


def identity(address: str) -> str:
    """A repository's address as `host/owner/name`, so that its ways of being written are one."""
    return address.strip().rpartition("://")[2].rpartition("@")[2].strip("/").removesuffix(".git").casefold()


def _bare(around: Surroundings, files: tuple[str, ...], now: datetime, environ: Mapping[str, str]) -> RunRecord:
    """A record that says where and when, and no more."""
    checkout, commit = around.checkout, around.commit
    return RunRecord(
        format=FORMAT,
        time=to_the_second(now),
        today=now.date(),
        repository=identity(commit.repository) if commit else _folder(files),
        commit=checkout.revision if checkout else commit.revision if commit else "",
        dirty=checkout.dirty if checkout else None,
        run=_ci_run(environ),
        tool_version=__version__,
        catalogue_sha256=Catalogue().digest(),
        policies=(),
        manifests=(),
        refused=(),
        relaxations=(),
        tally={},
        code=0,
        previous=BEGINNING,
    )


def _folder(files: tuple[str, ...]) -> str:
    """The name of the repository's folder, where it has no address."""
    first = Path(files[0]) if files else Path()
    folder = first if first.is_dir() else first.parent
    return (repository_root(folder) or folder.resolve()).name.casefold() or "root"


def _manifest(judged: JudgedManifest, report: Report, around: Surroundings) -> ManifestJudged:
    own = report._replace(manifests=(judged,), refused=(), waivers=())
    try:
        digest = sha256(Path(judged.file).read_bytes()).hexdigest()
    except OSError:
        digest = ""
    return ManifestJudged(
        file=around.paths.get(judged.file, judged.file),
        project=judged.project,
        sha256=digest,
        lock_sha256=judged.lock.sha256 if judged.lock else "",
        code=int(own.exit_code),
    )


def _ci_run(environ: Mapping[str, str]) -> str:
    """The address of the CI run, as GitHub Actions or GitLab CI states it."""
    if environ.get("GITHUB_ACTIONS") == "true" and environ.get("GITHUB_RUN_ID"):
        server, repository = environ.get("GITHUB_SERVER_URL", ""), environ.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environ['GITHUB_RUN_ID']}"
    return environ.get("CI_JOB_URL", "")
