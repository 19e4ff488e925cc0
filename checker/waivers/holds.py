"""Decides whether a recorded waiver counts on a day; nothing else in Weighbridge does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from checker.document.nearest import did_you_mean
from checker.document.place import At
from checker.policy.waivers import Demand, Scope, Terms
from checker.rulebook.discover import judges_waivers, rule_ids
from checker.rulebook.schedule import Enforcement
from checker.rulebook.waiver_case import Kept, Objection
from checker.waivers.file import Recorded, Waiver

ANY = "*"
LevelOf = Callable[[str], Enforcement]


def objections(
    recorded: Recorded,
    adopted: int | None,
    terms: Terms,
    level_of: LevelOf,
    today: date,
    custom: tuple[str, ...] = (),
) -> tuple[Objection, ...]:
    """Everything that speaks against a waiver; it counts where nothing does.

    Args:
        recorded: the waiver.
        adopted: how many generated waivers may count; None where the file does not say.
        terms: what the policy says of waivers.
        level_of: the level of a rule on that day.
        today: the day, UTC; a waiver counts to the end of its last one.
        custom: the ids of the policy's own rules.
    """
    waiver = recorded.waiver
    return (
        *_rule(waiver, terms, level_of, (*rule_ids(), *custom)),
        *_width(waiver, terms),
        *_approval(waiver, terms, today),
        *_term(waiver, terms, today),
        *_demands(waiver, terms),
        *_ratchet(recorded, adopted),
    )


def _rule(waiver: Waiver, terms: Terms, level_of: LevelOf, known: tuple[str, ...]) -> Iterator[Objection]:
    rule = waiver.rule
    if ANY in rule.value:
        if Scope.RULE not in terms.wildcards:
            yield _too_wide(Scope.RULE, rule)
    elif rule.value not in known:
        hint = did_you_mean(rule.value, known)
        yield _form(rule, "the id of a rule", f"`{rule.value}` is no rule", hint or "name the rule as the finding does")
    elif judges_waivers(rule.value):
        yield _form(
            rule,
            "a rule that judges models",
            f"`{rule.value}` judges waivers themselves",
            "mend the waiver that it reports",
        )
    elif level_of(rule.value) is Enforcement.HARD_MANDATORY:
        yield _form(
            rule,
            "a rule that is soft-mandatory or advisory",
            f"`{rule.value}` is hard-mandatory, which no waiver covers",
            "settle the finding itself, and remove this waiver",
        )


def _width(waiver: Waiver, terms: Terms) -> Iterator[Objection]:
    for scope, stated in (
        (Scope.PROJECT, waiver.project),
        (Scope.MODEL, waiver.model),
        (Scope.REVISION, waiver.revision),
    ):
        if stated is not None and ANY in stated.value and scope not in terms.wildcards:
            yield _too_wide(scope, stated)


def _too_wide(scope: Scope, stated: At[str]) -> Objection:
    return _form(
        stated,
        f"one {scope}: the policy allows no `*` for it",
        f"too wide: `{stated.value}`",
        f"record a waiver for each {scope} that needs one",
    )


def _approval(waiver: Waiver, terms: Terms, today: date) -> Iterator[Objection]:
    approver = waiver.approver
    if not approver.value:
        yield _form(
            approver, "the name of who approved it", "nobody has approved it", "have an approver fill in `approver`"
        )
    elif terms.approvers is not None and approver.value.casefold() not in {name.casefold() for name in terms.approvers}:
        yield _form(
            approver,
            f"one of {', '.join(terms.approvers)}",
            f"`{approver.value}` may not approve waivers",
            "have one of those who may approve it",
        )
    if waiver.approved_on.value > today:
        yield _form(
            waiver.approved_on,
            f"a day up to {today}",
            f"approved in the future, on {waiver.approved_on.value}",
            "write the day of the approval",
        )


def _term(waiver: Waiver, terms: Terms, today: date) -> Iterator[Objection]:
    begins, ends = waiver.approved_on.value, waiver.expires
    days = (ends.value - begins).days
    if days < 0:
        yield _form(
            ends, f"a day from {begins} on", f"it ends before its approval, on {ends.value}", "write its last day"
        )
    elif days > terms.max_days:
        yield _form(
            ends,
            f"at most {terms.max_days} days from {begins} on",
            f"too long: {days} days",
            _latest(begins, terms.max_days),
        )
    elif ends.value < today:
        yield Objection(
            Kept.DATE,
            ends.at,
            expected=f"a last day from {today} on",
            found=f"it expired on {ends.value}",
            remedy="settle what it covered, or have it approved anew with a new last day",
        )


def _latest(begins: date, max_days: int) -> str:
    try:
        return f"set `expires` to {begins + timedelta(max_days)} or earlier"
    except OverflowError:  # the calendar ends with the year 9999
        return "set an earlier `expires`"


def _demands(waiver: Waiver, terms: Terms) -> Iterator[Objection]:
    for demand, stated in ((Demand.REVISION, waiver.revision), (Demand.TICKET, waiver.ticket)):
        if demand in terms.require and stated is None:
            yield _form(
                waiver.id, f"a `{demand}`, which the policy requires", f"no `{demand}` is stated", f"add `{demand}`"
            )


def _ratchet(recorded: Recorded, adopted: int | None) -> Iterator[Objection]:
    if adopted is None and recorded.generated:
        yield _form(
            recorded.waiver.id,
            "`adopted:` in the file, the number of generated waivers that may count",
            "a generated waiver in a file that does not say how many there may be",
            "`weighbridge check --write-waivers` writes that number once",
        )
    elif adopted is not None and recorded.generated > adopted:
        yield _form(
            recorded.waiver.id,
            f"at most {adopted} generated waivers, as `adopted:` says",
            f"the {recorded.generated}. generated waiver: their number has grown",
            "settle the finding, or have a waiver of its own approved for it",
        )


def _form(stated: At[str] | At[date], expected: str, found: str, remedy: str) -> Objection:
    return Objection(Kept.FORM, stated.at, expected, found, remedy)
