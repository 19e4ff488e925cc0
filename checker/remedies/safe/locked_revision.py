"""Write the commit that the lock holds, with a digest of every file of weights, in the place of a branch or tag."""

from __future__ import annotations

from collections.abc import Iterator

from checker.remedies.draft import Draft, Fix
from checker.remedies.kinds import pin_revision
from checker.verdict import Verdict


def fixes(draft: Draft) -> Iterator[Fix]:
    """One fix for each revision that is not pinned and that a lock with digests pins."""
    for key, evaluation in draft.bench.before.evaluations.items():
        if key[2] not in pin_revision.RULES or evaluation.verdict is not Verdict.FAIL:
            continue
        for step in pin_revision.steps(draft.bench.case(key)):
            trial = draft.bench.tried(step.edits) if step.is_safe else None
            if trial is not None and trial.evaluations[key].verdict is Verdict.PASS:
                yield Fix(trial.text, f"{step.said} ({evaluation.model})")
