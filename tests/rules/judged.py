"""Judges a manifest by a policy in this process: what a rule's test needs, in two lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from checker import engine
from checker.document.place import SourceFile
from checker.facts.catalogue import Catalogue
from checker.facts.locked.held import hold
from checker.facts.locked.lookup import Locks
from checker.gather import gather
from checker.manifest.load import load
from checker.policy.load import Choice
from checker.policy.load import load as load_policy
from checker.policy.policy import ChosenBy
from checker.verdict import Evaluation

CATALOGUE = Catalogue()
TODAY = date(2026, 11, 23)


def judged(folder: Path, manifest: str, policy: str, today: date = TODAY) -> list[Evaluation]:
    """All evaluations of a manifest that lies in `folder`, by a policy beside it."""
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    resolved = load_policy(Choice(str(folder / "policy.yaml"), ChosenBy.OPTION), None)
    return judged_by(folder, manifest, resolved, today)


def judged_by(folder: Path, manifest: str, policy, today: date = TODAY) -> list[Evaluation]:
    """The same by a policy that was resolved before."""
    loaded = load(SourceFile(str(folder / "model.yaml"), manifest))
    lock = hold(folder / "model.lock", "model.lock") if (folder / "model.lock").exists() else None
    locks = Locks(lock, policy.facts) if lock or policy.facts else None
    dossiers = tuple(gather(entry, folder, folder, CATALOGUE, locks) for entry in loaded.models)
    models = engine.check(loaded, dossiers, engine.as_it_stands(policy, today))
    return [evaluation for model in models for evaluation in model.evaluations]
