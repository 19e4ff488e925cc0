"""Asks for a waiver: the text of an exception that counts once somebody who may has put a name to it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from checker.document.errors import InputError
from checker.document.place import SourceFile
from checker.document.read import read
from checker.policy.waivers import Demand, Owner, Terms
from checker.remedies.bench import Bench, after, trial_of
from checker.remedies.patch import mark_of, patch_of
from checker.remedy import After, Aspect, Cost, Grounds, Remedy
from checker.rulebook.schedule import Enforcement
from checker.verdict import Detail, Evaluation, Missing, fingerprint

if TYPE_CHECKING:
    from checker.remedies.case import Case
    from checker.waivers.edit import Fields
    from checker.waivers.file import Ledger

DAYS = 90
"""How long a waiver is asked for, where the policy admits as long."""
_COSTS = (
    Cost(Aspect.RISK, "the finding stays, and somebody answers for it until the last day", Grounds.BY_DEFINITION),
)


def asked_for(bench: Bench, case: Case, evaluation: Evaluation) -> Remedy | None:
    """The request for a waiver; None where none could cover the finding.

    Its `after` is what holds once it is approved: the engine judged the file with a name in the place of the approver.
    """
    terms = bench.standing.policy.waivers
    if terms is None or evaluation.enforcement is not Enforcement.SOFT_MANDATORY or not case.stops:
        return None
    from checker.waivers.edit import with_added
    from checker.waivers.file import read_ledger
    from checker.waivers.find import path_of

    path = path_of(terms, bench.around.root)
    present = read(path, path.as_posix()) if path.exists() else None
    mark = mark_of(path)
    ledger = read_ledger(present) if present else None
    fields = _fields(bench, case, evaluation, terms, ledger)
    text = with_added(ledger, [fields])
    approved = {**fields, "approver": (terms.approvers or ("somebody",))[0]}
    if Demand.TICKET in terms.require:
        approved["ticket"] = "some ticket"
    settled = _covered(bench, path, with_added(ledger, [approved]), str(fields["id"]))
    if settled is None:
        return None
    return Remedy(
        kind="ask-for-a-waiver",
        said=f"ask for a waiver of {evaluation.rule} for {evaluation.model} until {fields['expires']}",
        costs=_COSTS,
        after=settled,
        file=path.as_posix(),
        patch=patch_of(path.as_posix(), f"{mark}{present.text}" if present else None, f"{mark}{text}"),
        note=_note(terms),
        needs_person=True,
    )


def _fields(bench: Bench, case: Case, evaluation: Evaluation, terms: Terms, ledger: Ledger | None) -> Fields:
    today: date = bench.standing.today
    every: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
    found = [one for one in every if one.waiver is None]
    taken = {one.waiver.id.value for one in ledger.entries} if ledger else set[str]()
    this = fingerprint(evaluation.rule, bench.project, evaluation.model, found[0])
    names = (f"ask-{this[:12]}{f'-{number}' if number else ''}" for number in range(len(taken) + 1))
    fields: Fields = {
        "id": next(name for name in names if name not in taken),
        "rule": evaluation.rule,
        "project": bench.project,
        "model": evaluation.model,
    }
    if Demand.REVISION in terms.require and case.entry.revision is not None:
        fields["revision"] = case.entry.revision.value
    if len(found) == 1:
        fields["fingerprint"] = this
    return {
        **fields,
        "kind": "risk-accepted",
        "reason": "to be said by whoever asks: why it is needed, and what is done meanwhile",
        "approver": "",
        "approved_on": today,
        "expires": today + timedelta(days=min(DAYS, terms.max_days)),
    }


def _note(terms: Terms) -> str:
    who = f"one of {', '.join(terms.approvers)}" if terms.approvers else "whoever may approve"
    ticket = ", and a `ticket`" if Demand.TICKET in terms.require else ""
    kept = "; the organisation keeps this file" if terms.owner is Owner.POLICY else ""
    return f"nothing changes before {who} fills in `approver`, and a reason stands there{ticket}{kept}"


def _covered(bench: Bench, path: Path, text: str, name: str) -> After | None:
    """The verdict with the waiver approved; None where it would not count all the same."""
    from checker.waivers.cover import covered
    from checker.waivers.file import read_ledger
    from checker.waivers.ledger import weigh

    try:
        ledger = read_ledger(SourceFile(path.as_posix(), text))
    except InputError:
        return None
    weighed = weigh(ledger, bench.standing.policy, bench.standing.today, {}).weighed
    new = tuple(one for one in weighed if one.waiver.id.value == name and one.counts)
    if not new:
        return None
    report = bench.before.report
    judged = report.manifests[0]
    waived = judged._replace(models=covered(judged.models, bench.project, new))
    return after(bench.before, trial_of(report._replace(manifests=(waived,))))
