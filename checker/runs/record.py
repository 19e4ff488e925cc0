"""What is recorded of one run of the gate."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checker.exit_code import PIPE_CLOSED, ExitCode

FORMAT: Literal[1] = 1
BEGINNING = "0" * 64
"""What the first line of a journal names as the one before it."""


class Line(BaseModel):
    """What all parts of a record have in common."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _ends_a_run(code: int) -> int:
    if code not in (*ExitCode, PIPE_CLOSED):
        raise ValueError("no run ends with this code")
    return code


def _utc(time: datetime) -> datetime:
    if time.utcoffset() != timedelta(0):  # the day of a period would be another one elsewhere
        raise ValueError("the time is not UTC")
    return time


Code: TypeAlias = Annotated[int, AfterValidator(_ends_a_run)]
"""A code that a run can end with."""


class PolicyUsed(Line):
    """A policy that decided."""

    name: str
    """Its name."""
    version: str
    """Its version."""
    sha256: str
    """SHA-256, in hex, of the resolved policy."""
    project_sha256: str
    """Of what applies with the project's layer on top; empty where there is none."""


class ManifestJudged(Line):
    """One manifest of the run."""

    file: str
    """From the repository's root, with forward slashes."""
    project: str
    """The project's name."""
    sha256: str
    """Of the file's bytes as they were after the run; empty where they could not be read (standard input)."""
    lock_sha256: str
    """The digest that its lock states; empty where there is none."""
    code: Code
    """The gate's code for this manifest alone."""


class RunRecord(Line):
    """One run of the gate."""

    format: Literal[1]
    """The version of this format."""
    time: Annotated[datetime, AfterValidator(_utc)]
    """When it ended, UTC."""
    today: date
    """The day that it judged."""
    repository: str
    """Its address without a scheme (`host/owner/name`), as git or the CI system states it, else its folder's name."""
    commit: str
    """40 (or 64) hex digits; empty outside of a repository."""
    dirty: bool | None
    """Whether a tracked file, or one that was judged, differed from the commit; None where git does not say."""
    run: str
    """The address of the CI run, where the CI system states it."""
    tool_version: str
    """The version of Weighbridge."""
    catalogue_sha256: str
    """SHA-256, in hex, of the shipped catalogue."""
    policies: tuple[PolicyUsed, ...]
    """The policies that decided, each once."""
    manifests: tuple[ManifestJudged, ...]
    """The manifests that were judged."""
    refused: tuple[str, ...]
    """What could not be used, in words."""
    relaxations: tuple[str, ...]
    """What loosened the run."""
    tally: dict[str, Annotated[int, Field(ge=0)]]
    """Evaluations by verdict."""
    code: Code
    """The code that it ended with."""
    previous: str
    """SHA-256 of the line before it, in hex; 64 zeros at the beginning."""
