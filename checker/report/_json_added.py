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
    base: str
    removed: list[str]
    unread_before: list[str]
    unchanged: int
    everything_because: str
    policy: JsonPolicy


class JsonTurn(TypedDict):
    """Something that begins to stop the gate on a day to come, `days` from the day of the run."""

    day: str
    days: int
    rule: str
    model: str
    verdict: Literal["fail", "not-evaluated"]
    place: JsonPlace
    found: str


class JsonForecast(TypedDict):
    """What turns red by itself within some days."""

    days: int
    turns: list[JsonTurn]


class JsonOption(TypedDict):
    """One thing that the line of a use says, under the manifest's key for it."""

    key: str
    value: str
    place: JsonPlace


class JsonUse(TypedDict):
    """One place that uses one model; `note` is empty where nothing about it is merely likely."""

    model: str
    revision: str | None
    kind: str
    place: JsonPlace
    options: list[JsonOption]
    note: str


class JsonUnresolved(TypedDict):
    """A use whose model reading cannot name."""

    what: str
    why: str
    place: JsonPlace


class JsonPinned(TypedDict):
    """A place that takes the model of an entry from the manifest."""

    name: str
    place: JsonPlace


class JsonUnread(TypedDict):
    """A file that could not be read or parsed."""

    file: str
    why: str


class JsonScan(TypedDict):
    """What code and configuration below a path use; `whole` says that a whole folder was read."""

    root: str
    files_read: int
    files_seen: int
    whole: bool
    uses: list[JsonUse]
    unresolved: list[JsonUnresolved]
    pins: list[JsonPinned]
    unread: list[JsonUnread]
    left_out: list[str]


class JsonCost(TypedDict):
    """One thing that a change costs, and what that statement rests on."""

    aspect: str
    words: str
    grounds: str


class JsonAfter(TypedDict):
    """The whole verdict of the file with a change; `rule of model` each."""

    exit_code: Literal[0, 1, 3]
    settled: list[str]
    left: list[str]
    advice: int


class JsonReplacement(TypedDict):
    """A stretch of the file as it is, and what stands there afterwards; lines and columns count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class JsonRemedy(TypedDict):
    """One change that was judged; `needs_person` says that it counts only once a person has said so."""

    kind: str
    said: str
    costs: list[JsonCost]
    after: JsonAfter
    file: str
    patch: str
    replacements: list[JsonReplacement]
    note: str
    is_safe: bool
    needs_person: bool


class JsonQuestion(TypedDict):
    """What only a person can answer, and what follows from the answer."""

    asked: str
    then: str


class JsonRemedied(TypedDict):
    """One finding with its remedies, the smallest change first; without any, nothing known makes it pass."""

    rule: str
    model: str
    place: JsonPlace
    stops: bool
    tried: int
    remedies: list[JsonRemedy]
    questions: list[JsonQuestion]


class JsonManifestRemedies(TypedDict):
    """What was found for one manifest; nothing was looked for where `passed_over` counts more findings."""

    file: str
    findings: list[JsonRemedied]
    together: JsonRemedy | None
    passed_over: int
