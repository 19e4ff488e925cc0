"""Reads what is known of each entry of a manifest and joins it: catalogue or local folder, claims, lineage, baseline."""

from __future__ import annotations

from pathlib import Path

from checker.facts.baseline import read_baseline
from checker.facts.catalogue import Catalogue
from checker.facts.claims import Claim, apply
from checker.facts.dossier import Dossier
from checker.facts.fact import Origin
from checker.facts.folder import read_folder
from checker.facts.lineage import build
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry


def gather(entry: ModelEntry, folder: Path, root: Path, catalogue: Catalogue) -> Dossier:
    """Everything known of one entry.

    Args:
        entry: what the manifest declares.
        folder: the manifest's folder; local models and baselines are relative to it.
        root: the repository, or the folder again; nothing outside it is read.
        catalogue: the embedded facts.

    Raises:
        InputError: a local model's folder cannot be used.
    """
    weights = entry.deployment.weights if entry.deployment else None
    return Dossier(
        *_facts_and_lineage(entry, folder, root, catalogue),
        baseline=read_baseline(entry.baseline.value if entry.baseline else None, folder, root),
        weights=gather(entry.as_loaded_weights(), folder, root, catalogue) if weights else None,
    )
