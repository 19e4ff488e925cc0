"""`fit model.yaml`: each plan of a manifest, at the commits that it or its lock pins."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from checker.commands._calibration import calibration_of
from checker.commands._fit_answers import Wanted, draw, print_entries
from checker.console import Console
from checker.document.read import read
from checker.facts.catalogue import Catalogue
from checker.facts.locked.lookup import Locks
from checker.gate import lock_beside
from checker.manifest.project import repository_root
from checker.sizing.entries import Sources, answer_manifest
from checker.sizing.picture import of_entries


def answer_file(args: Namespace, wanted: Wanted, console: Console) -> int:
    """Print the answers, and return their code.

    Raises:
        InputError: the manifest or its lock cannot be used, or has no plan in it.
    """
    path = Path(args.model[0])
    path = path / "model.yaml" if path.is_dir() else path
    lock = lock_beside(path.parent, repository_root(path.parent) or path.parent)
    sources = Sources(Catalogue(), Locks(lock) if lock else None, calibration_of(args, path.parent))
    answers = answer_manifest(read(path), path.parent, args.headroom, sources)
    if args.plot:
        draw(args.plot, of_entries(path.as_posix(), answers))
    return print_entries(path, answers, wanted, console)
