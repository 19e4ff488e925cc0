"""Whether a path that somebody wrote down stays inside a folder: one question for every name that becomes a path."""

from __future__ import annotations

from pathlib import Path


def leads_out(path: Path, tree: Path) -> bool:
    """Whether a path, its links followed, lies outside `tree`; one that cannot be followed does."""
    try:
        return not path.resolve().is_relative_to(tree.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle; a NUL, which no system has in a name
        return True
