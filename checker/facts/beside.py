"""The calibration beside a manifest, read only where there is one."""

from __future__ import annotations

from pathlib import Path

from checker.document.errors import InputError
from checker.document.inside import leads_out
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
    if not path.exists() and not path.is_symlink():
        return None
    if leads_out(path, root):
        raise InputError.one("a link out of the repository", expected="a file inside it", file=path.as_posix())
    from checker.facts.calibration_file import load  # few projects have measured anything

    return load(path)
