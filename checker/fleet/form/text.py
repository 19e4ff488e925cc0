"""An audit for a terminal: what could not be judged first, then what is open, by whom, and what would settle most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.document.errors import visible
from checker.fleet.closing import CODE_WORDS, closing, many
from checker.fleet.inventory import Inventory
from checker.fleet.period import Evidence, Period
from checker.fleet.record import Records

MOST = 10
"""Lines of a table; the other formats have all of them."""


def render(inventory: Inventory, records: Records) -> Iterator[str]:
    """The summary."""
    for title, lines in _sections(inventory):
        shown = list(lines)
        if not shown:
            continue
        yield visible(title) + "\n"
        yield from (f"  {visible(line)}\n" for line in shown[:MOST])
        if len(shown) > MOST:
            yield f"  … and {len(shown) - MOST} more\n"
        yield "\n"
    yield visible(closing(inventory)) + "\n"


def _sections(inventory: Inventory) -> Iterator[tuple[str, Iterable[str]]]:
    policy = f"policy {inventory.policy} {inventory.policy_version}, sha256 {inventory.policy_sha256[:12]}"
    yield (
        f"{policy}, as of {inventory.today}",
        [f"relaxed: {one}" for one in inventory.relaxations] or [f"catalogue sha256 {inventory.catalogue_sha256[:12]}"],
    )
    yield "Not judged", (f"{row.path}: {row.file + ': ' if row.file else ''}{row.why}" for row in inventory.broken)
    yield (
        "Models in use without a manifest",
        (
            f"{row.path}: {', '.join(one.model for one in row.used) or 'none that can be named'}"
            + (f"; {many(row.unnamed, 'use')} without a name" if row.unnamed else "")
            for row in inventory.undeclared
        ),
    )
    yield (
        "Findings by owner",
        (
            f"{row.owner or 'no owner'}: {row.blocking} blocking, {row.unknown} unknown, {row.waived} waived,"
            f" {row.advisory} advisory in {many(row.projects, 'project')}"
            for row in inventory.owners
        ),
    )
    yield (
        "Findings by rule",
        (
            f"{row.rule}: {row.blocking} blocking, {row.unknown} unknown, {row.waived} waived, {row.advisory} advisory"
            for row in inventory.rules
        ),
    )
    leverage = inventory.leverage
    yield (
        f"Missing: {many(leverage.missing, 'fact or answer', 'facts and answers')}"
        f" stop{'s' if leverage.missing == 1 else ''} {many(leverage.projects, 'project')}",
        (
            f"{row.key}{' of ' + row.model if row.model else ''}: {many(len(row.projects), 'project')}"
            f" ({', '.join(row.rules)}; {row.settled_by} can settle it)"
            for row in inventory.unknowns
            if row.projects
        ),
    )
    yield from _kept_in_mind(inventory)


def _kept_in_mind(inventory: Inventory) -> Iterator[tuple[str, Iterable[str]]]:
    yield (
        "Waivers",
        (
            f"{row.owner or 'no owner'}: {row.waivers} over {many(row.days_granted, 'day')},"
            f" {many(row.renewals, 'renewal')}; expiring within 30/60/90 days:"
            f" {row.expiring_30}/{row.expiring_60}/{row.expiring_90}; expired: {row.expired}"
            for row in inventory.debt
        ),
    )
    yield (
        "Turns red by itself",
        (
            f"{row.turn.day}: {row.path}: {row.turn.rule} of {row.turn.model}: {row.turn.found}"
            for row in inventory.turns
        ),
    )
    yield (
        "Out of line since",
        (
            f"{row.since}: {row.path}: {row.file or 'the repository'}: {', '.join(row.stops)}"
            f" (commit {row.commit[:12]}, {many(row.changes, 'change')} judged again)"
            for row in inventory.out_of_line
        ),
    )
    if inventory.period is not None:
        yield from _period(inventory.period)
    states = ("stale", "owed", "depends")
    owed = sorted((row for row in inventory.duties if row.state in states), key=lambda row: states.index(row.state))
    yield "Duties", (f"{row.path}: {row.model}: {row.state}: {row.duty}" for row in owed)
    yield "Not pinned", (f"{row.path}: {row.model} ({row.id})" for row in inventory.unpinned)
    yield (
        "Drift",
        (f"{row.path or row.id}: {row.model + ': ' if row.model else ''}{row.what}" for row in inventory.drift),
    )
    yield (
        "Tuned here",
        (
            f"{row.name} ({row.base}, {row.method or 'method not stated'}) by {row.path}:"
            f" loaded by {', '.join(row.loaded_by) or 'no project that was read'}"
            for row in inventory.tuned
        ),
    )
    yield (
        "Allowed and used by nobody",
        (f"{name}: {', '.join(entries)}" for name, entries in inventory.unused_allowed.items()),
    )


def _period(period: Period) -> Iterator[tuple[str, Iterable[str]]]:
    codes = ", ".join(f"{count} {CODE_WORDS.get(code, code)}" for code, count in period.codes.items()) or "none"
    yield (
        f"Runs from {period.first} to {period.last}: {many(period.runs, 'run')} of"
        f" {many(len(period.repositories), 'repository', 'repositories')}",
        (
            f"by code: {codes}",
            f"{period.relaxed} relaxed, {period.dirty} over files that differed from their commit",
            *(f"{one.at}: {one.why}" for one in period.broken),
        ),
    )
    yield f"Never seen, of {period.expected} expected", period.never_seen
    yield "Expected, and not seen in the period", period.not_in_period
    yield "Seen, and not expected", period.unexpected
    yield "Commits without a run", (f"{one.day}: {one.repository}: {one.commit[:12]}" for one in period.missing)
    yield "Not compared, so that missing runs are not known", period.not_compared
    yield f"Sample of {len(period.sample)}, seed {period.seed}", (line for one in period.sample for line in _sheet(one))


def _sheet(evidence: Evidence) -> Iterator[str]:
    run = evidence.run
    when, commit = f"{run.time:%Y-%m-%dT%H:%M:%SZ}", run.commit[:12] or "no commit"
    yield f"{when} {run.repository} {commit}: code {run.code}, {evidence.at}"
    if evidence.not_judged:
        yield f"  not judged again: {evidence.not_judged}"
    for one in evidence.files:
        yield (
            f"  {one.file}: code {one.recorded_code}, judged again: {one.judged_again};"
            f" content in the commit: {one.in_commit}"
        )
