"""The overview: what could not be judged, what is open and by whom, what runs out, what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator

from checker.exit_code import ExitCode
from checker.fleet.closing import closing, exit_code
from checker.fleet.inventory import Inventory
from checker.fleet.page.cells import CODES, Cell, Content, Pages, Section, filled, section
from checker.fleet.page.evidence import period_sections


def overview(inventory: Inventory, pages: Pages) -> Content:
    """The page to begin with."""
    code = exit_code(inventory)
    totals = inventory.totals
    return Content(
        title="Overview",
        sections=filled((*_open(inventory, pages), *_kept(inventory, pages), *_used(inventory, pages))),
        lead=f"Exit code {int(code)}: {CODES[int(code)][0]}. {closing(inventory)}",
        mark="pass" if code is ExitCode.OK else "open" if code is ExitCode.UNKNOWN else "fail",
        pairs=(
            ("Projects", f"{totals.projects:,}"),
            ("Manifests", f"{totals.manifests:,}"),
            ("Entries", f"{totals.models:,} of {totals.distinct_models:,} models"),
            ("Owners", f"{totals.owners:,}"),
            ("Without manifest", f"{totals.undeclared:,} that use models, {totals.without_manifest:,} that use none"),
        ),
    )


def _open(inventory: Inventory, pages: Pages) -> Iterator[Section]:
    yield section(
        "Not judged",
        ("Project", "File", "Why"),
        ((pages.project_cell(row.path), row.file, row.why) for row in inventory.broken),
    )
    yield section(
        "Models in use without a manifest",
        ("Project", "Models", "Uses without a name"),
        (
            (pages.project_cell(row.path), ", ".join(one.model for one in row.used), row.unnamed)
            for row in inventory.undeclared
        ),
    )
    counts = ("Blocking", "Unknown", "Waived", "Advisory")
    yield section(
        "Findings by owner",
        ("Owner", "Projects", *counts),
        (
            (row.owner or "no owner", row.projects, row.blocking, row.unknown, row.waived, row.advisory)
            for row in inventory.owners
        ),
    )
    yield section(
        "Findings by rule",
        ("Rule", "Projects", *counts),
        ((row.rule, row.projects, row.blocking, row.unknown, row.waived, row.advisory) for row in inventory.rules),
    )
    leverage = inventory.leverage
    yield section(
        "What is missing",
        ("Fact or answer", "Model", "Projects it stops", "Rules", "Who can settle it"),
        (
            (row.key, pages.model_cell(row.model), len(row.projects), ", ".join(row.rules), row.settled_by)
            for row in inventory.unknowns
            if row.projects
        ),
        said=f"{leverage.missing:,} missing facts and answers stop {leverage.projects:,} projects.",
    )
    yield section(
        "Out of line since",
        ("Since", "Project", "File", "What stops it", "Commit"),
        (
            (row.since.isoformat(), pages.project_cell(row.path), row.file, ", ".join(row.stops), row.commit[:12])
            for row in inventory.out_of_line
        ),
        said="History is judged again by the policy and catalogue of this run; it does not show that a gate ran.",
    )


def _kept(inventory: Inventory, pages: Pages) -> Iterator[Section]:
    yield section(
        "Waivers by owner",
        ("Owner", "Waivers", "Days granted", "Renewals", "Within 30 days", "31 to 60", "61 to 90", "Expired"),
        (
            (
                *(row.owner or "no owner", row.waivers, row.days_granted, row.renewals),
                *(row.expiring_30, row.expiring_60, row.expiring_90, row.expired),
            )
            for row in inventory.debt
        ),
    )
    yield section(
        "Waivers by expiry",
        ("Expires", "Days left", "Project", "Waiver", "Rule", "Model", "Approver", "Counts"),
        (
            (
                *(row.waiver.expires.isoformat(), row.waiver.days_left, pages.project_cell(row.path), row.waiver.id),
                *(row.waiver.rule, row.waiver.model, row.waiver.approver, "yes" if row.waiver.counts else "no"),
            )
            for row in inventory.waivers
        ),
    )
    yield section(
        "Turns red by itself",
        ("Day", "Project", "Rule", "Model", "Found"),
        (
            (row.turn.day.isoformat(), pages.project_cell(row.path), row.turn.rule, row.turn.model, row.turn.found)
            for row in inventory.turns
        ),
    )
    if inventory.period is not None:
        yield from period_sections(inventory.period)
    yield section(
        "Duties",
        ("State", "Project", "Model", "Duty", "Where, or why not"),
        (
            (row.state, pages.project_cell(row.path), row.model, row.duty, row.where)
            for row in sorted(inventory.duties, key=lambda row: _STATES.index(row.state))
        ),
    )


_STATES = ("stale", "owed", "depends", "shown", "kept")


def _used(inventory: Inventory, pages: Pages) -> Iterator[Section]:
    yield section(
        "Models by licence",
        ("Licence", "Models", "Entries", "Purpose of use", "Distribution"),
        (
            (row.license or "none known", row.models, row.entries, _counted(row.purposes), _counted(row.distributions))
            for row in inventory.licenses
        ),
    )
    yield section(
        "Not pinned",
        ("Project", "Owner", "Entry", "Model"),
        ((pages.project_cell(row.path), row.owner, row.model, pages.model_cell(row.id)) for row in inventory.unpinned),
    )
    yield section(
        "Drift",
        ("Project", "Entry", "Model", "What"),
        ((pages.project_cell(row.path), row.model, pages.model_cell(row.id), row.what) for row in inventory.drift),
    )
    yield section(
        "Models tuned here",
        ("Name", "Made by", "From", "Method", "Loaded by"),
        (
            (row.name, pages.project_cell(row.path), pages.model_cell(row.base), row.method, ", ".join(row.loaded_by))
            for row in inventory.tuned
        ),
    )
    yield section(
        "Allowed and used by nobody",
        ("List", "Entries"),
        ((name, ", ".join(entries)) for name, entries in inventory.unused_allowed.items()),
    )


def _counted(counts: dict[str, int]) -> Cell:
    return Cell(", ".join(f"{name or 'not stated'}: {count:,}" for name, count in counts.items()))
