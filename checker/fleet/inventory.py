"""The whole of many records: what is used, what is open, what runs out, and what nobody knows."""

from __future__ import annotations

from datetime import date

from checker.fleet.period import Period
from checker.fleet.record import ProjectRecord, Record, TurnRecord, UsedRecord, WaiverRecord


class Totals(Record):
    """How many there are of what."""

    projects: int
    manifests: int
    models: int
    """Entries of manifests."""
    distinct_models: int
    owners: int
    codes: dict[str, int]
    """Projects by the gate's code: `0`, `1`, `2`, `3`, `70`."""
    without_manifest: int
    """Projects that declare nothing and whose code uses no model that could be found."""
    undeclared: int
    """Projects that declare nothing and whose code uses models."""
    broken: int
    kept: int
    """Projects whose record is that of an earlier run, since nothing that it depends on has changed."""


class ModelRow(Record):
    """One model, over all projects."""

    id: str
    license: str
    objectives: tuple[str, ...]
    purposes: tuple[str, ...]
    distributions: tuple[str, ...]
    owners: tuple[str, ...]
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
    models: int
    entries: int
    purposes: dict[str, int]
    """Entries by the declared purpose of the use; those that state none under the empty name."""
    distributions: dict[str, int]


class OwnerRow(Record):
    """What one owner has to settle."""

    owner: str
    """As manifests name it; empty where they name none."""
    projects: int
    manifests: int
    blocking: int
    """Findings that stop the gate."""
    advisory: int
    unknown: int
    """Missing facts and answers that stop the gate."""
    waived: int


class RuleRow(Record):
    """What one rule found."""

    rule: str
    blocking: int
    advisory: int
    unknown: int
    waived: int
    projects: int
    """Projects in which it found something or could not be evaluated."""


class WaiverRow(Record):
    """One recorded exception, where it stands."""

    project: str
    path: str
    owner: str
    waiver: WaiverRecord


class DebtRow(Record):
    """The exceptions of one owner."""

    owner: str
    waivers: int
    days_granted: int
    """Days from approval to expiry, over all of them."""
    renewals: int
    """Waivers beyond the first for the same rule, model and project."""
    expiring_30: int
    expiring_60: int
    """From the 31st day on."""
    expiring_90: int
    """From the 61st day on."""
    expired: int


class DutyRow(Record):
    """One duty of a licence in one project."""

    path: str
    owner: str
    model: str
    duty: str
    state: str
    """`shown`; `stale`, where somebody looked and what they saw no longer counts; `owed`; `depends` on a circumstance
    that the use does not state; or `kept`, by omission."""
    where: str
    checked_on: date | None


class PinRow(Record):
    """One entry that pins no commit, or another one than its lock or its neighbours do."""

    path: str
    owner: str
    model: str
    id: str
    what: str


class UnknownRow(Record):
    """One missing fact or answer, and what it stops."""

    key: str
    model: str
    """The model's id; empty where it is about the project or the policy, not a model."""
    projects: tuple[str, ...]
    """Those it stops: what was missing belongs to a rule that blocks."""
    others: int
    """Projects in which it is missing and stops nothing."""
    rules: tuple[str, ...]
    settled_by: str


class UndeclaredRow(Record):
    """A project that declares nothing and uses models."""

    path: str
    used: tuple[UsedRecord, ...]
    unnamed: int


class TunedRow(Record):
    """A model that a project makes, and who loads it."""

    name: str
    path: str
    """The project that makes it."""
    owner: str
    base: str
    method: str
    loaded_by: tuple[str, ...]
    """Paths of projects that use it, or derive from it."""


class BrokenRow(Record):
    """A project, or a file of it, that could not be judged."""

    path: str
    file: str
    why: str


class TurnRow(Record):
    """Something that begins to stop a project on a day to come."""

    path: str
    owner: str
    turn: TurnRecord


class OutOfLineRow(Record):
    """One manifest that stops the gate today, and since when."""

    path: str
    owner: str
    file: str
    since: date
    """The day of the commit from which on it never passed."""
    commit: str
    code: int
    stops: tuple[str, ...]
    changes: int
    """Commits that changed it, its lock or its policy, as far as they were judged."""


class ProjectRow(Record):
    """One project in a line."""

    path: str
    commit: str
    code: int
    owners: tuple[str, ...]
    manifests: int
    models: int
    blocking: int
    advisory: int
    unknown: int
    waived: int
    kept: bool


class Leverage(Record):
    """What the missing facts and answers come to."""

    missing: int
    """Distinct facts and answers that stop something."""
    projects: int
    """Projects that they stop."""


class Inventory(Record):
    """Everything that one audit has to say; equal inputs and an equal date give an equal inventory."""

    format: int
    tool_version: str
    today: date
    catalogue_sha256: str
    policy: str
    policy_version: str
    policy_sha256: str
    relaxations: tuple[str, ...]
    totals: Totals
    leverage: Leverage
    projects: tuple[ProjectRow, ...]
    models: tuple[ModelRow, ...]
    licenses: tuple[LicenseRow, ...]
    owners: tuple[OwnerRow, ...]
    rules: tuple[RuleRow, ...]
    waivers: tuple[WaiverRow, ...]
    debt: tuple[DebtRow, ...]
    duties: tuple[DutyRow, ...]
    unpinned: tuple[PinRow, ...]
    drift: tuple[PinRow, ...]
    unknowns: tuple[UnknownRow, ...]
    unused_allowed: dict[str, tuple[str, ...]]
    """Entries of the policy's allow lists that fit no model of any project, as `rule.setting`."""
    undeclared: tuple[UndeclaredRow, ...]
    tuned: tuple[TunedRow, ...]
    broken: tuple[BrokenRow, ...]
    turns: tuple[TurnRow, ...]
    out_of_line: tuple[OutOfLineRow, ...]
    """Where the history was asked for."""
    period: Period | None = None
    """What the journals say of a period, where that was asked for."""


class Document(Inventory):
    """An audit as one JSON document."""

    records: tuple[ProjectRecord, ...]
    """Everything that is known of each project."""
