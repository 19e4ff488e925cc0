"""Folds records, one at a time, into the inventory: nothing of a record is kept but what some table shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from checker.fleet import rows
from checker.fleet.inventory import (
    BrokenRow,
    DutyRow,
    Inventory,
    Leverage,
    LicenseRow,
    ModelRow,
    OutOfLineRow,
    OwnerRow,
    PinRow,
    ProjectRow,
    RuleRow,
    Totals,
    TunedRow,
    TurnRow,
    UndeclaredRow,
    UnknownRow,
    WaiverRow,
)
from checker.fleet.record import (
    FORMAT,
    LackRecord,
    ManifestRecord,
    ModelRecord,
    ProjectRecord,
)
from checker.fleet.run import Done
from checker.value import NamedTuple


class Header(NamedTuple):
    """What the inventory says of the run itself."""

    tool_version: str
    today: date
    catalogue_sha256: str
    policy: str
    policy_version: str
    policy_sha256: str
    relaxations: tuple[str, ...]

    def also_relaxed(self, further: Iterable[str]) -> Header:
        """The same with what loosens the run of single projects."""
        return self._replace(relaxations=tuple(dict.fromkeys((*self.relaxations, *further))))


class Gathered:
    """What has been seen so far; `add` takes one record, `inventory` makes the tables."""

    def __init__(self) -> None:
        self._projects: list[ProjectRow] = []
        self._models: dict[str, _Model] = {}
        self._licenses: dict[str, _License] = {}
        self._owners: dict[str, Counter[str]] = defaultdict(Counter)
        self._rules: dict[str, Counter[str]] = defaultdict(Counter)
        self._waivers: list[WaiverRow] = []
        self._duties: list[DutyRow] = []
        self._unpinned: list[PinRow] = []
        self._drift: list[PinRow] = []
        self._unknowns: dict[tuple[str, str], _Unknown] = {}
        self._allowed: dict[str, set[str]] = defaultdict(set)
        self._undeclared: list[UndeclaredRow] = []
        self._made: list[tuple[ProjectRecord, ManifestRecord, ModelRecord]] = []
        self._users: dict[str, dict[str, None]] = defaultdict(dict)
        self._broken: list[BrokenRow] = []
        self._turns: list[TurnRow] = []
        self._out_of_line: list[OutOfLineRow] = []
        self._relaxations: dict[str, None] = {}
        self._entries = 0

    def add(self, done: Done) -> None:
        """Take one project in."""
        record = done.record
        self._projects.append(rows.project(record, was_kept=done.was_kept))
        self._relaxations.update(dict.fromkeys(record.relaxations))
        for name, entries in record.allowed.items():
            self._allowed[name].update(entries)
        for why in filter(None, (record.broken, record.untold)):
            self._broken.append(BrokenRow(path=record.path, file="", why=why))
        lost = (*record.refused, *record.unread)
        self._broken += [BrokenRow(path=record.path, file=one.file, why=one.sentence) for one in lost]
        if record.used or record.unnamed:
            self._undeclared.append(UndeclaredRow(path=record.path, used=record.used, unnamed=record.unnamed))
        owner = record.manifests[0].owner if record.manifests else ""
        name = record.manifests[0].project if record.manifests else ""
        self._waivers += [WaiverRow(project=name, path=record.path, owner=owner, waiver=one) for one in record.waivers]
        self._turns += [TurnRow(path=record.path, owner=owner, turn=one) for one in record.turns]
        self._out_of_line += rows.out_of_line(record)
        for owned in {one.owner for one in record.manifests}:
            self._owners[owned]["projects"] += 1
        for rule in {rule for manifest in record.manifests for rule, _ in rows.counted(manifest)}:
            self._rules[rule]["projects"] += 1
        for manifest in record.manifests:
            self._add_manifest(record, manifest)

    def _add_manifest(self, record: ProjectRecord, manifest: ManifestRecord) -> None:
        self._owners[manifest.owner]["manifests"] += 1
        for rule, kind in rows.counted(manifest):
            self._owners[manifest.owner][kind] += 1
            self._rules[rule][kind] += 1
        for duty in manifest.duties:
            self._duties.append(rows.duty(record.path, manifest.owner, duty))
        for lack in manifest.lacks:
            about = lack.model_id if _is_of_model(lack) else ""
            self._unknowns.setdefault((lack.key, about), _Unknown()).add(record.path, lack)
        for model in manifest.models:
            self._add_model(record, manifest, model)

    def _add_model(self, record: ProjectRecord, manifest: ManifestRecord, model: ModelRecord) -> None:
        self._entries += 1
        self._models.setdefault(model.id, _Model(model)).add(record.path, manifest, model)
        self._licenses.setdefault(model.license, _License()).add(manifest, model)
        where = {"path": record.path, "owner": manifest.owner, "model": model.name, "id": model.id}
        if not model.revision and not model.locked and model.access == "weights" and "/" in model.id:
            self._unpinned.append(PinRow(**where, what="no commit, neither in the manifest nor in a lock"))
        if model.revision and model.locked and model.revision != model.locked:
            self._drift.append(PinRow(**where, what=f"pins {model.revision[:12]}, locked at {model.locked[:12]}"))
        self._drift += [
            PinRow(**where, what=one.found)
            for one in manifest.findings
            if one.rule == "lock-fresh" and one.model == model.name
        ]
        if model.produces:
            self._made.append((record, manifest, model))
        for used in (model.id, *model.parents):
            self._users[used.casefold()][record.path] = None

    def inventory(self, header: Header, lists: Mapping[str, tuple[str, ...]]) -> Inventory:
        """The tables of everything that was added.

        Args:
            header: what the run was.
            lists: the policy's allow lists, as `rule.setting`.
        """
        unknowns = tuple(self._unknown_rows())
        stopped = {path for row in unknowns for path in row.projects}
        return Inventory(
            format=FORMAT,
            **header.also_relaxed(self._relaxations)._asdict(),
            totals=self._totals(),
            leverage=Leverage(missing=sum(bool(row.projects) for row in unknowns), projects=len(stopped)),
            projects=tuple(self._projects),
            models=tuple(self._model_rows()),
            licenses=tuple(self._license_rows()),
            owners=tuple(self._owner_rows()),
            rules=tuple(self._rule_rows()),
            waivers=tuple(sorted(self._waivers, key=lambda row: (row.waiver.expires, row.path, row.waiver.id))),
            debt=tuple(rows.debt(self._waivers)),
            duties=tuple(self._duties),
            unpinned=tuple(self._unpinned),
            drift=(*self._drift, *self._spread()),
            unknowns=unknowns,
            unused_allowed={
                name: tuple(entry for entry in entries if entry not in self._allowed[name])
                for name, entries in lists.items()
                if not set(entries) <= self._allowed[name]
            },
            undeclared=tuple(self._undeclared),
            tuned=tuple(self._tuned()),
            broken=tuple(self._broken),
            turns=tuple(sorted(self._turns, key=lambda row: (row.turn.day, row.path, row.turn.rule, row.turn.model))),
            out_of_line=tuple(sorted(self._out_of_line, key=lambda row: (row.since, row.path, row.file))),
        )

    def _totals(self) -> Totals:
        codes = Counter(str(row.code) for row in self._projects)
        silent = [row for row in self._projects if not row.manifests and row.code == 0]
        undeclared = {row.path for row in self._undeclared}
        return Totals(
            projects=len(self._projects),
            manifests=sum(row.manifests for row in self._projects),
            models=self._entries,
            distinct_models=len(self._models),
            owners=len(self._owners),
            codes=dict(sorted(codes.items())),
            without_manifest=sum(row.path not in undeclared for row in silent),
            undeclared=len(undeclared),
            broken=len({row.path for row in self._broken}),
            kept=sum(row.kept for row in self._projects),
        )

    def _model_rows(self) -> list[ModelRow]:
        return sorted((one.row() for one in self._models.values()), key=lambda row: (-len(row.projects), row.id))

    def _rule_rows(self) -> Iterator[RuleRow]:
        ranked = sorted(
            self._rules.items(), key=lambda item: (-item[1][rows.BLOCKING], -item[1][rows.UNKNOWN], item[0])
        )
        for rule, counts in ranked:
            yield RuleRow(rule=rule, projects=counts["projects"], **{kind: counts[kind] for kind in rows.COUNTED})

    def _owner_rows(self) -> Iterator[OwnerRow]:
        ranked = sorted(
            self._owners.items(), key=lambda item: (-item[1][rows.BLOCKING], -item[1][rows.UNKNOWN], item[0])
        )
        for owner, counts in ranked:
            kinds = {kind: counts[kind] for kind in rows.COUNTED}
            yield OwnerRow(owner=owner, projects=counts["projects"], manifests=counts["manifests"], **kinds)

    def _license_rows(self) -> Iterator[LicenseRow]:
        for license_id, one in sorted(self._licenses.items(), key=lambda item: (-item[1].entries, item[0])):
            yield LicenseRow(
                license=license_id,
                models=len(one.models),
                entries=one.entries,
                purposes=dict(sorted(one.purposes.items())),
                distributions=dict(sorted(one.distributions.items())),
            )

    def _unknown_rows(self) -> list[UnknownRow]:
        """What is missing, that which stops most projects first."""
        unknowns = [
            UnknownRow(
                key=key,
                model=model,
                projects=tuple(one.stops),
                others=len(one.others.keys() - one.stops.keys()),
                rules=tuple(sorted(one.rules)),
                settled_by=", ".join(sorted(one.settlers)),
            )
            for (key, model), one in self._unknowns.items()
        ]
        return sorted(unknowns, key=lambda row: (-len(row.projects), -row.others, row.key, row.model))

    def _spread(self) -> Iterator[PinRow]:
        """Models that projects pin at different commits."""
        for one in self._models.values():
            row = one.row()
            pinned = {commit: count for commit, count in row.revisions.items() if commit}
            if len(pinned) > 1:
                said = ", ".join(f"{commit[:12]} ({count})" for commit, count in pinned.items())
                yield PinRow(path="", owner="", model="", id=row.id, what=f"pinned at {len(pinned)} commits: {said}")

    def _tuned(self) -> Iterator[TunedRow]:
        for record, manifest, model in self._made:
            made = model.produces.casefold()
            users = {
                path
                for used, paths in self._users.items()
                if used == made or used.rpartition("/")[2] == made.rpartition("/")[2]
                for path in paths
            }
            yield TunedRow(
                name=model.produces,
                path=record.path,
                owner=manifest.owner,
                base=model.id,
                method=model.method,
                loaded_by=tuple(sorted(users)),
            )


class _Model:
    """One model while it is counted."""

    def __init__(self, model: ModelRecord) -> None:
        self._id, self._license = model.id, model.license
        self._seen: dict[str, dict[str, None]] = defaultdict(dict)
        self._revisions: Counter[str] = Counter()
        self._failing = self._unknown = 0

    def add(self, path: str, manifest: ManifestRecord, model: ModelRecord) -> None:
        self._license = self._license or model.license
        self._seen["objectives"][model.objective] = None
        self._seen["purposes"].update({manifest.purpose: None} if manifest.purpose else {})
        self._seen["distributions"].update(dict.fromkeys(manifest.distribution))
        self._seen["owners"].update({manifest.owner: None} if manifest.owner else {})
        self._seen["projects"][path] = None
        self._revisions[model.revision or model.locked] += 1
        self._failing += any(one.blocks and one.model == model.name for one in manifest.findings)
        self._unknown += any(one.blocks and one.model == model.name for one in manifest.lacks)

    def row(self) -> ModelRow:
        listed = {
            name: tuple(sorted(self._seen[name]))
            for name in ("objectives", "purposes", "distributions", "owners", "projects")
        }
        revisions = dict(sorted(self._revisions.items(), key=lambda item: (-item[1], item[0])))
        return ModelRow(
            id=self._id,
            license=self._license,
            revisions=revisions,
            failing=self._failing,
            unknown=self._unknown,
            **listed,
        )


class _License:
    """One licence while it is counted."""

    def __init__(self) -> None:
        self.models: set[str] = set()
        self.entries = 0
        self.purposes: Counter[str] = Counter()
        self.distributions: Counter[str] = Counter()

    def add(self, manifest: ManifestRecord, model: ModelRecord) -> None:
        self.models.add(model.id)
        self.entries += 1
        self.purposes[manifest.purpose] += 1
        self.distributions.update(manifest.distribution or ("",))


class _Unknown:
    """One missing fact while it is counted."""

    def __init__(self) -> None:
        self.stops: dict[str, None] = {}
        self.others: dict[str, None] = {}
        self.rules: set[str] = set()
        self.settlers: set[str] = set()

    def add(self, path: str, lack: LackRecord) -> None:
        (self.stops if lack.blocks else self.others)[path] = None
        self.rules.add(lack.rule)
        self.settlers.add(lack.settled_by)


def _is_of_model(lack: LackRecord) -> bool:
    """Whether what is missing is a fact of the model, the same for all who use it, and no answer of one project."""
    from checker.facts.model import Facts

    return lack.key in Facts._fields
