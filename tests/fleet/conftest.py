"""A folder of projects, and the command in the test's own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.in_process import inside
from tests.repository import MANIFEST, PINNED

__all__ = ["inside"]

PASSES = MANIFEST.replace("revision: main", f"revision: {PINNED}")
STOPPED = MANIFEST


class Fleet:
    """Repositories below one folder; git itself is not asked for those that need no history."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, **files: str) -> Path:
        """A repository with these files; a double underscore in a name stands for its dot."""
        project = self.folder / name
        (project / ".git").mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (project / file.replace("__", ".")).write_text(text, encoding="utf-8")
        return project


@pytest.fixture
def fleet(tmp_path):
    """An empty folder of projects."""
    return Fleet(tmp_path / "src")
