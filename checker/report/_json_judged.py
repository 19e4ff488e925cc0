"""The JSON report: what the gate judged, as programs read it."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict


class JsonPlace(TypedDict):
    """A stretch of one line of a file; line and column count from 1."""

    file: str
    """The file's name as the user knows it, with forward slashes."""
    line: int
    """Counted from 1."""
    column: int
    """Counted from 1, in characters."""
    width: int
    """In characters; at least 1."""


class JsonPolicyPlace(TypedDict):
    """The line of the policy that decided; `stated` is false where the setting has the rule's default."""

    layer: str
    """The policy file."""
    place: JsonPlace
    """The line."""
    setting: str
    """The setting that decided."""
    stated: bool
    """Whether that line states it; else it has the rule's default."""


class JsonEvidence(TypedDict):
    """One fact that an outcome rests on."""

    value: object
    """The fact's value."""
    certainty: str
    """`verified`, `declared`, `inferred` or `claimed`."""
    origin: str
    """Where it comes from: catalogue, lock, manifest, folder …"""
    source: str
    """Which source of that."""
    model: str
    """The model that it is about."""
    revision: str | None
    """The commit that it holds for; null where no source says."""


class JsonWaiver(TypedDict):
    """The waiver that covers a finding; `commit` and `author` are empty where git does not know them."""

    id: str
    """Its name in the file."""
    rule: str
    """The rule that it is for, or a pattern where the policy allows one."""
    kind: str
    """The kind of its reason."""
    reason: str
    """Why, in words."""
    approver: str
    """Who approved it."""
    approved_on: str
    """The day of the approval."""
    expires: str
    """The last day on which it counts, UTC."""
    days_left: int
    """0 on the last day."""
    ticket: str
    """Where it was discussed; empty where nobody says."""
    place: JsonPlace
    """Where it stands."""
    commit: str
    """The commit that last changed a line of it."""
    author: str
    """The author of that commit, `Name <address>`."""
    approver_is_author: bool | None
    """Whether who approved also wrote it; null where git does not know."""


class JsonFinding(TypedDict):
    """One thing to act on; its fingerprint stays the same where a line or a file moves."""

    place: JsonPlace
    """The line that it is about."""
    policy: JsonPolicyPlace
    """The line of the policy that says so."""
    expected: str
    """What the rule asks for."""
    found: str
    """What stands there."""
    remedy: str
    """What to do next."""
    detail: list[str]
    """Further lines, such as the terms of a sum."""
    evidence: list[JsonEvidence]
    """The facts that it rests on."""
    blocks: bool
    """Whether it blocks; never where a waiver covers it."""
    fingerprint: str
    """SHA-256 in hex by which it is the same one in another run."""
    waiver: JsonWaiver | None
    """The waiver that covers it; null where none does."""
    was_before: bool
    """Whether it was there before the change that is judged."""


class JsonMissing(TypedDict):
    """A fact or an answer that is needed and unknown; `yaml` would state it in the file named by `where`."""

    name: str
    """The fact or the answer."""
    reason: str
    """Why it is unknown."""
    where: str
    """The file in which `yaml` would state it."""
    yaml: str
    """Copy-ready lines."""
    place: JsonPlace
    """The line that it is about."""
    fingerprint: str
    """SHA-256 in hex by which it is the same one in another run."""
    waiver: JsonWaiver | None
    """The waiver that covers it; null where none does."""
    was_before: bool
    """Whether it was there before the change that is judged."""


class JsonChange(TypedDict):
    """A level that begins on a day to come."""

    begins: str
    """The first day of the level."""
    days: int
    """From the day of the run."""
    enforcement: str
    """The level."""


class JsonEvaluation(TypedDict):
    """One rule, judged for one model."""

    rule: str
    """The rule's id."""
    verdict: Literal["pass", "fail", "waived", "not-evaluated", "not-applicable"]
    """What stands after waivers."""
    enforcement: Literal["advisory", "soft-mandatory", "hard-mandatory"]
    """The level that the policy gives the rule."""
    blocks: bool
    """Whether the gate stops on it."""
    settled_by: str
    """Who can settle it: `you`, `platform` or `legal`."""
    place: JsonPlace
    """The line that it is about."""
    policy: JsonPolicyPlace
    """The line of the policy that gives the rule its level."""
    findings: list[JsonFinding]
    """What fails."""
    missing: list[JsonMissing]
    """What is unknown and needed."""
    evidence: list[JsonEvidence]
    """The facts that a pass rests on."""
    margin: str
    """By how much it passes, where it is about numbers."""
    reason: str
    """Why the rule is not applicable."""
    notes: list[str]
    """What else there is to say."""
    detail: list[str]
    """Further lines, such as the terms of a sum."""
    upcoming: list[JsonChange]
    """Levels that begin on days to come."""


class JsonModel(TypedDict):
    """One entry of a manifest."""

    name: str
    """The entry's name."""
    id: str
    """The model's id on the Hub, or its path."""
    found_as: str
    """The id as the entry writes it."""
    place: JsonPlace
    """Where the entry names the model."""
    revision: str | None
    """What the manifest pins; null where it pins nothing."""
    facts_from: str | None
    """Where its facts come from first: `lock`, `organisation`, `catalogue` or `folder`; null where nothing is known."""
    nearest: str | None
    """Of an unknown model: the recorded id nearest to its own, or the folder that bears its name."""
    recorded_at: str | None
    """The commit at which the facts were recorded."""
    assumptions: list[str]
    """What stands in for something that nobody said."""
    is_unjudged: bool
    """Whether no rule of the policy applies to it, so that it cannot pass."""
    was_unjudged: bool
    """Whether nothing could be judged of it before the change either."""
    evaluations: list[JsonEvaluation]
    """Every rule that was judged for it."""


class JsonLayer(TypedDict):
    """One policy file, from the top layer down."""

    rank: str
    """`pack`, `organisation` or `project`."""
    name: str
    """The file or pack."""


class JsonLock(TypedDict):
    """A lock that facts were taken from, and its digest."""

    file: str
    """The lock."""
    sha256: str
    """The digest that it states and that its content has."""


class JsonPolicy(TypedDict):
    """The policy that a manifest was judged by."""

    name: str
    """The name that it gives itself."""
    version: str
    """The version that it gives itself."""
    sha256: str
    """The digest of the resolved policy of the organisation."""
    project_sha256: str | None
    """The digest of the project's layer; null where there is none."""
    chosen_by: str
    """Who named it."""
    layers: list[JsonLayer]
    """The files that it is made of."""
    facts: list[JsonLock]
    """The locks that it names under `facts:`."""


class JsonManifest(TypedDict):
    """One manifest, judged."""

    file: str
    """The manifest."""
    project: str
    """The project's name."""
    owner: str
    """Who answers for it; empty where nobody is named."""
    status: str
    """Whether its models are in use, as it states."""
    policy: JsonPolicy
    """The policy that it was judged by."""
    lock: JsonLock | None
    """The lock beside it; null where there is none."""
    notes: list[str]
    """What lies beside it and did not count."""
    waivers: str | None
    """The file of waivers that counts for it; null where none does."""
    models: list[JsonModel]
    """Its entries."""


class JsonMatch(TypedDict):
    """One finding that a waiver covers."""

    rule: str
    """The rule."""
    model: str
    """The entry's name."""
    place: JsonPlace
    """The line of the finding."""


class JsonJudgedWaiver(TypedDict):
    """One recorded exception; project, model and revision as it writes them."""

    waiver: JsonWaiver
    """The waiver."""
    project: str
    """The project that it is for."""
    model: str
    """The entry or the model that it is for."""
    revision: str | None
    """The revision that it is for; null for any."""
    counts: bool
    """Whether it counts."""
    matches: list[JsonMatch]
    """The findings that it covers."""
    evaluations: list[JsonEvaluation]
    """What the rules about waivers say of it."""


class JsonWaivers(TypedDict):
    """One file of waivers, as far as it is about projects of this run; `others` counts the rest."""

    file: str
    """The file."""
    sha256: str
    """SHA-256 of its bytes."""
    policy: JsonPolicy
    """The policy that names it."""
    waivers: list[JsonJudgedWaiver]
    """Those for projects of this run."""
    others: int
    """How many are for other projects."""


class JsonProblem(TypedDict):
    """One thing wrong with an input file."""

    sentence: str
    """What was found."""
    expected: str
    """What belongs there; empty where the sentence says it."""
    hint: str
    """The nearest name, or what to do."""
    place: JsonPlace | None
    """Where; null where no place inside a file exists."""
    also: JsonPlace | None
    """A second place that it is about."""
    file: str
    """The file's name."""


class JsonRefused(TypedDict):
    """A manifest that cannot be judged, or whose policy cannot be used."""

    file: str
    """The manifest."""
    problems: list[JsonProblem]
    """Everything that is wrong."""


class JsonCatalogue(TypedDict):
    """The embedded catalogue of facts."""

    sha256: str
    """The digest of its content."""
    recorded: str
    """The day on which its sources were last looked at."""


class JsonTool(TypedDict):
    """The program that wrote the report."""

    name: Literal["weighbridge"]
    """Its name."""
    version: str
    """Its version."""
