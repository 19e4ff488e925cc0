"""The output in docs/worked: `python -m tests.worked.page` writes it, and a test compares it."""

from __future__ import annotations

from tests.packaging import pages
from tests.packaging.offline import ROOT

PAGES = tuple(sorted((ROOT / "docs" / "worked").glob("*.md")))


if __name__ == "__main__":
    for page in PAGES:
        pages.write_here(page, pages.story)
