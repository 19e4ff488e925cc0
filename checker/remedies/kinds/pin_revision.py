"""Pin the commit that the lock, the organisation's facts or the catalogue hold of the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from checker.manifest.edit import Edit
from checker.remedies.case import Case, Step
from checker.remedy import Aspect, Cost, Grounds
from checker.rules.revision_pinned import has_digests

if TYPE_CHECKING:
    from checker.facts.dossier import Dossier

RULES = frozenset({"revision-pinned"})
READS = ("manifest.revision",)
SIZE = 0
MOST = 2
_COSTS = (Cost(Aspect.WORK, "what the publisher changes arrives only with a change here", Grounds.BY_DEFINITION),)


def steps(case: Case) -> tuple[Step, ...]:
    """One step for each commit that a source names, the surest source first."""
    weights = case.entry.deployment.weights if case.of_weights and case.entry.deployment else None
    written = weights.revision if weights else case.entry.revision
    dossier = case.dossier.weights if case.of_weights else case.dossier
    path = case.path("deployment", "weights", "revision") if case.of_weights else case.path("revision")
    found = dict[str, tuple[str, bool]]()
    if written is not None and re.fullmatch("[0-9A-Fa-f]{40}", written.value):
        found[written.value.lower()] = ("the same commit in small letters", True)
    elif dossier is not None:
        for commit, source, is_safe in _commits(dossier):
            found.setdefault(commit, (source, is_safe))
    return tuple(
        Step((Edit(path, commit),), f"pin revision {commit[:12]}, {source}", _COSTS, is_safe=is_safe)
        for commit, (source, is_safe) in found.items()
    )


def _commits(dossier: Dossier) -> Iterator[tuple[str, str, bool]]:
    """Commits, where each is from, and whether a digest of every file of weights comes with it."""
    lock, facts = dossier.lock, dossier.facts
    if lock.entry is not None and lock.entry.commit:
        yield lock.entry.commit, f"which {lock.file} holds", has_digests(lock.entry)
    if lock.approved is not None and lock.approved.commit:
        yield lock.approved.commit, "which the organisation's facts hold", False
    if facts.revision:
        yield facts.revision, "at which the facts here were recorded: review it before relying on it", False
