"""Which project a manifest belongs to: the git repository around it, else its folder."""

from __future__ import annotations

from pathlib import Path


def repository_root(path: Path) -> Path | None:
    """The folder of the git repository that holds the folder `path`; None where there is none."""
    folder = path.resolve()
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), None)


def project_name(folder: Path) -> str:
    """The name of the repository's folder, else that of `folder`."""
    return (repository_root(folder) or folder.resolve()).name
