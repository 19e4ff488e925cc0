"""All projects and all models, so many on a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.fleet.inventory import Inventory
from checker.fleet.page.cells import PAGE, Cell, Content, Pages, code_cell, section


def projects(inventory: Inventory, pages: Pages) -> Iterator[tuple[str, Content]]:
    """The pages that list projects: those that stop the gate first."""
    ranked = sorted(inventory.projects, key=lambda row: (row.code == 0, -row.blocking, -row.unknown, row.path))
    rows = [
        (
            *(pages.project_cell(row.path), code_cell(row.code), ", ".join(row.owners) or "no owner", row.manifests),
            *(row.models, row.blocking, row.unknown, row.waived, row.advisory, row.commit[:12]),
        )
        for row in ranked
    ]
    columns = (
        *("Project", "Verdict", "Owners", "Manifests", "Entries"),
        *("Blocking", "Unknown", "Waived", "Advisory", "Commit"),
    )
    yield from _paged("Projects", "projects", columns, rows)


def models(inventory: Inventory, pages: Pages) -> Iterator[tuple[str, Content]]:
    """The pages that list models: those that most projects use first."""
    rows = [
        (
            *(pages.model_cell(row.id), row.license or "none known", ", ".join(row.objectives), len(row.projects)),
            *(len(row.owners), len(row.revisions), row.failing, row.unknown),
        )
        for row in inventory.models
    ]
    columns = ("Model", "Licence", "Objectives", "Projects", "Owners", "Revisions", "Failing", "Unknown")
    yield from _paged("Models", "models", columns, rows)


def _paged(
    title: str, name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell | str | int]]
) -> Iterator[tuple[str, Content]]:
    count = max(1, -(-len(rows) // PAGE))
    for number in range(1, count + 1):
        part = rows[(number - 1) * PAGE : number * PAGE]
        others = tuple((str(one), "" if one == number else f"{name}-{one}.html") for one in range(1, count + 1))
        heading = f"{len(rows):,} in all" + (f", page {number} of {count}" if count > 1 else "")
        content = Content(title, (section(heading, columns, part, most=PAGE),), pages=others if count > 1 else ())
        yield f"{name}-{number}.html", content
