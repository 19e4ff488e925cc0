"""The output in docs/select.md: `python -m tests.selection.page` writes it, and a test compares it."""

from __future__ import annotations

from tests.packaging import pages
from tests.packaging.offline import ROOT

PAGE = ROOT / "docs" / "select.md"


def written(page: str) -> str:
    """The page with what its commands print on the day `TODAY`, in this folder."""
    return pages.written(page, pages.in_this_folder)


if __name__ == "__main__":
    pages.write_here(PAGE, written)
