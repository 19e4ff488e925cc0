"""The output in the how-to guides and explanations: `python -m tests.documentation.page` writes it, a test compares it."""

from __future__ import annotations

import os
import tempfile
from contextlib import chdir
from pathlib import Path

from tests.packaging import pages
from tests.packaging.offline import ROOT
from tests.packaging.terminal import Terminal, put

DOCS = ROOT / "docs"
PAGES = (*sorted((DOCS / "how-to").glob("*.md")), *(DOCS / f"{name}.md" for name in ("facts", "lineage")))
"""Pages whose commands run in an empty folder, one after the other, on the files that stand before them."""
_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (
        ("NAME", "A Developer"),
        ("EMAIL", "developer@example.com"),
        ("DATE", "2026-11-27T12:00:00+0000"),
    )
}


def gone_through(page: str) -> str:
    """The page with what its commands print."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "here"  # reports show a folder's name where a manifest names no project
        place.mkdir()
        with chdir(place):
            return pages.written(page, Terminal({**plain, **alone, **_WHO}), put)


if __name__ == "__main__":
    for one in PAGES:
        pages.write_here(one, gone_through)
