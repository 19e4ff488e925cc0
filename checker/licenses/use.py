"""Holds a use against the terms of a licence: each term is met, forbids it, asks for an answer, or leaves a duty.

Only what the terms mention is asked: Apache-2.0 asks nothing. All functions are pure.
"""

from __future__ import annotations

from checker.licenses.circumstances import Circumstances
from checker.licenses.duties import duties
from checker.licenses.license import CommercialUse, License, Territory
from checker.licenses.limits import PURPOSE_YAML, judge_condition
from checker.licenses.regions import touches
from checker.licenses.terms import Allowed, ConflictCode, Forbidden, Needs, TermResult, Unsettled, says

DISTRIBUTION_YAML = "use:\n  distribution: <service, internal, weights or on-device>"


def judge(text: License, stated: Circumstances, *, modified: bool = False) -> tuple[TermResult, ...]:
    """What each term of `license` comes to under the stated circumstances.

    `modified` says that what is used or offered was made from the licensed model, so that duties on changed copies and
    on models made with it arise too.
    """
    results: list[TermResult | None] = [
        _silence_on_commercial_use(text, stated),
        *(judge_condition(text, condition, stated) for condition in text.conditions),
        *(_territory(text, territory, stated) for territory in text.territory),
        _redistribution(text, stated),
        _field_of_use(text, stated),
        _guardrails(text, stated),
        *duties(text, stated, modified=modified),
    ]
    return tuple(result for result in results if result is not None)


def _silence_on_commercial_use(text: License, stated: Circumstances) -> TermResult | None:
    if text.commercial_use is not CommercialUse.UNSTATED or stated.purpose in ("research", "education", "personal"):
        return None
    says_nothing = f"{text.id} says nothing of commercial use"
    if stated.purpose is None:
        return Needs("use.purpose", says_nothing, PURPOSE_YAML, "")
    return Unsettled(says_nothing, "", provable=True)


def _territory(text: License, territory: Territory, stated: Circumstances) -> TermResult | None:
    if territory.only_multimodal and stated.multimodal is False:
        return None
    return _seat(text, territory, stated) if territory.test == "seat" else _place_of_use(text, territory, stated)


def _seat(text: License, territory: Territory, stated: Circumstances) -> TermResult | None:
    models = "its multimodal models" if territory.only_multimodal else "the model"
    region = _named(territory)
    term = f"{says(text, territory.clause)} grants nothing in {models} to those with their seat in {region}"
    inside = None if stated.seat is None else touches(stated.seat, territory.region)
    if inside is None:
        why = term if stated.seat is None else f"{term}; organisation.seat is {stated.seat}, which is not a known place"
        yaml = "organisation:\n  seat: <country or region code>"
        return Needs("organisation.seat", why, yaml, territory.clause)
    if not inside:
        return None
    if territory.end_users_exempt and stated.end_user:
        return Allowed(f"{term}; end users of a product that embeds it are exempt", territory.clause)
    if territory.only_multimodal and stated.multimodal is None:
        yaml = "known:\n  multimodal: {value: <true or false>, evidence: <where it is shown>}"
        return Needs("known.multimodal", term, yaml, territory.clause)
    code: ConflictCode = "region-eu" if territory.region == "EU" else "region-excluded"
    return Forbidden(term, f"organisation.seat is {stated.seat}", "organisation.seat", territory.clause, code)


def _place_of_use(text: License, territory: Territory, stated: Circumstances) -> TermResult | None:
    term = f"{says(text, territory.clause)} leaves {_named(territory)} out of its territory"
    places = {place: touches(place, territory.region) for place in stated.regions or ()}
    inside = [place for place, answer in places.items() if answer]
    if inside:
        found = f"use.regions holds {', '.join(inside)}"
        return Forbidden(term, found, "use.regions", territory.clause, "region-excluded")
    unclear = [place for place, answer in places.items() if answer is None]
    if unclear or stated.regions is None:
        why = f"{term}; use.regions holds {', '.join(unclear)}, which is not a known place" if unclear else term
        return Needs("use.regions", why, "use:\n  regions: [<country or region code>]", territory.clause)
    return None


def _named(territory: Territory) -> str:
    return {"EU": "the European Union", "UK": "the United Kingdom", "KR": "South Korea"}[territory.region]


def _redistribution(text: License, stated: Circumstances) -> TermResult | None:
    if text.redistribution not in ("no", "unstated") or stated.passes_on is False:
        return None
    clause = text.derivative_terms.clause if text.redistribution == "no" else ""
    term = f"{says(text, clause)} allows no distribution" if clause else f"{text.id} states no right to distribute"
    if stated.passes_on is None:
        return Needs("use.distribution", term, DISTRIBUTION_YAML, clause)
    if text.redistribution == "unstated":
        return Unsettled(term, clause, provable=True)
    shared = ", ".join(way for way in stated.distribution or () if way in ("weights", "on-device"))
    return Forbidden(term, f"use.distribution is {shared}", "use.distribution", clause, "no-distribution")


def _field_of_use(text: License, stated: Circumstances) -> TermResult | None:
    policy, field = text.use_policy, stated.field_of_use
    if policy is None or field not in policy.bars:
        return None
    term = f"{says(text, policy.clause)} bars {field} use"
    return Forbidden(term, f"the use is {field}", "use", policy.clause, "field-of-use")


def _guardrails(text: License, stated: Circumstances) -> TermResult | None:
    for obligation in text.obligations:
        if obligation.duty == "no-guardrail-removal" and stated.guardrails_removed:
            term = f"{says(text, obligation.clause)} ends when safety guardrails are bypassed or weakened"
            return Forbidden(term, "they were removed", "fine_tuning", obligation.clause, "guardrail-removal")
    return None
