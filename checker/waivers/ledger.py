"""The waivers that a policy names, weighed on one day: which of them count, and who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from checker.policy.policy import Policy
from checker.policy.waivers import Terms
from checker.rulebook.schedule import Enforcement
from checker.rulebook.waiver_case import Objection
from checker.value import NamedTuple
from checker.verdict import Commit, WaivedBy
from checker.waivers.file import Ledger, Waiver
from checker.waivers.holds import ANY, objections


class Weighed(NamedTuple):
    """One waiver, and what speaks against it on the day."""

    waiver: Waiver
    shown: WaivedBy
    objections: tuple[Objection, ...]

    @property
    def counts(self) -> bool:
        """Whether it may cover anything."""
        return not self.objections


class Waivers(NamedTuple):
    """A file of waivers on one day."""

    file: str
    sha256: str
    terms: Terms
    weighed: tuple[Weighed, ...]

    def of_project(self, project: str) -> tuple[Weighed, ...]:
        """Those that are meant for a project, whether they count or not."""
        return tuple(one for one in self.weighed if matches(one.waiver.project.value, project))


def weigh(ledger: Ledger, policy: Policy, today: date, commits: Mapping[str, Commit]) -> Waivers:
    """Every waiver of a file with what speaks against it.

    Args:
        ledger: the file.
        policy: the policy that names it.
        today: the day, UTC.
        commits: for the id of a waiver the commit that last changed it, where git knows it.
    """
    assert policy.waivers is not None  # a file is read because the policy names it

    def level_of(rule: str) -> Enforcement:
        resolved = policy.rules.get(rule)
        return resolved.level(today) if resolved else Enforcement.OFF

    custom = tuple(rule.id for rule in policy.rules.values() if rule.custom)
    adopted = ledger.adopted.value if ledger.adopted else None
    weighed = tuple(
        Weighed(
            recorded.waiver,
            _shown(recorded.waiver, today, commits.get(recorded.waiver.id.value)),
            objections(recorded, adopted, policy.waivers, level_of, today, custom),
        )
        for recorded in ledger.entries
    )
    digest = sha256(ledger.source.text.encode("utf-8", "surrogatepass")).hexdigest()
    return Waivers(ledger.source.name, digest, policy.waivers, weighed)


def _shown(waiver: Waiver, today: date, commit: Commit | None) -> WaivedBy:
    approver = waiver.approver.value
    return WaivedBy(
        id=waiver.id.value,
        rule=waiver.rule.value,
        kind=waiver.kind.value,
        reason=waiver.reason.value,
        approver=approver,
        approved_on=waiver.approved_on.value,
        expires=waiver.expires.value,
        days_left=(waiver.expires.value - today).days,
        ticket=waiver.ticket.value if waiver.ticket else "",
        at=waiver.id.at,
        commit=commit.sha if commit else "",
        author=f"{commit.name} <{commit.address}>" if commit else "",
        approver_is_author=_same_person(approver, commit) if commit and approver else None,
    )


def _same_person(approver: str, commit: Commit) -> bool:
    """Whether the approver bears the author's name or address: both are what somebody typed, and prove nothing."""
    known = {commit.name.casefold(), commit.address.casefold(), f"{commit.name} <{commit.address}>".casefold()}
    return approver.casefold() in known


def matches(pattern: str, text: str) -> bool:
    """Whether a scope covers a name; `*` stands for any text, everything else for itself."""
    if ANY not in pattern:
        return pattern == text
    first, *middle, last = pattern.split(ANY)
    if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:  # the leftmost place of each leaves the most for those after it
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
