"""The page of one model: who uses it, and at which commits."""

from __future__ import annotations

from checker.fleet.inventory import ModelRow
from checker.fleet.page.cells import Content, Pages, filled, section

_ROOT = "../"


def model_page(row: ModelRow, pages: Pages) -> Content:
    """Everything that its row holds."""
    return Content(
        title=row.id,
        lead=f"{row.failing} entries with a blocking finding, {row.unknown} that could not be evaluated.",
        mark="fail" if row.failing else "open" if row.unknown else "pass",
        pairs=(
            ("Licence", row.license or "none known"),
            ("Objectives", ", ".join(row.objectives)),
            ("Purpose of use", ", ".join(row.purposes) or "not stated"),
            ("Distribution", ", ".join(row.distributions) or "not stated"),
            ("Owners", ", ".join(row.owners) or "none stated"),
        ),
        sections=filled(
            (
                section(
                    "Revisions",
                    ("Commit", "Entries"),
                    ((one or "not pinned", count) for one, count in row.revisions.items()),
                ),
                section("Projects", ("Project",), ((pages.project_cell(one, _ROOT),) for one in row.projects)),
            )
        ),
        root=_ROOT,
    )
