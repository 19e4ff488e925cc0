"""The whole of many records: what is used, what is open, what runs out, and what nobody knows."""

from __future__ import annotations

from datetime import date

from checker.fleet.period import Period
from checker.fleet.record import ProjectRecord, Record, TurnRecord, UsedRecord, WaiverRecord


class Totals(Record):
    """How many there are of what."""

    projects: int
    """Repositories and folders."""
    manifests: int
    """Manifests that were judged."""
    models: int
    """Entries of manifests."""
    distinct_models: int
    """Different models among these entries."""
    owners: int
    """Different owners; manifests that name none count as one."""
    codes: dict[str, int]
    """Projects by the gate's code: `0`, `1`, `2`, `3`, `70`."""
    without_manifest: int
    """Projects that declare nothing and whose code uses no model that could be found."""
    undeclared: int
    """Projects that declare nothing and whose code uses models."""
    broken: int
    """Projects of which something could not be judged."""
    kept: int
    """Projects whose record is that of an earlier run, since nothing that it depends on has changed."""


class ModelRow(Record):
    """One model, over all projects."""

    id: str
    """The model's id today, or the path of a local folder."""
    license: str
    """The canonical id, else as it is written; empty where no source states one."""
    objectives: tuple[str, ...]
    """What it is to do, each once."""
    purposes: tuple[str, ...]
    """Declared purposes, each once."""
    distributions: tuple[str, ...]
    """Where it goes, each once."""
    owners: tuple[str, ...]
    """Owners of the manifests that use it, each once."""
    projects: tuple[str, ...]
    """Paths of the projects that declare it."""
    revisions: dict[str, int]
    """How many entries pin which commit; those that pin none under the empty name."""
    failing: int
    """Entries with a blocking finding."""
    unknown: int
    """Entries with a blocking rule that could not be evaluated."""


class LicenseRow(Record):
    """One licence, over all projects."""

    license: str
    """The canonical id, else as it is written; empty where no source states one."""
    models: int
    """Different models under it."""
    entries: int
    """Entries of manifests under it."""
    purposes: dict[str, int]
    """Entries by the declared purpose of the use; those that state none under the empty name."""
    distributions: dict[str, int]
    """Entries by where the use goes; those that state nothing under the empty name, those with several at each."""


class OwnerRow(Record):
    """What one owner has to settle."""

    owner: str
    """As manifests name it; empty where they name none."""
    projects: int
    """Projects in which they own a manifest."""
    manifests: int
    """Their manifests."""
    blocking: int
    """Findings that stop the gate."""
    advisory: int
    """Findings, and missing facts, that are reported and stop nothing."""
    unknown: int
    """Missing facts and answers that stop the gate."""
    waived: int
    """Findings, and missing facts, that a waiver covers."""


class RuleRow(Record):
    """What one rule found."""

    rule: str
    """The rule's id."""
    blocking: int
    """Findings that stop the gate."""
    advisory: int
    """Findings, and missing facts, that are reported and stop nothing."""
    unknown: int
    """Missing facts and answers that stop the gate."""
    waived: int
    """Findings, and missing facts, that a waiver covers."""
    projects: int
    """Projects in which it found something or could not be evaluated."""


class WaiverRow(Record):
    """One recorded exception, where it stands."""

    project: str
    """The project's name by its first manifest; empty where it has none."""
    path: str
    """The project's folder, from where the audit was started."""
    owner: str
    """Who the project's first manifest says owns it; empty where it names nobody."""
    waiver: WaiverRecord
    """The exception itself."""


class DebtRow(Record):
    """The exceptions of one owner."""

    owner: str
    """As manifests name it; empty where they name none."""
    waivers: int
    """How many there are."""
    days_granted: int
    """Days from approval to expiry, over all of them."""
    renewals: int
    """Waivers beyond the first for the same rule, model and project."""
    expiring_30: int
    """Those that end within 30 days, today included."""
    expiring_60: int
    """From the 31st day on."""
    expiring_90: int
    """From the 61st day on."""
    expired: int
    """Those that have ended."""


class DutyRow(Record):
    """One duty of a licence in one project."""

    path: str
    """The project's folder, from where the audit was started."""
    owner: str
    """Who the manifest says owns it; empty where it names nobody."""
    model: str
    """The entry's name in the manifest."""
    duty: str
    """What the licence asks for, as the words after "asks": to pass on a copy of the licence."""
    state: str
    """`shown`; `stale`, where somebody looked and what they saw no longer counts; `owed`; `depends` on a circumstance
    that the use does not state; or `kept`, by omission."""
    where: str
    """What shows it, else why nothing does."""
    checked_on: date | None
    """The day on which somebody looked; null where nobody says so, or where it was read in this run."""


class PinRow(Record):
    """One entry that pins no commit, or another one than its lock or its neighbours do."""

    path: str
    """The project's folder, from where the audit was started; empty where it is about all projects."""
    owner: str
    """Who the manifest says owns it; empty where it names nobody."""
    model: str
    """The entry's name in the manifest; empty where it is about all projects."""
    id: str
    """The model's id, or its path."""
    what: str
    """What is amiss, in words."""


class UnknownRow(Record):
    """One missing fact or answer, and what it stops."""

    key: str
    """The fact, or the key of manifest or policy, that is missing."""
    model: str
    """The model's id; empty where it is about the project or the policy, not a model."""
    projects: tuple[str, ...]
    """Those it stops: what was missing belongs to a rule that blocks."""
    others: int
    """Projects in which it is missing and stops nothing."""
    rules: tuple[str, ...]
    """The ids of the rules that need it."""
    settled_by: str
    """Who can settle it: `you`, `platform` or `legal`; several joined by a comma."""


class UndeclaredRow(Record):
    """A project that declares nothing and uses models."""

    path: str
    """The project's folder, from where the audit was started."""
    used: tuple[UsedRecord, ...]
    """Each model that its code uses, with one place."""
    unnamed: int
    """Uses whose model nobody can name."""


class TunedRow(Record):
    """A model that a project makes, and who loads it."""

    name: str
    """What it is called, as `fine_tuning.produces` says."""
    path: str
    """The project that makes it."""
    owner: str
    """Who the manifest says owns it; empty where it names nobody."""
    base: str
    """The id of the model that is tuned."""
    method: str
    """`full`, `lora` or `qlora`; empty where it is not stated."""
    loaded_by: tuple[str, ...]
    """Paths of projects that use it, or derive from it."""


class BrokenRow(Record):
    """A project, or a file of it, that could not be judged."""

    path: str
    """The project's folder, from where the audit was started."""
    file: str
    """The file, with line and column where they are known, from the project's folder; empty where it is about the whole
    project."""
    why: str
    """Why, in words."""


class TurnRow(Record):
    """Something that begins to stop a project on a day to come."""

    path: str
    """The project's folder, from where the audit was started."""
    owner: str
    """Who the project's first manifest says owns it; empty where it names nobody."""
    turn: TurnRecord
    """What, and when."""


class OutOfLineRow(Record):
    """One manifest that stops the gate today, and since when."""

    path: str
    """The project's folder, from where the audit was started."""
    owner: str
    """Who the manifest says owns it; empty where it names nobody."""
    file: str
    """The manifest, from the project's folder."""
    since: date
    """The day of the commit from which on it never passed."""
    commit: str
    """That commit."""
    code: int
    """The gate's code for its newest state."""
    stops: tuple[str, ...]
    """The rules that stop it, or why it cannot be used."""
    changes: int
    """Commits that changed it, its lock or its policy, as far as they were judged."""


class ProjectRow(Record):
    """One project in a line."""

    path: str
    """The project's folder, from where the audit was started."""
    commit: str
    """The commit that is checked out, 40 hex digits; empty where git does not know."""
    code: int
    """The gate's code for the whole project: 0, 1, 2, 3 or 70."""
    owners: tuple[str, ...]
    """Who its manifests say owns it, each once."""
    manifests: int
    """Manifests that were judged."""
    models: int
    """Entries of these manifests, artefacts of `deployment.weights` among them."""
    blocking: int
    """Findings that stop the gate."""
    advisory: int
    """Findings, and missing facts, that are reported and stop nothing."""
    unknown: int
    """Missing facts and answers that stop the gate."""
    waived: int
    """Findings, and missing facts, that a waiver covers."""
    kept: bool
    """Whether its record is that of an earlier run, since nothing that it depends on has changed."""


class Leverage(Record):
    """What the missing facts and answers come to."""

    missing: int
    """Distinct facts and answers that stop something."""
    projects: int
    """Projects that they stop."""


class Inventory(Record):
    """Everything that one audit has to say; equal inputs and an equal date give an equal inventory."""

    format: int
    """The version of the form of these records."""
    tool_version: str
    """The version of Weighbridge."""
    today: date
    """The day as of which was judged."""
    catalogue_sha256: str
    """SHA-256, in hex, of the shipped catalogue."""
    policy: str
    """The name of the organisation's policy."""
    policy_version: str
    """Its version."""
    policy_sha256: str
    """SHA-256, in hex, of the resolved policy, without layers of projects."""
    relaxations: tuple[str, ...]
    """What loosens the run, or that of any project."""
    totals: Totals
    """How many there are of what."""
    leverage: Leverage
    """What the missing facts and answers come to."""
    projects: tuple[ProjectRow, ...]
    """The projects, in the order of their paths."""
    models: tuple[ModelRow, ...]
    """The models, those of most projects first."""
    licenses: tuple[LicenseRow, ...]
    """The licences, those of most entries first."""
    owners: tuple[OwnerRow, ...]
    """The owners, those with most that stops the gate first."""
    rules: tuple[RuleRow, ...]
    """The rules that found something, those that stop most first."""
    waivers: tuple[WaiverRow, ...]
    """The exceptions, those that end first first."""
    debt: tuple[DebtRow, ...]
    """The exceptions by owner."""
    duties: tuple[DutyRow, ...]
    """What licences ask of each use."""
    unpinned: tuple[PinRow, ...]
    """Entries that pin no commit."""
    drift: tuple[PinRow, ...]
    """Entries that pin another commit than their lock, what `lock-fresh` finds, and models that are pinned at several
    commits."""
    unknowns: tuple[UnknownRow, ...]
    """What is missing, that which stops most projects first."""
    unused_allowed: dict[str, tuple[str, ...]]
    """Entries of the policy's allow lists that fit no model of any project, as `rule.setting`."""
    undeclared: tuple[UndeclaredRow, ...]
    """Projects that declare nothing and whose code uses models."""
    tuned: tuple[TunedRow, ...]
    """Models that projects make."""
    broken: tuple[BrokenRow, ...]
    """What could not be judged."""
    turns: tuple[TurnRow, ...]
    """What turns red by itself, the nearest day first, where that was asked for."""
    out_of_line: tuple[OutOfLineRow, ...]
    """Where the history was asked for."""
    period: Period | None = None
    """What the journals say of a period, where that was asked for."""


class Document(Inventory):
    """An audit as one JSON document."""

    records: tuple[ProjectRecord, ...]
    """Everything that is known of each project."""
