"""Which folders of a project hold what tools put there, and nothing that somebody wrote for it."""

from __future__ import annotations

from collections.abc import Iterable

OF_AN_ENVIRONMENT = frozenset(("bin", "include", "lib", "lib64", "scripts", "share"))
"""What lies beside the `pyvenv.cfg` of a virtual environment. Anybody can write such a file: no more is left out."""
PACKAGES = "node_modules"


def is_environments(folder: str, files: Iterable[str]) -> bool:
    """Whether a folder, beside which these files lie, is one of a virtual environment."""
    return folder.casefold() in OF_AN_ENVIRONMENT and "pyvenv.cfg" in files


def entered(folders: Iterable[str], files: Iterable[str]) -> list[str]:
    """The folders, beside which these files lie, in which a project's own files may be, sorted."""
    return sorted(
        name for name in folders if not name.startswith(".") and name != PACKAGES and not is_environments(name, files)
    )
