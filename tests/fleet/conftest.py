"""A folder of projects, and the command in the test's own process."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.in_process import inside
from tests.repository import MANIFEST, PINNED, Repository

__all__ = ["inside"]

PASSES = MANIFEST.replace("revision: main", f"revision: {PINNED}")
STOPPED = MANIFEST


def by_hand(repository: Repository, names: Sequence[str]) -> str:
    """A commit, and HEAD, with its model.yaml and with names that git itself would not write; the files stay."""
    blob = repository.git("rev-parse", "HEAD:model.yaml")

    def tree(*entries: str) -> str:
        made = subprocess.run(
            ["git", "mktree"],
            cwd=repository.folder,
            input="".join(f"{entry}\n" for entry in entries),
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return made.stdout.strip()

    def entry(name: str) -> str:
        folder, slash, inner = name.partition("/")
        return f"040000 tree {tree(entry(inner))}\t{folder}" if slash else f"100644 blob {blob}\t{name}"

    made = tree(*(entry(name) for name in ("model.yaml", *names)))
    commit = repository.git("commit-tree", "-p", "HEAD", "-m", "by hand", made)
    repository.git("update-ref", "refs/heads/main", commit)
    return commit


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
