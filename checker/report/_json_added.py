"""The JSON report: what a comparison, a forecast, a scan and remedies add to it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from checker.report._json_judged import (
    JsonPlace,
    JsonPolicy,
)


class JsonSince(TypedDict):
    """The change that was judged; `unchanged` counts files named like manifests that it cannot alter."""

    revision: str
    """As `--since` names it."""
    base: str
    """The merge base."""
    removed: list[str]
    """Manifests that are not there any more."""
    unread_before: list[str]
    """Manifests that could not be judged as they were, so that all in them counts as new."""
    unchanged: int
    """How many manifests it cannot alter."""
    everything_because: str
    """The changed file on which all verdicts depend; empty where there is none."""
    policy: JsonPolicy
    """The repository's policy."""


class JsonTurn(TypedDict):
    """Something that begins to stop the gate on a day to come, `days` from the day of the run."""

    day: str
    """The day."""
    days: int
    """From the day of the run."""
    rule: str
    """The rule."""
    model: str
    """The entry's name."""
    verdict: Literal["fail", "not-evaluated"]
    """What will stand."""
    place: JsonPlace
    """The line that it is about."""
    found: str
    """What will be found."""


class JsonForecast(TypedDict):
    """What turns red by itself within some days."""

    days: int
    """How far it looks."""
    turns: list[JsonTurn]
    """What turns, by day."""


class JsonOption(TypedDict):
    """One thing that the line of a use says, under the manifest's key for it."""

    key: str
    """The manifest's key."""
    value: str
    """Its value."""
    place: JsonPlace
    """Where it stands."""


class JsonUse(TypedDict):
    """One place that uses one model; `note` is empty where nothing about it is merely likely."""

    model: str
    """The model."""
    revision: str | None
    """The revision that is asked for; null where none is."""
    kind: str
    """What kind of use it is."""
    place: JsonPlace
    """Where it stands."""
    options: list[JsonOption]
    """What the line says besides."""
    note: str
    """What about it is merely likely."""


class JsonUnresolved(TypedDict):
    """A use whose model reading cannot name."""

    what: str
    """What is used."""
    why: str
    """Why reading cannot name it."""
    place: JsonPlace
    """Where it stands."""


class JsonPinned(TypedDict):
    """A place that takes the model of an entry from the manifest."""

    name: str
    """The entry's name."""
    place: JsonPlace
    """Where it stands."""


class JsonUnread(TypedDict):
    """A file that could not be read or parsed."""

    file: str
    """The file."""
    why: str
    """Why it could not be read."""


class JsonScan(TypedDict):
    """What code and configuration below a path use; `whole` says that a whole folder was read."""

    root: str
    """The path that was read."""
    files_read: int
    """How many files were read."""
    files_seen: int
    """How many files there are."""
    whole: bool
    """Whether a whole folder was read."""
    uses: list[JsonUse]
    """The models that are used."""
    unresolved: list[JsonUnresolved]
    """Uses whose model cannot be named."""
    pins: list[JsonPinned]
    """Places that take their model from the manifest."""
    unread: list[JsonUnread]
    """Files that could not be read."""
    left_out: list[str]
    """What was left out on purpose."""


class JsonCost(TypedDict):
    """One thing that a change costs, and what that statement rests on."""

    aspect: str
    """What it is about."""
    words: str
    """What it costs, in words."""
    grounds: str
    """What that statement rests on."""


class JsonAfter(TypedDict):
    """The whole verdict of the file with a change; `rule of model` each."""

    exit_code: Literal[0, 1, 3]
    """The code of a check of the changed file."""
    settled: list[str]
    """What it settles."""
    left: list[str]
    """What still stops."""
    advice: int
    """How many findings advise."""


class JsonReplacement(TypedDict):
    """A stretch of the file as it is, and what stands there afterwards; lines and columns count from 1."""

    line: int
    """The first line."""
    column: int
    """The first column."""
    end_line: int
    """The last line."""
    end_column: int
    """The column behind it."""
    text: str
    """What stands there afterwards."""


class JsonRemedy(TypedDict):
    """One change that was judged; `needs_person` says that it counts only once a person has said so."""

    kind: str
    """The kind of change."""
    said: str
    """The change, in words."""
    costs: list[JsonCost]
    """What it costs."""
    after: JsonAfter
    """The verdict with it."""
    file: str
    """The file that it changes."""
    patch: str
    """The change as a patch."""
    replacements: list[JsonReplacement]
    """The change as stretches of text."""
    note: str
    """What to know of it."""
    is_safe: bool
    """Whether `--fix` may make it."""
    needs_person: bool
    """Whether it counts only once a person has said so."""


class JsonQuestion(TypedDict):
    """What only a person can answer, and what follows from the answer."""

    asked: str
    """The question."""
    then: str
    """What follows from the answer."""


class JsonRemedied(TypedDict):
    """One finding with its remedies, the smallest change first; without any, nothing known makes it pass."""

    rule: str
    """The rule."""
    model: str
    """The entry's name."""
    place: JsonPlace
    """The line that it is about."""
    stops: bool
    """Whether the gate stops on it."""
    tried: int
    """How many changes were judged."""
    remedies: list[JsonRemedy]
    """Those that settle it, the smallest first."""
    questions: list[JsonQuestion]
    """What only a person can answer."""


class JsonManifestRemedies(TypedDict):
    """What was found for one manifest; nothing was looked for where `passed_over` counts more findings."""

    file: str
    """The manifest."""
    findings: list[JsonRemedied]
    """Its findings with their remedies."""
    together: JsonRemedy | None
    """One change that settles all; null where there is none."""
    passed_over: int
    """How many findings were not looked at."""
