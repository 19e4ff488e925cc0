"""Makes a waiver for each finding that is open when the gate is adopted; it counts once somebody approved it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, count

from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Detail, Evaluation, JudgedManifest, Missing, fingerprint
from checker.waivers.edit import Fields
from checker.waivers.file import Kind, Ledger


class Open(NamedTuple):
    """One finding that blocks and that no waiver covers."""

    rule: str
    project: str
    model: str
    revision: str | None
    fingerprint: str
    is_hard: bool
    """Whether no waiver can cover it."""


class Generated(NamedTuple):
    """What is to be written into one file."""

    entries: tuple[Fields, ...]
    adopted: int
    """How many generated waivers the file may hold from now on."""
    beyond: int
    """How many of the open findings are more than the file admits; none of them is written."""
    hard: int
    """How many of the open findings are hard-mandatory; none of them is written."""


def open_findings(manifest: JudgedManifest, *, advice: bool) -> Iterator[Open]:
    """Everything in a manifest that blocks today, and where `advice` stops the gate too, all that is open."""
    for model in manifest.models:
        for evaluation in model.evaluations:
            is_hard = evaluation.enforcement is Enforcement.HARD_MANDATORY
            for one in _stopping(evaluation, advice):
                this = fingerprint(evaluation.rule, manifest.project, evaluation.model, one)
                yield Open(evaluation.rule, manifest.project, evaluation.model, model.revision, this, is_hard)


def _stopping(evaluation: Evaluation, advice: bool) -> Iterator[Detail | Missing]:
    yield from (one for one in evaluation.findings if one.blocks or (advice and one.waiver is None))
    if evaluation.blocks or advice:
        yield from (one for one in evaluation.missing if one.waiver is None)


class Terms(NamedTuple):
    """What all generated waivers of a run have in common."""

    approved_on: date
    expires: date
    with_revision: bool
    """Whether the policy requires one; otherwise the fingerprint is narrow enough."""
    is_shared: bool = False
    """Whether the file is for many projects, each of which is adopted on a day of its own."""


def generated(found: Iterable[Open], ledger: Ledger | None, terms: Terms) -> Generated:
    """Waivers for open findings that have none yet.

    The first time, the file states how many there are; from then on that number only falls, and what would make it
    grow is not written. In a file for many projects it grows by what a project brings that has none in it yet.

    Args:
        found: the open findings of the projects that the file is for.
        ledger: the file as it is; None where there is none yet.
        terms: what the new waivers have in common.
    """
    opened = list(found)
    waivers = [recorded.waiver for recorded in ledger.entries] if ledger else []
    known = {waiver.fingerprint.value for waiver in waivers if waiver.fingerprint}
    new = {one.fingerprint: one for one in opened if not one.is_hard and one.fingerprint not in known}
    there = [waiver.project.value for waiver in waivers if waiver.is_generated]
    hard = sum(one.is_hard for one in opened)
    if ledger is None or ledger.adopted is None:
        joining, others, limit = list(new.values()), [], len(there)
    else:
        joining = [one for one in new.values() if terms.is_shared and one.project not in there]
        others = [one for one in new.values() if one not in joining]
        limit = ledger.adopted.value
    beyond = max(0, len(there) + len(others) - limit) if others else 0
    written = joining if beyond else [*joining, *others]
    taken = {waiver.id.value for waiver in waivers}
    return Generated(tuple(_entry(one, terms, taken) for one in written), limit + len(joining), beyond, hard)


def _entry(one: Open, terms: Terms, taken: set[str]) -> Fields:
    name = f"adoption-{one.fingerprint[:12]}"
    # Somebody may have made the entry of that name one for more than this finding.
    free = next(new for new in chain((name,), (f"{name}-{number}" for number in count(2))) if new not in taken)
    revision: Fields = {"revision": one.revision} if one.revision and terms.with_revision else {}
    return {
        "id": free,
        "rule": one.rule,
        "project": one.project,
        "model": one.model,
        **revision,
        "fingerprint": one.fingerprint,
        "kind": Kind.ADOPTION.value,
        "reason": "it was there when the gate was adopted",
        "approver": "",
        "approved_on": terms.approved_on,
        "expires": terms.expires,
    }
