"""Judges the conditions of a licence that count something: users, revenue, or a permission that one must hold."""

from checker.licenses.circumstances import Circumstances, Revenue
from checker.licenses.license import Condition, License, Metric, PermissionName
from checker.licenses.terms import (
    Allowed,
    Assumed,
    ConflictCode,
    Duty,
    Forbidden,
    Needs,
    TermResult,
    Unsettled,
    count,
    says,
)
from checker.value import NamedTuple

PURPOSE_YAML = "use:\n  purpose: <commercial, research or personal>"
MODEL_AS_A_SERVICE = "rules.license-use.assume_model_as_a_service"
"""Where a policy says whether the organisation offers models as a service."""
_MODEL_AS_A_SERVICE_YAML = "rules:\n  license-use:\n    assume_model_as_a_service: <true or false>"
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
    is_heading_beyond: bool = False
    """A figure of a shorter period is stated, and at that rate the limit is passed."""


def judge_condition(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """What one condition comes to; None where it is not about this use."""
    if condition.only_commercial and stated.purpose not in (None, "commercial"):
        return None
    if condition.not_internal and stated.stays_inside:
        return None
    if stated.end_user and _exempts_end_users(text, condition):
        return Allowed(
            f"{says(text, condition.clause)} does not bind end users of a product that embeds it", condition.clause
        )
    result = _JUDGES[condition.metric](text, condition, stated)
    if condition.only_commercial and stated.purpose is None and isinstance(result, Forbidden | Needs | Unsettled):
        why = f"{says(text, condition.clause)} has a condition on commercial use"
        return Needs("use.purpose", why, PURPOSE_YAML, condition.clause)
    return result


def _exempts_end_users(text: License, condition: Condition) -> bool:
    return f"{text.integrated_product_exempt_from} ".startswith(f"section {condition.clause} ")


def _purpose(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    if stated.purpose in text.purposes or (stated.purpose == "education" and "personal" in text.purposes):
        return None  # a text that grants private use grants all use that is not commercial, teaching too
    term = f"{says(text, condition.clause)} grants {condition.says} alone"
    if stated.purpose is None:
        return Needs("use.purpose", term, PURPOSE_YAML, condition.clause)
    return Forbidden(term, f"use.purpose is {stated.purpose}", "use.purpose", condition.clause, "noncommercial-use")


def _group_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    month = condition.month
    values = [users.value for users in stated.group_users or () if users.month == month]
    product = stated.product_users
    beyond = product is not None and product > condition.limit
    reading = _Reading(
        value=values[0] if values else None,
        found=f"organisation.users states {count(values[0])} for {month}" if values else "",
        key="organisation.users",
        yaml=f"organisation:\n  users: [{{month: {month}, value: <monthly active users of the group>}}]",
        # What one product has today does not say what the group had then, but it makes the question a real one.
        short_of=f"use.monthly_active_users is {count(product)} today" if product is not None and beyond else "",
        assumed_below=stated.assumed_users_below,
    )
    asks = _asks(condition, "licensees", "monthly active users at its release")
    return _limit(text, condition, stated, reading, asks)


def _product_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    users = stated.product_users
    reading = _Reading(
        value=users,
        found=f"use.monthly_active_users is {count(users)}" if users is not None else "",
        key="use.monthly_active_users",
        yaml="use:\n  monthly_active_users: <monthly active users of the product>",
        assumed_below=stated.assumed_users_below,
    )
    asks = _asks(condition, "those with a product", "monthly active users")
    return _limit(text, condition, stated, reading, asks)


def _daily_users(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """No key states daily users. Monthly ones are at least as many, so that a small number of them settles it."""
    users, key = stated.daily_users, "daily_users"
    if users is None and stated.product_users is not None and stated.product_users < condition.limit:
        users, key = stated.product_users, "use.monthly_active_users"
    found = f"{key} is {count(users)}" if users is not None else ""
    reading = _Reading(users, found, key, assumed_below=stated.assumed_users_below)
    return _limit(text, condition, stated, reading, _asks(condition, "those with a product", "daily active users"))


def _yearly_revenue(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    asks = _asks(condition, _earners(condition), "USD of yearly revenue")
    return _limit(text, condition, stated, _yearly(condition, stated), asks)


def _monthly_revenue(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    asks = _asks(condition, _earners(condition), "USD of monthly revenue")
    return _limit(text, condition, stated, _monthly(condition, stated), asks)


def _earners(condition: Condition) -> str:
    """Texts that end rights count the whole group's revenue; those that ask for a display count the product's."""
    return "licensees" if condition.effect == "no-rights" else "those with a product"


def _yearly(condition: Condition, stated: Circumstances) -> _Reading:
    """A year's revenue from what is stated: a month above the limit settles it."""
    latest, month = _latest(stated, "year"), _latest(stated, "month")
    if latest is None and month is not None and month.value > condition.limit:
        latest = month  # a year holds its months
    if latest is None:
        beyond = month is not None and 12 * month.value > condition.limit
        return _Reading(None, "", "organisation.revenue", _REVENUE_YAML, _other_figures(stated), None, beyond)
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
    if _is_exempt(stated.hardware, condition.exempt_hardware):
        return Allowed(f"{term}; the hardware is {stated.hardware}", condition.clause)
    if name in stated.lacking:
        return Forbidden(term, f"there is no {name}", "obligations", condition.clause, _WITHOUT[name])
    yaml = f"obligations: [{{duty: {name}, where: <where it is shown>, checked_on: <date>, by: <who>}}]"
    return Needs("obligations", term, yaml, condition.clause)


def _is_exempt(hardware: str, exempt: str) -> bool:
    """Whether a GPU is of the exempt kind; one made for servers is none, whatever else its name says."""
    words = hardware.upper().replace("-", " ").split()
    return bool(exempt) and exempt.upper() in words and "SERVER" not in words


def _model_as_a_service(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    """The condition is about the licensee's business, not about the product at hand, so that no key settles it."""
    beyond = f" with more than {count(condition.limit)} USD of revenue in 12 months" if condition.limit else ""
    asks = f"{condition.whom}{beyond} to {condition.says}"
    term = f"{says(text, condition.clause)} asks {asks}"
    revenue = _yearly(condition, stated)
    if condition.limit and revenue.value is not None and revenue.value <= condition.limit:
        return Allowed(f"{term}; {revenue.found}", condition.clause)
    if stated.model_as_a_service is False:
        return Allowed(f"{term}; the licensee is not", condition.clause)
    if stated.model_as_a_service is None and stated.assumed.model_as_a_service is False:
        return Assumed(f"{term}; the policy assumes that the organisation is not", condition.clause)
    if stated.model_as_a_service and (not condition.limit or revenue.value is not None):
        return _bites(text, condition, stated, asks, revenue.found or "the licensee is", "use.distribution")
    if condition.effect == "duty":
        return Duty("condition", text.id, asks, condition.clause, certain=False)
    if stated.model_as_a_service:
        return Needs("organisation.revenue", term, _REVENUE_YAML, condition.clause)
    why = f"{term}; nothing states whether the organisation is among them"
    return Needs(MODEL_AS_A_SERVICE, why, _MODEL_AS_A_SERVICE_YAML, condition.clause)


def _hosted_service(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    term = f"{says(text, condition.clause)} asks to {condition.says}"
    if stated.serves is None:
        yaml = "use:\n  distribution: <service, internal, weights or on-device>"
        return Needs("use.distribution", term, yaml, condition.clause)
    if not stated.serves:
        return None
    return Forbidden(term, "use.distribution is service", "use.distribution", condition.clause, "hosted-service")


def _conduct(text: License, condition: Condition, stated: Circumstances) -> TermResult | None:
    if condition.excludes_services and stated.model_as_a_service:
        term = f"{says(text, condition.clause)} asks to {condition.says}"
        return Forbidden(term, "the licensee offers models as a service", "use.distribution", condition.clause,
                         "business-model")  # fmt: skip
    return Duty("conduct", text.id, f"to {condition.says}", condition.clause)


def _asks(condition: Condition, whom: str, what: str) -> str:
    bound = "above" if condition.op == ">" else "at or above"
    return f"{whom} {bound} {count(condition.limit)} {what} to {condition.says}"


def _limit(text: License, condition: Condition, stated: Circumstances, reading: _Reading, asks: str) -> TermResult:
    term = f"{says(text, condition.clause)} asks {asks}"
    if reading.value is None:
        return _not_stated(text, condition, reading, asks)
    if condition.unsettled_at_limit and reading.value == condition.limit:
        found = f"{reading.found}, for which the text says two things: the stricter applies until reviewed"
        return _bites(text, condition, stated, asks, found, reading.key)
    beyond = reading.value > condition.limit if condition.op == ">" else reading.value >= condition.limit
    if not beyond:
        return Allowed(f"{term}; {reading.found}", condition.clause)
    return _bites(text, condition, stated, asks, reading.found, reading.key)


def _not_stated(text: License, condition: Condition, reading: _Reading, asks: str) -> TermResult:
    term = f"{says(text, condition.clause)} asks {asks}"
    if reading.assumed_below is not None and _assumed_short_of(condition, reading.assumed_below):
        users = count(reading.assumed_below)
        return Assumed(f"{term}; the policy assumes fewer than {users} users", condition.clause)
    if condition.effect == "duty" and reading.is_heading_beyond:
        return Duty("condition", text.id, f"{asks}; {reading.short_of}", condition.clause)
    if condition.effect == "duty":
        return Duty("condition", text.id, asks, condition.clause, certain=False)
    if not reading.yaml:
        return Unsettled(f"{term}; nothing states them", condition.clause, provable=True)
    why = f"{term}; {reading.short_of}" if reading.short_of else term
    return Needs(reading.key, why, reading.yaml, condition.clause)


def _assumed_short_of(condition: Condition, assumed_below: int | None) -> bool:
    """Fewer users than a bound at or below the limit are neither above the limit nor at it."""
    return assumed_below is not None and assumed_below <= condition.limit


def _bites(text: License, condition: Condition, stated: Circumstances, asks: str, found: str, key: str) -> TermResult:
    if condition.effect == "duty":
        return Duty("condition", text.id, f"{asks}; {found}", condition.clause)
    term = f"{says(text, condition.clause)} asks {asks}"
    if "separate-license" in stated.held:
        return Allowed(f"{term}; a separate licence is recorded", condition.clause)
    return Forbidden(term, found, key, condition.clause, _BEYOND[condition.metric])


_WITHOUT: dict[PermissionName, ConflictCode] = {
    "registration": "registration-missing",
    "subscription": "production-use",
    "separate-license": "license-missing",
}
"""The kind of conflict where a permission is lacking."""
_BEYOND: dict[Metric, ConflictCode] = {
    "group-users-at-release": "mau-threshold",
    "product-users": "mau-threshold",
    "daily-users": "mau-threshold",
    "yearly-revenue": "revenue-threshold",
    "monthly-revenue": "revenue-threshold",
    "model-as-a-service": "business-model",
}
"""The kind of conflict beyond the limit of each metric."""
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
