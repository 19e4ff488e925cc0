"""Judges the conditions of a licence that count something: users, revenue, or a permission that one must hold."""

from __future__ import annotations

from typing import NamedTuple

from checker.licenses.circumstances import Circumstances, Revenue
from checker.licenses.license import Condition, License
from checker.licenses.terms import Allowed, Assumed, Duty, Forbidden, Needs, TermResult, Unsettled, count, says

_PURPOSE_YAML = "use:\n  purpose: <commercial, research or personal>"
_REVENUE_YAML = "organisation:\n  revenue: [{year: <year>, value: <revenue of the group>, currency: USD}]"


class _Reading(NamedTuple):
    """What is known of the quantity that a condition counts."""

    value: int | None
    """None where nothing states it."""
    found: str = ""
    key: str = ""
    yaml: str = ""
    short_of: str = ""
    """Why a related figure that is stated does not settle it."""
    assumed_below: int | None = None


def judge_condition(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """What one condition comes to; None where it is not about this use."""
    if condition.only_commercial and stated.purpose not in (None, "commercial"):
        return None
    if condition.not_internal and stated.stays_inside:
        return None
    result = _JUDGES[condition.metric](text, condition, stated)
    if condition.only_commercial and stated.purpose is None and isinstance(result, Forbidden):
        return Needs("use.purpose", f"{result.term}, where the use is commercial", _PURPOSE_YAML, condition.clause)
    return result


def _purpose(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    if stated.purpose in text.purposes:
        return None
    term = f"{says(text, condition.clause)} grants {condition.says} alone"
    if stated.purpose is None:
        return Needs("use.purpose", term, _PURPOSE_YAML, condition.clause)
    return Forbidden(term, f"use.purpose is {stated.purpose}", "use.purpose", condition.clause)


def _group_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    month = condition.month
    values = [users.value for users in stated.group_users or () if users.month == month]
    reading = _Reading(
        value=values[0] if values else None,
        found=f"organisation.users states {count(values[0])} for {month}" if values else "",
        key="organisation.users",
        yaml=f"organisation:\n  users: [{{month: {month}, value: <monthly active users of the group>}}]",
        assumed_below=stated.assumed.users_below,
    )
    asks = _asks(text, condition, "licensees", "monthly active users at its release")
    return _limit(condition, stated, reading, asks, f"the group's users in {month}")


def _product_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    users = stated.product_users
    reading = _Reading(
        value=users,
        found=f"use.monthly_active_users is {count(users)}" if users is not None else "",
        key="use.monthly_active_users",
        yaml="use:\n  monthly_active_users: <monthly active users of the product>",
        assumed_below=stated.assumed.users_below,
    )
    asks = _asks(text, condition, "those with a product", "monthly active users")
    return _limit(condition, stated, reading, asks, "the product's monthly active users")


def _daily_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """Monthly users are at least as many as daily ones, so that a small number of them settles it."""
    users, key = stated.daily_users, "daily_users"
    if users is None and stated.product_users is not None and stated.product_users < condition.limit:
        users, key = stated.product_users, "use.monthly_active_users"
    asks = _asks(text, condition, "those with a product", "daily active users")
    if users is None and not _assumed_short_of(condition, stated.assumed.users_below):
        return Unsettled(f"{asks}; nothing states the daily users", condition.clause)
    found = f"{key} is {count(users)}" if users is not None else ""
    reading = _Reading(users, found, key, assumed_below=stated.assumed.users_below)
    return _limit(condition, stated, reading, asks, "the product's daily active users")


def _yearly_revenue(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    asks = _asks(text, condition, "licensees", "USD of yearly revenue")
    return _limit(condition, stated, _yearly(stated), asks, "the group's yearly revenue in US dollars")


def _monthly_revenue(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    asks = _asks(text, condition, "licensees", "USD of monthly revenue")
    return _limit(condition, stated, _monthly(condition, stated), asks, "the group's monthly revenue in US dollars")


def _yearly(stated: Circumstances) -> _Reading:
    latest = _latest(stated, "year")
    if latest is None:
        return _Reading(None, key="organisation.revenue", yaml=_REVENUE_YAML, short_of=_other_figures(stated))
    return _Reading(latest.value, f"organisation.revenue states {_usd(latest)}", "organisation.revenue", _REVENUE_YAML)


def _monthly(condition: Condition, stated: Circumstances) -> _Reading:
    """A month's revenue from what is stated: a year at or below the limit holds no month above it; a year above twelve
    times the limit holds one.
    """
    month, year = _latest(stated, "month"), _latest(stated, "year")
    blank = _Reading(None, key="organisation.revenue", yaml=_REVENUE_YAML, short_of=_other_figures(stated))
    if month is not None:
        return blank._replace(value=month.value, found=f"organisation.revenue states {_usd(month)}")
    if year is None:
        return blank
    found = f"organisation.revenue states {_usd(year)}"
    if year.value <= condition.limit:
        return blank._replace(value=year.value, found=found)
    if year.value > 12 * condition.limit:
        return blank._replace(value=year.value // 12, found=f"{found}, {count(year.value // 12)} in a mean month")
    return blank._replace(short_of=f"{found}, which leaves the month open")


def _latest(stated: Circumstances, period: str) -> Revenue | None:
    rows = [row for row in stated.revenue or () if row.period == period and row.currency == "USD"]
    return max(rows, key=lambda row: row.year) if rows else None


def _other_figures(stated: Circumstances) -> str:
    rows = ", ".join(_usd(row) for row in stated.revenue or ())
    return f"organisation.revenue states {rows}" if rows else ""


def _usd(revenue: Revenue) -> str:
    when = f" for {revenue.year}" if revenue.year else f" a {revenue.period}"
    return f"{count(revenue.value)} {revenue.currency}{when}"


def _permission(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    name = condition.permission
    assert name is not None
    term = f"{says(text, condition.clause)} asks to {condition.says}"
    if name in stated.held:
        return Allowed(f"{term}; this is recorded", condition.clause)
    if name in stated.lacking:
        return Forbidden(term, f"there is no {name}", "obligations", condition.clause)
    yaml = f"obligations: [{{duty: {name}, where: <where it is shown>, checked_on: <date>, by: <who>}}]"
    return Needs("obligations", term, yaml, condition.clause)


def _model_as_a_service(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """The condition is about the licensee's business, not about the product at hand, so that no key settles it."""
    beyond = f" with more than {count(condition.limit)} USD of revenue in 12 months" if condition.limit else ""
    term = f"{says(text, condition.clause)} asks {condition.whom}{beyond} to {condition.says}"
    revenue = _yearly(stated)
    if condition.limit and revenue.value is not None and revenue.value <= condition.limit:
        return Allowed(f"{term}; {revenue.found}", condition.clause)
    if stated.model_as_a_service is False:
        return Allowed(f"{term}; the licensee is not", condition.clause)
    if stated.model_as_a_service is None and stated.assumed.model_as_a_service is False:
        return Assumed(f"{term}; the policy assumes that the organisation is not", condition.clause)
    if stated.model_as_a_service and (not condition.limit or revenue.value is not None):
        return _bites(condition, stated, term, revenue.found or "the licensee is", "use.distribution")
    if condition.effect == "duty":
        return Duty("condition", term, condition.clause, f"where the organisation is among {condition.whom}")
    if stated.model_as_a_service:
        return Needs("organisation.revenue", term, _REVENUE_YAML, condition.clause)
    return Unsettled(f"{term}; nothing states whether the organisation is among them", condition.clause)


def _hosted_service(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    term = f"{says(text, condition.clause)} asks to {condition.says}"
    if stated.serves is None:
        yaml = "use:\n  distribution: <service, internal, weights or on-device>"
        return Needs("use.distribution", term, yaml, condition.clause)
    return (
        Forbidden(term, "use.distribution is service", "use.distribution", condition.clause) if stated.serves else None
    )


def _conduct(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    return Duty("conduct", f"{says(text, condition.clause)} asks to {condition.says}", condition.clause)


def _asks(text: License, condition: Condition, whom: str, what: str) -> str:
    bound = "above" if condition.op == ">" else "at or above"
    return f"{says(text, condition.clause)} asks {whom} {bound} {count(condition.limit)} {what} to {condition.says}"


def _limit(condition: Condition, stated: Circumstances, reading: _Reading, asks: str, what: str) -> TermResult | None:
    if reading.value is None:
        return _not_stated(condition, reading, asks, what)
    if condition.unsettled_at_limit and reading.value == condition.limit:
        return Unsettled(f"{asks}; {reading.found}, for which the text says two things", condition.clause)
    beyond = reading.value > condition.limit if condition.op == ">" else reading.value >= condition.limit
    if not beyond:
        return Allowed(f"{asks}; {reading.found}", condition.clause)
    return _bites(condition, stated, asks, reading.found, reading.key)


def _not_stated(condition: Condition, reading: _Reading, asks: str, what: str) -> TermResult:
    if reading.assumed_below is not None and _assumed_short_of(condition, reading.assumed_below):
        return _assumed(asks, reading.assumed_below, condition)
    if condition.effect == "duty":
        return Duty("condition", asks, condition.clause, f"where {what} are beyond that" if what else "")
    why = f"{asks}; {reading.short_of}" if reading.short_of else asks
    return Needs(reading.key, why, reading.yaml, condition.clause)


def _assumed_short_of(condition: Condition, assumed_below: int | None) -> bool:
    """Fewer users than a bound at or below the limit are neither above the limit nor at it."""
    return assumed_below is not None and assumed_below <= condition.limit


def _assumed(asks: str, bound: int, condition: Condition) -> Assumed:
    return Assumed(f"{asks}; the policy assumes fewer than {count(bound)} users", condition.clause)


def _bites(condition: Condition, stated: Circumstances, term: str, found: str, key: str) -> TermResult:
    if condition.effect == "duty":
        return Duty("condition", f"{term}; {found}", condition.clause)
    if "separate-license" in stated.held:
        return Allowed(f"{term}; a separate licence is recorded", condition.clause)
    return Forbidden(term, found, key, condition.clause)


_JUDGES = {
    "purpose": _purpose,
    "group-users-at-release": _group_users,
    "product-users": _product_users,
    "daily-users": _daily_users,
    "yearly-revenue": _yearly_revenue,
    "monthly-revenue": _monthly_revenue,
    "permission": _permission,
    "model-as-a-service": _model_as_a_service,
    "hosted-service": _hosted_service,
    "conduct": _conduct,
}
