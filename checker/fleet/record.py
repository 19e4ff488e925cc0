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
    """The rule's id."""
    model: str
    """The entry's name."""
    enforcement: str
    """The level that the policy gives the rule: `advisory`, `soft-mandatory` or `hard-mandatory`."""
    settled_by: str
    """Who can settle it: `you`, `platform` or `legal`."""
    blocks: bool
    """Whether it stops the gate."""
    waived: bool
    """Whether a waiver covers it."""
    at: str
    """`file:line:column` from the project's folder."""
    expected: str
    """What the rule asks for."""
    found: str
    """What stands there."""
    fingerprint: str
    """SHA-256, in hex: the same finding in another run has the same one."""


class LackRecord(Record):
    """One fact or answer that a rule needs and nobody states."""

    rule: str
    """The id of the rule that needs it."""
    model: str
    """The entry's name in the manifest."""
    model_id: str
    """The model's id, or its path."""
    key: str
    """The fact, or the key of manifest or policy, that is missing."""
    reason: str
    """Why it is unknown."""
    enforcement: str
    """The level that the policy gives the rule: `advisory`, `soft-mandatory` or `hard-mandatory`."""
    settled_by: str
    """Who can settle it: `you`, `platform` or `legal`."""
    blocks: bool
    """Whether it stops the gate."""
    waived: bool
    """Whether a waiver covers it."""
    at: str
    """`file:line:column`, from the project's folder."""


class DutyRecord(Record):
    """One duty of a licence."""

    model: str
    """The entry's name in the manifest."""
    duty: str
    """What the licence asks for, as the words after "asks": to pass on a copy of the licence."""
    shown: str
    """What shows it; empty where nothing does."""
    why_not: str
    """Why nothing shows it; empty where something does."""
    checked_on: date | None
    """The day on which somebody looked; null where nobody says so, or where it was read in this run."""
    age_days: int | None
    """Days from then to the day of the run."""
    only_if: str
    """The circumstance that would bring it about, where nobody states whether it holds."""
    by_omission: bool
    """Whether it is kept by leaving something undone, which nothing can show."""


class ModelRecord(Record):
    """One entry of a manifest."""

    name: str
    """The entry's name in the manifest."""
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
    """What the model is to do, as the manifest says it: `objective`, or `task` where one is named."""
    access: str
    """`weights` or `api`."""
    provider: str
    """Whose service is asked; empty where the weights are run."""
    parents: tuple[str, ...]
    """Models that it descends from, by id."""
    method: str
    """How it is tuned: full, lora, qlora …; empty where it is not."""
    produces: str
    """The name of what the tuning makes; empty where it is not stated."""
    context_window: int | None
    """The declared context, in tokens; null where none is declared."""
    is_weights: bool
    """Whether it is the artefact that an entry's `deployment.weights` names."""
    verdicts: dict[str, str]
    """The verdict of each rule that applies, by its id."""


class WaiverRecord(Record):
    """One recorded exception that is meant for this project."""

    file: str
    """The file that it stands in, from the project's folder where it lies there."""
    id: str
    """Its name, unique in the file."""
    rule: str
    """The rule whose findings it covers, or a pattern where the policy allows one."""
    model: str
    """The entry that it covers: its name, or the model's id."""
    kind: str
    """The kind of its reason, one of those that the format of waivers lists."""
    reason: str
    """Why, in words."""
    approver: str
    """Who approved it; empty where nobody has yet."""
    approved_on: date
    """The day of the approval."""
    expires: date
    """The last day on which it counts, UTC."""
    days_left: int
    """Days to that; 0 on the last day, below 0 once it has expired."""
    ticket: str
    """Where it was discussed; empty where nobody says."""
    counts: bool
    """Whether it covers what it is meant for; one that is expired, too wide or unsigned does not."""
    covers: int
    """How many findings it covers in this run."""


class ProblemRecord(Record):
    """Why something could not be judged."""

    file: str
    """The file, with line and column where they are known, from the project's folder."""
    sentence: str
    """What is wrong."""


class ManifestRecord(Record):
    """One manifest."""

    file: str
    """From the project's folder."""
    project: str
    """The project's name: what the manifest states, else the repository's or the folder's."""
    owner: str
    """Who the manifest says owns it; empty where it names nobody."""
    status: str
    """`planned`, `live` or `retired`; empty where it is not stated."""
    purpose: str
    """What the use is for: `commercial`, `research` or `personal`; empty where it is not stated."""
    distribution: tuple[str, ...]
    """Where it goes: `service`, `internal`, `weights`, `on-device`."""
    regions: tuple[str, ...]
    """Where it is used, as the manifest says it."""
    policy: str
    """The digest of the policy that it was judged by."""
    policy_name: str
    """The name of that policy."""
    policy_version: str
    """Its version."""
    lock: str
    """The digest of its lock; empty where there is none."""
    code: int
    """The gate's code for this manifest alone."""
    models: tuple[ModelRecord, ...]
    """Its entries, and the artefacts that `deployment.weights` names."""
    findings: tuple[FoundRecord, ...]
    """What fails, waived findings too."""
    lacks: tuple[LackRecord, ...]
    """What is unknown and needed."""
    duties: tuple[DutyRecord, ...]
    """What licences ask of the use."""
    notes: tuple[str, ...]
    """What a reader has to know of the run."""


class UsedRecord(Record):
    """A model that code of a project uses and that no manifest declares, since there is none."""

    model: str
    """The model's id, or its path from the project's folder."""
    how: str
    """How it is used: `loaded`, `served`, `trained` …"""
    at: str
    """Where: `file:line:column`, from the project's folder."""


class TurnRecord(Record):
    """Something that begins to stop the gate on a day to come."""

    day: date
    """The first day on which it stops the gate."""
    rule: str
    """The rule's id."""
    model: str
    """The entry's name in the manifest."""
    found: str
    """What will stand there then."""
    at: str
    """`file:line:column`, from the project's folder."""


class StandingRecord(Record):
    """How one manifest stood at one commit, judged again today."""

    file: str
    """From the project's folder; empty where nothing of the commit could be judged."""
    commit: str
    """The commit, as git names it."""
    day: date
    """Of the commit, UTC."""
    code: int
    """The gate's code for it as of that day."""
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
    """The manifests that were judged."""
    refused: tuple[ProblemRecord, ...] = ()
    """Manifests, policies, locks or waivers that cannot be used."""
    used: tuple[UsedRecord, ...] = ()
    """What code uses where there is no manifest."""
    unnamed: int = 0
    """Uses whose model nobody can name, where there is no manifest."""
    unread: tuple[ProblemRecord, ...] = ()
    """Files of code that could not be read, where there is no manifest: what they use is unknown."""
    waivers: tuple[WaiverRecord, ...] = ()
    """Exceptions that are meant for it."""
    relaxations: tuple[str, ...] = ()
    """What loosens the run of this project."""
    turns: tuple[TurnRecord, ...] = ()
    """What turns red by itself, where that was asked for."""
    history: tuple[StandingRecord, ...] = ()
    """Oldest first, where it was asked for."""
    allowed: dict[str, tuple[str, ...]] = {}
    """For each allow list of a rule, as `rule.setting`, those of its entries that let something of it pass."""
    untold: str = ""
    """Why git cannot tell its history, where that was asked for; empty where it can."""
    broken: str = ""
    """Why nothing could be judged of it; empty where something could."""

    @property
    def has_manifest(self) -> bool:
        """Whether it declares its models, be it in a form that cannot be used."""
        return bool(self.manifests or self.refused)


Records: TypeAlias = Callable[[], Iterator[ProjectRecord]]
"""Gives all records, in the order of their projects, as often as it is called."""
