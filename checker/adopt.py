"""Writes waivers for what is open when a gate is adopted, into the file that each project's policy names."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

from checker import applying
from checker.document.errors import InputError
from checker.document.read import read
from checker.document.write import replace_file
from checker.policy.waivers import Demand, Owner
from checker.policy.waivers import Terms as PolicyTerms
from checker.request import STANDARD_INPUT, Request
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Report
from checker.waivers.edit import with_added
from checker.waivers.file import read_ledger
from checker.waivers.find import path_of
from checker.waivers.generate import Generated, Open, Terms, generated, open_findings


class Written(NamedTuple):
    """What became of one file."""

    file: str
    made: Generated


def adopt(report: Report, request: Request, expires: date) -> tuple[Written, ...]:
    """Write one waiver for each finding that blocks and can be waived; what was there before stays.

    Args:
        report: what the run found.
        request: what the run was asked to do.
        expires: the last day of each waiver.

    Raises:
        InputError: a policy names no file of waivers, admits no such last day, or the file cannot be used.
    """
    found: dict[Path, list[Open]] = defaultdict(list)
    terms_of: dict[Path, PolicyTerms] = {}
    for manifest in report.manifests:
        folder = Path() if manifest.file == STANDARD_INPUT else Path(manifest.file).parent
        root = applying.root_of(folder)
        terms = applying.standing(applying.key_of(request, root)).policy.waivers
        if terms is None:
            raise InputError.one(
                f"policy {manifest.policy.name} admits no waivers",
                expected="`waivers: {from: project, approvers: […]}` or `waivers: {from: policy}` in it",
                file=manifest.policy.layers[-1].name,
            )
        _refuse_day(request.today, expires, terms)
        path = path_of(terms, root)
        terms_of[path] = terms
        found[path] += open_findings(manifest, advice=request.fail_on is Enforcement.ADVISORY)
    return tuple(_written(path, found[path], terms_of[path], request.today, expires) for path in found)


def _refuse_day(today: date, expires: date, terms: PolicyTerms) -> None:
    days = (expires - today).days
    if not 0 <= days <= terms.max_days:
        raise InputError.one(
            f"a waiver from {today} to {expires} lasts {days} days",
            expected=f"0 to {terms.max_days} days, as {terms.layer} says",
            at=terms.at,
        )


def _written(path: Path, found: list[Open], terms: PolicyTerms, today: date, expires: date) -> Written:
    is_there = path.exists() or path.is_symlink()
    ledger = read_ledger(read(path, path.as_posix())) if is_there else None
    shared = terms.owner is Owner.POLICY
    made = generated(found, ledger, Terms(today, expires, Demand.REVISION in terms.require, shared))
    if made.entries:
        replace_file(path, with_added(ledger, made.entries, made.adopted))
    return Written(path.as_posix(), made)
