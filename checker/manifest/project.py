"""Which project a manifest belongs to: the git repository around it, else its folder."""

from __future__ import annotations

import os
from pathlib import Path

from checker.document.inside import repository_above


def repository_root(path: Path) -> Path | None:
    """The folder of the git repository that holds the folder `path`; None where there is none."""
    folder = repository_above(os.path.realpath(path))
    return None if folder is None else Path(folder)


def project_name(folder: Path) -> str:
    """The name of the folder that holds the project."""
    return folder.resolve().name
