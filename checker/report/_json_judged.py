"""The JSON report: what the gate judged, as programs read it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class JsonPlace(TypedDict):
    """A stretch of one line of a file; line and column count from 1."""

    file: str
    line: int
    column: int
    width: int


class JsonPolicyPlace(TypedDict):
    """The line of the policy that decided; `stated` is false where the setting has the rule's default."""

    layer: str
    place: JsonPlace
    setting: str
    stated: bool


class JsonEvidence(TypedDict):
    """One fact that an outcome rests on."""

    value: object
    certainty: str
    origin: str
    source: str
    model: str
    revision: str | None


class JsonWaiver(TypedDict):
    """The waiver that covers a finding; `commit` and `author` are empty where git does not know them."""

    id: str
    rule: str
    kind: str
    reason: str
    approver: str
    approved_on: str
    expires: str
    days_left: int
    ticket: str
    place: JsonPlace
    commit: str
    author: str
    approver_is_author: bool | None


class JsonFinding(TypedDict):
    """One thing to act on; its fingerprint stays the same where a line or a file moves."""

    place: JsonPlace
    policy: JsonPolicyPlace
    expected: str
    found: str
    remedy: str
    detail: list[str]
    evidence: list[JsonEvidence]
    blocks: bool
    fingerprint: str
    waiver: JsonWaiver | None
    was_before: bool


class JsonMissing(TypedDict):
    """A fact or an answer that is needed and unknown; `yaml` would state it in the file named by `where`."""

    name: str
    reason: str
    where: str
    yaml: str
    place: JsonPlace
    fingerprint: str
    waiver: JsonWaiver | None
    was_before: bool


class JsonChange(TypedDict):
    """A level that begins on a day to come."""

    begins: str
    days: int
    enforcement: str


class JsonEvaluation(TypedDict):
    """One rule, judged for one model."""

    rule: str
    verdict: Literal["pass", "fail", "waived", "not-evaluated", "not-applicable"]
    enforcement: Literal["advisory", "soft-mandatory", "hard-mandatory"]
    blocks: bool
    settled_by: str
    place: JsonPlace
    policy: JsonPolicyPlace
    findings: list[JsonFinding]
    missing: list[JsonMissing]
    evidence: list[JsonEvidence]
    margin: str
    reason: str
    notes: list[str]
    detail: list[str]
    upcoming: list[JsonChange]


class JsonModel(TypedDict):
    """One entry of a manifest."""

    name: str
    id: str
    found_as: str
    place: JsonPlace
    revision: str | None
    facts_from: str | None
    nearest: str | None
    recorded_at: str | None
    assumptions: list[str]
    is_unjudged: bool
    was_unjudged: bool
    evaluations: list[JsonEvaluation]


class JsonLayer(TypedDict):
    """One policy file, from the top layer down."""

    rank: str
    name: str


class JsonLock(TypedDict):
    """A lock that facts were taken from, and its digest."""

    file: str
    sha256: str


class JsonPolicy(TypedDict):
    """The policy that a manifest was judged by."""

    name: str
    version: str
    sha256: str
    project_sha256: str | None
    chosen_by: str
    layers: list[JsonLayer]
    facts: list[JsonLock]


class JsonManifest(TypedDict):
    """One manifest, judged."""

    file: str
    project: str
    owner: str
    status: str
    policy: JsonPolicy
    lock: JsonLock | None
    notes: list[str]
    waivers: str | None
    models: list[JsonModel]


class JsonMatch(TypedDict):
    """One finding that a waiver covers."""

    rule: str
    model: str
    place: JsonPlace


class JsonJudgedWaiver(TypedDict):
    """One recorded exception; project, model and revision as it writes them."""

    waiver: JsonWaiver
    project: str
    model: str
    revision: str | None
    counts: bool
    matches: list[JsonMatch]
    evaluations: list[JsonEvaluation]


class JsonWaivers(TypedDict):
    """One file of waivers, as far as it is about projects of this run; `others` counts the rest."""

    file: str
    sha256: str
    policy: JsonPolicy
    waivers: list[JsonJudgedWaiver]
    others: int


class JsonProblem(TypedDict):
    """One thing wrong with an input file."""

    sentence: str
    expected: str
    hint: str
    place: JsonPlace | None
    also: JsonPlace | None
    file: str


class JsonRefused(TypedDict):
    """A manifest that cannot be judged, or whose policy cannot be used."""

    file: str
    problems: list[JsonProblem]


class JsonCatalogue(TypedDict):
    """The embedded catalogue of facts."""

    sha256: str
    recorded: str


class JsonTool(TypedDict):
    """The program that wrote the report."""

    name: Literal["weighbridge"]
    version: str
