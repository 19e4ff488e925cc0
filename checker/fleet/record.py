"""What remains of a project once it was judged: small records that travel between processes and into files.

They are pydantic models because they are read back: from the store of an earlier run, and from other machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from checker.document.characters import in_characters

FORMAT = 2
"""The form of these records; a store of another form is not read."""


class Record(BaseModel):
    """What all records have in common: they are values, and hold nothing that nobody named."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _in_characters(cls, stated: object) -> object:
        """A name of a file may hold bytes that are no characters: they are shown as `\\udcff`, as no output has any."""
        return in_characters(stated) if isinstance(stated, dict) else stated


class FoundRecord(Record):
    """One finding, as the gate reported it."""

    rule: str
    model: str
    """The entry's name."""
    enforcement: str
    settled_by: str
    blocks: bool
    waived: bool
    at: str
    """`file:line:column` from the project's folder."""
    expected: str
    found: str
    fingerprint: str
    """SHA-256, in hex: the same finding in another run has the same one."""


class LackRecord(Record):
    """One fact or answer that a rule needs and nobody states."""

    rule: str
    model: str
    model_id: str
    key: str
    """The fact, or the key of manifest or policy, that is missing."""
    reason: str
    enforcement: str
    settled_by: str
    blocks: bool
    waived: bool
    at: str


class DutyRecord(Record):
    """One duty of a licence."""

    model: str
    duty: str
    shown: str
    """What shows it; empty where nothing does."""
    why_not: str
    checked_on: date | None
    age_days: int | None
    only_if: str
    """The circumstance that would bring it about, where nobody states whether it holds."""
    by_omission: bool
    """Whether it is kept by leaving something undone, which nothing can show."""


class ModelRecord(Record):
    """One entry of a manifest."""

    name: str
    id: str
    """The model's id today, or the path of a local folder."""
    revision: str
    """What the manifest pins; empty where it pins nothing."""
    locked: str
    """The commit in the project's lock; empty where there is none."""
    origin: str
    """Where its facts come from: lock, organisation, catalogue or folder; empty where nothing is known."""
    license: str
    """The canonical id, else as it is written; empty where no source states one."""
    license_id: str
    """The canonical id alone; empty where the spelling names no single text."""
    objective: str
    access: str
    provider: str
    parents: tuple[str, ...]
    """Models that it descends from, by id."""
    method: str
    """How it is tuned: full, lora, qlora …; empty where it is not."""
    produces: str
    """The name of what the tuning makes; empty where it is not stated."""
    context_window: int | None
    is_weights: bool
    """Whether it is the artefact that an entry's `deployment.weights` names."""
    verdicts: dict[str, str]
    """The verdict of each rule that applies, by its id."""


class WaiverRecord(Record):
    """One recorded exception that is meant for this project."""

    file: str
    id: str
    rule: str
    model: str
    kind: str
    reason: str
    approver: str
    approved_on: date
    expires: date
    days_left: int
    ticket: str
    counts: bool
    covers: int
    """How many findings it covers in this run."""


class ProblemRecord(Record):
    """Why something could not be judged."""

    file: str
    sentence: str


class ManifestRecord(Record):
    """One manifest."""

    file: str
    """From the project's folder."""
    project: str
    owner: str
    status: str
    purpose: str
    distribution: tuple[str, ...]
    regions: tuple[str, ...]
    policy: str
    """The digest of the policy that it was judged by."""
    policy_name: str
    policy_version: str
    lock: str
    """The digest of its lock; empty where there is none."""
    code: int
    """The gate's code for this manifest alone."""
    models: tuple[ModelRecord, ...]
    findings: tuple[FoundRecord, ...]
    lacks: tuple[LackRecord, ...]
    duties: tuple[DutyRecord, ...]
    notes: tuple[str, ...]


class UsedRecord(Record):
    """A model that code of a project uses and that no manifest declares, since there is none."""

    model: str
    how: str
    at: str


class TurnRecord(Record):
    """Something that begins to stop the gate on a day to come."""

    day: date
    rule: str
    model: str
    found: str
    at: str


class StandingRecord(Record):
    """How one manifest stood at one commit, judged again today."""

    file: str
    """From the project's folder; empty where nothing of the commit could be judged."""
    commit: str
    day: date
    """Of the commit, UTC."""
    code: int
    stops: tuple[str, ...]
    """The rules that stop the gate, or why it could not be used."""


class ProjectRecord(Record):
    """One repository or folder."""

    path: str
    """Its folder, from where the audit was started."""
    commit: str
    """The commit that is checked out, 40 hex digits; empty where git does not know."""
    code: int
    """The gate's code for the whole project; 0 also where it has no manifest and uses no model."""
    manifests: tuple[ManifestRecord, ...] = ()
    refused: tuple[ProblemRecord, ...] = ()
    """Manifests, policies, locks or waivers that cannot be used."""
    used: tuple[UsedRecord, ...] = ()
    """What code uses where there is no manifest."""
    unnamed: int = 0
    """Uses whose model nobody can name, where there is no manifest."""
    unread: tuple[ProblemRecord, ...] = ()
    """Files of code that could not be read, where there is no manifest: what they use is unknown."""
    waivers: tuple[WaiverRecord, ...] = ()
    relaxations: tuple[str, ...] = ()
    turns: tuple[TurnRecord, ...] = ()
    history: tuple[StandingRecord, ...] = ()
    """Oldest first, where it was asked for."""
    allowed: dict[str, tuple[str, ...]] = {}
    """For each allow list of a rule, as `rule.setting`, those of its entries that let something of it pass."""
    broken: str = ""
    """Why nothing could be judged of it; empty where something could."""

    @property
    def has_manifest(self) -> bool:
        """Whether it declares its models, be it in a form that cannot be used."""
        return bool(self.manifests or self.refused)


Records: TypeAlias = Callable[[], Iterator[ProjectRecord]]
"""Gives all records, in the order of their projects, as often as it is called."""
