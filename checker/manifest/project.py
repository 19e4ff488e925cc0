"""Which project a manifest belongs to: the git repository around it, else its folder."""

from __future__ import annotations

import os
from pathlib import Path


def repository_root(path: Path) -> Path | None:
    """The folder of the git repository that holds the folder `path`; None where there is none."""
    # Asked for each of a thousand manifests, and pathlib would take four times as long.
    folder = os.path.realpath(path)
    while not os.path.exists(os.path.join(folder, ".git")):  # noqa: PTH110, PTH118
        parent = os.path.dirname(folder)  # noqa: PTH120
        if parent == folder:
            return None
        folder = parent
    return Path(folder)


def project_name(folder: Path) -> str:
    """The name of the folder that holds the project."""
    return folder.resolve().name
