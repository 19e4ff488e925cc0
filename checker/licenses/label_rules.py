"""Which licence a derivative may carry, by the rule that the base's text has for derivatives."""

from __future__ import annotations

from collections.abc import Callable

from checker.licenses.derivative import (
    Conflict,
    Derivative,
    Found,
    Label,
    Offered,
    OwnTerms,
    Unstated,
    carries,
    granted,
    grants_commercial_use,
)
from checker.licenses.license import CommercialUse, DerivativeRule, License
from checker.licenses.terms import Duty, Unsettled, says


def judge_by_rule(base: License, derivative: Derivative) -> Found:
    """What the base's rule for derivatives comes to for the licence that the derivative carries."""
    return _RULES[base.derivative_terms.rule](base, derivative) or judge_joining(base, derivative)


def judge_joining(base: License, derivative: Derivative) -> Found:
    """What the licence that the derivative carries asks for itself: to take in the base, and for source."""
    label = derivative.label
    if not isinstance(label, Offered) or derivative.shared == "service":
        return None
    for text in label.licenses:
        if base.id in text.derivative_terms.cannot_join and derivative.relation != "merge":  # judged as one whole
            term = f"{_clause(text)} takes no further restrictions for the whole"
            return Conflict("incompatible-copyleft", term, f"{base.id} brings its own", text.derivative_terms.clause)
    return next((duty for text in label.licenses if (duty := _source_duty(text, base))), None)


def _own_terms(base: License, derivative: Derivative) -> Found:
    return None


def _base_stays(base: License, derivative: Derivative) -> Found:
    if carries(derivative.label, base):
        return None
    return _stays(base, "leaves", "its terms in force for the part that comes from it")


def _noncommercial(base: License, derivative: Derivative) -> Found:
    label = derivative.label
    if carries(label, base):
        return None
    if isinstance(label, Offered) and not grants_commercial_use(label):
        narrower = f"its limit to {granted(base)}, which is narrower than that of {_names(label)}"
        return None if _grants_no_more(label, base) else _stays(base, "keeps", narrower)
    if isinstance(label, OwnTerms):
        return _stays(base, "keeps", "its limit on purposes for derivatives, which their own terms have to carry")
    term = f"{_clause(base)} keeps its limit to {granted(base)} for derivatives"
    return _against(base, derivative, "noncommercial-dropped", term, "which grants commercial use")


def _use_restrictions(base: License, derivative: Derivative) -> Found:
    label = derivative.label
    if (derivative.shared == "service" and not base.hosting_is_distribution) or carries(label, base):
        return None
    alike = label.carry_restrictions is not False if isinstance(label, OwnTerms) else _restricts_alike(label, base)
    if alike:
        return _stays(base, "asks", "that the terms of a derivative carry its use restrictions")
    term = f"{_clause(base)} asks that the terms of a derivative carry its use restrictions"
    has_others = isinstance(label, Offered) and any(text.use_policy for text in label.licenses)
    lacking = "which has others: the stricter apply until reviewed" if has_others else "which has none"
    return _against(base, derivative, "use-restrictions-dropped", term, lacking)


def _base_agreement(base: License, derivative: Derivative) -> Found:
    if carries(derivative.label, base):
        return None
    if isinstance(derivative.label, OwnTerms) and derivative.shared == "service":
        return _stays(base, "asks", "that its agreement goes with the model, beside terms of one's own")
    term = f"{_clause(base)} asks that its agreement goes with every derivative and grants no right to relicense"
    return _against(base, derivative, "community-relicensed", term)


def _same_license_for_modified_part(base: License, derivative: Derivative) -> Found:
    """An adapter that is shared by itself holds nothing of the base: it is used beside it."""
    if derivative.relation == "adapter" and not carries(derivative.label, base):
        return _stays(base, "leaves", "an adapter its own terms, and keeps the base that it needs under its own")
    return _same_license(base, derivative)


def _same_license(base: License, derivative: Derivative) -> Found:
    if derivative.shared == "service" and not reaches_services(base):
        return None
    label, terms = derivative.label, base.derivative_terms
    term = f"{_clause(base)} asks that what is made from it carries the same licence"
    if isinstance(label, Offered):
        accepted = [text for text in label.licenses if text.id in (base.id, *terms.compatible)]
        added = [text for text in label.licenses if text not in accepted and _restricts(text)]
        if accepted and added and base.forbids_extra_restrictions:
            return Conflict("further-restrictions", f"{_clause(base)} takes no further restrictions",
                            f"{derivative.subject} is offered under {added[0].id} too", terms.clause)  # fmt: skip
        if accepted:
            return _source_duty(accepted[0], base)
    code = "noncommercial-dropped" if _loses_noncommercial(base, label) else (
        "same-license-required" if base.category == "research" else "copyleft-relicensed")  # fmt: skip
    return _against(base, derivative, code, term)


def _source_duty(carried: License, base: License) -> Duty | None:
    """A compatible licence may ask for source where the base did not: BY-SA work under the GPL."""
    for obligation in carried.obligations:
        if obligation.duty == "source-disclosure" and carried.id != base.id:
            asks = "to offer the complete corresponding source"
            return Duty("source-disclosure", carried.id, asks, obligation.clause)
    return None


def _notice(base: License, derivative: Derivative) -> Found:
    if carries(derivative.label, base):
        return None
    return _stays(base, "asks", "that its notice, with the conditions in it, stays in every copy")


def _revenue_cap(base: License, derivative: Derivative) -> Found:
    if carries(derivative.label, base):
        return None
    term = f"{_clause(base)} keeps its revenue limit for derivatives"
    if isinstance(derivative.label, OwnTerms):
        return _stays(base, "keeps", "its revenue limit for derivatives, which their own terms have to carry")
    return _against(base, derivative, "cap-dropped", term, "which has none")


def _same_terms(base: License, derivative: Derivative) -> Found:
    label = derivative.label
    if carries(label, base):
        return None
    term = f"{_clause(base)} takes no terms that are inconsistent with it"
    code = "noncommercial-dropped" if _loses_noncommercial(base, label) else "community-relicensed"
    return _against(base, derivative, code, term)


def _none(base: License, derivative: Derivative) -> Found:
    clause = base.derivative_terms.clause
    if derivative.shared == "service" and not any(one.metric == "hosted-service" for one in base.conditions):
        reason = f"{_clause(base)} lets nobody share what is made from it; a service is not named"
        return Unsettled(reason, clause, provable=True)
    term = f"{_clause(base)} lets nobody share what is made from it"
    return Conflict("no-derivatives", term, f"{derivative.subject} is shared", clause)


def _unknown(base: License, derivative: Derivative) -> Found:
    if carries(derivative.label, base):
        return None
    if _loses_noncommercial(base, derivative.label):
        term = f"{base.id} grants {granted(base)} alone, and nobody can pass on more than was given"
        return _against(base, derivative, "noncommercial-dropped", term, "which grants commercial use")
    return Unsettled(f"what {base.id} asks of derivatives was not read", base.derivative_terms.clause)


def _loses_noncommercial(base: License, label: Label) -> bool:
    return base.commercial_use is CommercialUse.NO and isinstance(label, Offered) and grants_commercial_use(label)


def _grants_no_more(label: Offered, base: License) -> bool:
    """Whether one of the licences that apply grants no purpose that the base does not."""
    return any(set(text.purposes) <= set(base.purposes) for text in label.licenses)


def _restricts(text: License) -> bool:
    limits_use = any(condition.effect == "no-rights" for condition in text.conditions)
    return text.commercial_use is CommercialUse.NO or text.use_policy is not None or limits_use


def restricts_more(text: License, base: License) -> bool:
    """Whether a text limits use in a way that `base` does not."""
    has_limit = any(one.effect == "no-rights" and one.metric != "purpose" for one in text.conditions)
    has_policy = text.use_policy is not None and base.use_policy is None
    return has_limit or has_policy or (_is_limited(text) and not (_is_limited(base) and _as_wide(text, base)))


def _is_limited(text: License) -> bool:
    return text.commercial_use is CommercialUse.NO


def _as_wide(text: License, base: License) -> bool:
    return set(base.purposes) <= set(text.purposes)


def _restricts_alike(label: Label, base: License) -> bool:
    """The RAIL licences attach lists of restrictions that follow one model."""
    return (
        base.category == "rail"
        and isinstance(label, Offered)
        and any(text.category == "rail" for text in label.licenses)
    )


def reaches_services(base: License) -> bool:
    """Whether the terms for what is shared bind those who offer it as a service too."""
    return base.hosting_is_distribution or any(one.duty == "network-source" for one in base.obligations)


def _clause(base: License) -> str:
    return says(base, base.derivative_terms.clause)


def _stays(base: License, verb: str, what: str) -> Duty:
    return Duty("base-terms", base.id, what, base.derivative_terms.clause, verb=verb)


def _against(base: License, derivative: Derivative, code: str, term: str, lacking: str = "") -> Found:
    """A conflict with the label, or, where nobody states one, that this is not known."""
    clause = base.derivative_terms.clause
    match derivative.label:
        case Offered() as label if derivative.relation == "quantized":
            declared = f"{derivative.subject} is declared {_names(label)}; its base declares {base.id}"
            return Conflict(code, term, f"{declared}; the stricter applies until reviewed", clause)
        case Offered() as label:
            found = f"{derivative.subject} is offered under {_names(label)}"
            return Conflict(code, term, f"{found}, {lacking}" if lacking else found, clause)
        case OwnTerms():
            return Conflict(code, term, f"{derivative.subject} is offered under terms of its own", clause)
        case Unstated() if derivative.shared == "service":
            return _stays(base, "asks", "of the terms of a service what it asks of those of a derivative")
        case Unstated(reason):
            return Unsettled(f"{term}; {derivative.subject}: {reason}", clause)


def _names(label: Offered) -> str:
    return " and ".join(text.id for text in label.licenses)


_RULES: dict[DerivativeRule, Callable[[License, Derivative], Found]] = {
    DerivativeRule.OWN_TERMS: _own_terms,
    DerivativeRule.OWN_TERMS_BASE_STAYS: _base_stays,
    DerivativeRule.OWN_TERMS_NONCOMMERCIAL: _noncommercial,
    DerivativeRule.OWN_TERMS_WITH_USE_RESTRICTIONS: _use_restrictions,
    DerivativeRule.BASE_AGREEMENT_TRAVELS: _base_agreement,
    DerivativeRule.SAME_LICENSE: _same_license,
    DerivativeRule.SAME_LICENSE_FOR_MODIFIED_PART: _same_license_for_modified_part,
    DerivativeRule.NOTICE_TRAVELS: _notice,
    DerivativeRule.REVENUE_CAP_TRAVELS: _revenue_cap,
    DerivativeRule.SAME_TERMS: _same_terms,
    DerivativeRule.NONE: _none,
    DerivativeRule.UNKNOWN: _unknown,
}
