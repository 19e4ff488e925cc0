"""Which calibration an answer takes into account: the file that is named, else the one in the folder."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from checker.facts.calibration import Calibration


def calibration_of(args: Namespace, folder: Path) -> Calibration | None:
    """What was measured: the file that is named, else the one in the folder."""
    if args.calibration is None:
        from checker.facts.beside import beside

        return beside(folder, folder)
    from checker.facts.calibration_file import load

    return load(Path(args.calibration))
