"""What a change makes of the waivers: which it adds, and which it lets cover more or last longer."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.place import At
from checker.rulebook.waiver_case import Widened
from checker.waivers.ledger import Waivers, Weighed, matches


def widened(today: Waivers, before: Waivers | None) -> dict[str, Widened]:
    """For the id of each waiver that the change adds or widens, the first thing that it does to it.

    Args:
        today: the file of today.
        before: the file at the merge base, weighed by the same policy on the same day; None where it was not there.
    """
    known = {one.shown.id: one for one in before.weighed} if before else {}
    found = {}
    for one in today.weighed:
        what = next(_changes(one, known.get(one.shown.id)), None)
        if what is not None:
            found[one.shown.id] = what
    return found


def _changes(now: Weighed, then: Weighed | None) -> Iterator[Widened]:
    new = now.waiver
    if then is None:
        yield Widened(new.id.at, f"the change adds the waiver `{new.id.value}`")
        return
    old = then.waiver
    always = {"rule": (new.rule, old.rule), "project": (new.project, old.project), "model": (new.model, old.model)}
    for scope, (stated, was) in always.items():
        if not matches(was.value, stated.value):
            yield Widened(stated.at, f"the change makes its {scope} `{stated.value}`; it was `{was.value}`")
    perhaps = {"revision": (new.revision, old.revision), "fingerprint": (new.fingerprint, old.fingerprint)}
    for scope, (free, bound) in perhaps.items():
        if bound is not None and (free is None or not matches(bound.value, free.value)):
            at = free.at if free else new.id.at
            yield Widened(at, f"the change makes its {scope} `{_shown(free)}`; it was `{bound.value}`")
    if new.expires.value > old.expires.value:
        yield Widened(new.expires.at, f"the change lets it last to {new.expires.value}; it was {old.expires.value}")
    if new.approver.value.casefold() != old.approver.value.casefold():
        was_approved = f"; it was `{old.approver.value}`" if old.approver.value else "; nobody had approved it"
        yield Widened(new.approver.at, f"the change makes its approver `{new.approver.value}`{was_approved}")
    if now.counts and not then.counts:
        yield Widened(new.id.at, f"the change makes the waiver `{new.id.value}` count, which it did not")


def _shown(stated: At[str] | None) -> str:
    return stated.value if stated else "any"
