"""Rows of the inventory that come from one record, or from rows, alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from checker.fleet.inventory import DebtRow, DutyRow, OutOfLineRow, ProjectRow, WaiverRow
from checker.fleet.record import DutyRecord, ManifestRecord, ProjectRecord, StandingRecord

WAIVED, BLOCKING, ADVISORY, UNKNOWN = "waived", "blocking", "advisory", "unknown"
COUNTED = (BLOCKING, ADVISORY, UNKNOWN, WAIVED)
"""The kinds, in the order of the columns that count them."""


def project(record: ProjectRecord, *, was_kept: bool) -> ProjectRow:
    """The row of one project, its findings counted by kind."""
    counts = Counter(kind for manifest in record.manifests for _, kind in counted(manifest))
    return ProjectRow(
        path=record.path,
        commit=record.commit,
        code=record.code,
        owners=tuple(dict.fromkeys(one.owner for one in record.manifests if one.owner)),
        manifests=len(record.manifests),
        models=sum(len(one.models) for one in record.manifests),
        kept=was_kept,
        **{kind: counts[kind] for kind in COUNTED},
    )


def counted(manifest: ManifestRecord) -> Iterator[tuple[str, str]]:
    """The rule and the kind of everything that a manifest's evaluations found or lacked."""
    for found in manifest.findings:
        yield found.rule, WAIVED if found.waived else BLOCKING if found.blocks else ADVISORY
    for lack in manifest.lacks:
        yield lack.rule, WAIVED if lack.waived else UNKNOWN if lack.blocks else ADVISORY


def duty(path: str, owner: str, duty: DutyRecord) -> DutyRow:
    """The row of one obligation: kept, shown, stale or owed."""
    if duty.by_omission:
        state = "kept"
    else:
        owed = "depends" if duty.only_if else "owed"
        state = "shown" if duty.shown and not duty.why_not else "stale" if duty.checked_on else owed
    return DutyRow(
        path=path,
        owner=owner,
        model=duty.model,
        duty=duty.duty,
        state=state,
        where=duty.shown or duty.why_not,
        checked_on=duty.checked_on,
    )


def out_of_line(record: ProjectRecord) -> Iterator[OutOfLineRow]:
    """Each manifest whose newest state stops the gate, with the oldest state from which on every one did."""
    owners = {one.file: one.owner for one in record.manifests}
    states: dict[str, list[StandingRecord]] = defaultdict(list)
    for one in record.history:
        states[one.file].append(one)
    newest = record.history[-1].commit if record.history else ""
    for file, known in states.items():
        if known[-1].code == 0 or known[-1].commit != newest:
            continue  # it passes, or is not there any more
        first = known[-1]
        for one in reversed(known):
            if one.code == 0:
                break
            first = one
        yield OutOfLineRow(
            path=record.path,
            owner=owners.get(file, ""),
            file=file,
            since=first.day,
            commit=first.commit,
            code=known[-1].code,
            stops=known[-1].stops,
            changes=len(known),
        )


def debt(waivers: Iterable[WaiverRow]) -> Iterator[DebtRow]:
    """What each owner has had excepted, and when it runs out."""
    by_owner: dict[str, list[WaiverRow]] = defaultdict(list)
    for row in waivers:
        by_owner[row.owner].append(row)
    for owner, rows in sorted(by_owner.items()):
        left = [row.waiver.days_left for row in rows]
        same = Counter((row.path, row.waiver.rule, row.waiver.model) for row in rows)
        yield DebtRow(
            owner=owner,
            waivers=len(rows),
            days_granted=sum((row.waiver.expires - row.waiver.approved_on).days for row in rows),
            renewals=sum(count - 1 for count in same.values()),
            expiring_30=sum(0 <= days <= 30 for days in left),
            expiring_60=sum(30 < days <= 60 for days in left),
            expiring_90=sum(60 < days <= 90 for days in left),
            expired=sum(days < 0 for days in left),
        )
