"""The calibration beside a manifest, read only where there is one."""

from __future__ import annotations

from pathlib import Path

from checker.document.inside import is_there
from checker.facts.calibration import NAME, Calibration


def beside(folder: Path, root: Path) -> Calibration | None:
    """The calibration beside a manifest; None where there is none.

    Args:
        folder: the manifest's folder.
        root: the repository, or the folder again; nothing outside it is read.

    Raises:
        InputError: it is there and cannot be used, or is a link out of the repository.
    """
    path = folder / NAME
    if not is_there(path, root):
        return None
    from checker.facts.calibration_file import load  # few projects have measured anything

    return load(path)
