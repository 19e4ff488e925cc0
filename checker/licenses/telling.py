"""Tells a licence in plain words, with clauses and sources; of a family or an unread text, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import fill

from checker.licenses.circumstances import Circumstances
from checker.licenses.duties import duties
from checker.licenses.license import (
    CommercialUse,
    Condition,
    DerivativeRule,
    Evidence,
    License,
    OutputTraining,
    Territory,
    Unread,
)
from checker.licenses.registry import AllOf, Ambiguous, AnyOf, Resolution, Resolved, resolve, unread
from checker.licenses.terms import count, section

_WIDTH = 110

_COMMERCIAL = {
    CommercialUse.YES: "granted",
    CommercialUse.NO: "not granted",
    CommercialUse.CONDITIONAL: "granted, with conditions",
    CommercialUse.UNSTATED: "the text does not say",
}
_RULES = {
    DerivativeRule.OWN_TERMS: "may carry any terms; only notices travel",
    DerivativeRule.OWN_TERMS_BASE_STAYS: "may carry own terms; the agreement stays in force for what comes from it",
    DerivativeRule.OWN_TERMS_NONCOMMERCIAL: "may carry own terms, within the limit on purposes",
    DerivativeRule.OWN_TERMS_WITH_USE_RESTRICTIONS: "may carry own terms, which have to hold the use restrictions",
    DerivativeRule.BASE_AGREEMENT_TRAVELS: "the agreement travels with them; the base may not go under other terms",
    DerivativeRule.SAME_LICENSE: "stay under this licence when they are shared",
    DerivativeRule.SAME_LICENSE_FOR_MODIFIED_PART: "what was modified stays under this licence when it is shared",
    DerivativeRule.NOTICE_TRAVELS: "the notice travels in every copy, with its conditions",
    DerivativeRule.REVENUE_CAP_TRAVELS: "the cap on revenue reaches them",
    DerivativeRule.SAME_TERMS: "may carry no terms that are inconsistent with this licence",
    DerivativeRule.NONE: "may be made and not be shared",
    DerivativeRule.UNKNOWN: "not known: what the text asks of them was not read",
}
_OUTPUTS = {
    "unrestricted": "free for training other models",
    "conditional": "may train other models, on conditions",
    "prohibited": "may not train other models",
    "prohibited-for-competing-models": "may not train models that compete with the licensor's",
    "noncommercial-only": "may train other models for non-commercial purposes",
    "research-only": "may train other models for research",
    "unstated": "the text does not say whether they may train other models",
}
_COPIES = {
    "yes": "may be passed on",
    "no": "may not be passed on",
    "noncommercial-only": "may be passed on for non-commercial purposes",
    "research-only": "may be passed on for research",
    "non-production-only": "may be passed on for uses outside of production",
    "territory-only": "may be passed on inside the licensed territory",
    "with-agreement": "may be passed on with the agreement",
    "conditional": "may be passed on, on conditions",
    "unstated": "the text does not say whether they may be passed on",
}
_RETALIATION = {
    "none": "suing ends nothing",
    "patent": "suing over patents ends it",
    "ip": "suing over intellectual property ends the licence",
    "ip-all-rights": "suing over patents or copyright ends all rights",
    "unstated": "what suing ends is not stated",
}
_READ = {"full": "full text", "partial": "part of the text", "standard": "standard text, not read again"}
_READ_OF_UNREAD = {
    "opening": "the opening of the text",
    "secondary": "what others say of the text",
    "none": "nothing but the name",
}
_NAMED_REGION = {"EU": "the European Union", "UK": "the United Kingdom", "KR": "South Korea"}


def told(found: Resolution) -> str:
    """All that is known of what a spelling names."""
    match found:
        case Resolved(text, or_later, exception):
            beside = [f"With {exception}, which permits more; what it permits was not read."] if exception else []
            beside += ["Or any later version; none is known."] if or_later else []
            return "\n".join([*beside, *_license(text)]) + "\n"
        case Ambiguous(spelling, candidates):
            return _family(spelling, candidates)
        case AnyOf(spelling, choices):
            return _several(f"`{spelling}` offers a choice: one of these is enough.", choices)
        case AllOf(spelling, parts):
            return _several(f"`{spelling}` names several licences: all of these apply.", parts)
        case _:
            return "\n".join(_unread(unread(found.unread))) + "\n"


def _several(head: str, found: Iterable[Resolution]) -> str:
    return "\n".join([head, *("\n" + _part(one) for one in found)])


def _part(found: Resolution) -> str:
    is_nothing = not isinstance(found, Resolved | Ambiguous | AnyOf | AllOf) and not found.unread
    return f"{found.spelling}: {found.reason}\n" if is_nothing else told(found)  # type: ignore[union-attr]


def _family(spelling: str, candidates: tuple[str, ...]) -> str:
    lines = [f"`{spelling}` names no single licence; these differ in their terms:"]
    for candidate in candidates:
        found = resolve(candidate)
        if isinstance(found, Resolved):
            text = found.license
            said = (text.name, text.dated, f"commercial use {_COMMERCIAL[text.commercial_use]}",
                    f"derivatives {_RULES[text.derivative_terms.rule]}")  # fmt: skip
            lines.append(f"  {candidate}: {'; '.join(filter(None, said))}")
        else:
            lines.append(f"  {candidate}: {unread(candidate).name}; the text has not been read")
    lines.append("Name the one that is meant; the file LICENSE beside the model says which it is.")
    return "\n".join(lines) + "\n"


def _license(text: License) -> Iterator[str]:
    yield f"{text.name} ({text.id})"
    by = filter(None, (text.steward, text.dated, text.category, "approved by the OSI" if text.osi_approved else ""))
    yield f"  {'; '.join(by)}"
    yield from _line("In SPDX", text.spdx or text.license_ref)
    yield from _line("On the Hub", ", ".join((*text.hub_ids, *text.hub_names)))
    yield from _line("In LicenseDB", f"{text.license_db} ({text.license_db_category})" if text.license_db else "")
    for version in text.versions:
        yield from _line("Version", ": ".join(filter(None, (version.dated, version.differs or version.license_db))))
    yield ""
    yield from _line("Commercial use", _COMMERCIAL[text.commercial_use])
    for condition in text.conditions:
        yield from _item(_condition(condition), condition.clause)
    yield from _line("Regions", "" if text.territory else "no region is left out")
    for territory in text.territory:
        yield from _item(_territory(territory), territory.clause)
    yield from _use_policy(text)
    yield from _line("Copies", _COPIES[text.redistribution])
    yield from _hosting(text)
    terms = text.derivative_terms
    yield from _line("Derivatives", _RULES[terms.rule], terms.clause)
    yield from _item(terms.detail)
    if terms.compatible:
        because = f"; {terms.compatible_because}" if terms.compatible_because else ""
        yield from _item(f"also accepted: {', '.join(terms.compatible)}{because}")
    if terms.cannot_join:
        yield from _item(f"cannot be joined in one work with {', '.join(terms.cannot_join)}")
    yield from _outputs(text.output_training, text.distillation_is_derivative)
    yield from _line("Patents", f"grant: {text.patent_grant}; {_RETALIATION[text.patent_retaliation]}")
    yield from _duties(text)
    yield from _rest(text)
    yield ""
    for source in (text.evidence, *text.further_sources):
        yield from _line("Read", _source(source))
    yield from _line("Also spelled", ", ".join(text.spellings))


def _condition(condition: Condition) -> str:
    threshold = condition.threshold
    ends = "nothing is licensed otherwise" if condition.effect == "no-rights" else "a duty"
    words = f"{condition.says}; {ends}"
    if threshold is not None:
        more = "more than" if threshold.op == ">" else "at least"
        unit = f"{threshold.unit} a {threshold.period}"
        words = (
            f"with {more} {count(threshold.value)} {unit} ({threshold.whose}; measured {threshold.measured}): {words}"
        )
    notes = (
        condition.whom and f"for {condition.whom}",
        "only commercial use" * condition.only_commercial,
        "internal use is exempt" * condition.not_internal,
        f"exempt: {condition.exempt}" * bool(condition.exempt),
        "unsettled at exactly the limit" * condition.unsettled_at_limit,
    )
    beside = "; ".join(filter(None, notes))
    return f"{words} [{beside}]" if beside else words


def _territory(territory: Territory) -> str:
    who = "licensees with their seat in" if territory.test == "seat" else "use in"
    models = ", for multimodal models" * territory.only_multimodal
    exempt = "; end users of a product that embeds it are exempt" * territory.end_users_exempt
    return f"nothing is granted for {who} {_NAMED_REGION[territory.region]}{models}{exempt}"


def _use_policy(text: License) -> Iterator[str]:
    policy = text.use_policy
    if policy is None:
        yield from _line("Use restrictions", "none in the text")
        return
    if policy.kind == "unstated":
        yield from _line("Use restrictions", "not known: that part was not read")
        return
    kind = {"external-policy": "a policy outside of the text", "policy": "a policy"}.get(policy.kind, policy.kind)
    flows = "recipients must be bound to it" if policy.flows_down else ""
    changes = "its owner may change it" if policy.can_change else ""
    yield from _line("Use restrictions", "; ".join(filter(None, (kind, policy.url, flows, changes))), policy.clause)
    yield from _item(policy.detail)
    yield from _item(f"bars these fields by name: {', '.join(policy.bars)}" * bool(policy.bars))


def _hosting(text: License) -> Iterator[str]:
    counts = "counts as passing it on" if text.hosting_is_distribution else "is not said to count as passing it on"
    yield from _line("A hosted service", counts, text.hosting_clause)
    yield from _item(text.hosting_detail)


def _outputs(outputs: OutputTraining, distillation: str) -> Iterator[str]:
    yield from _line("Outputs", _OUTPUTS[outputs.value], outputs.clause)
    yield from _item(outputs.detail)
    yield from _item("models that descend from the licensed one are excepted" * outputs.own_family_excepted)
    said = {
        "yes": "is a derivative",
        "no": "is no derivative",
        "unstated": "is not spoken of",
    }
    yield from _item(f"a model distilled from it {said[distillation]}")


def _duties(text: License) -> Iterator[str]:
    """The duties as a check words them, where nothing of a use is stated; the use policy is told elsewhere."""
    words = {one.wording: one for one in text.obligations if one.wording}
    arising = [duty for duty in duties(text, Circumstances(), modified=True) if duty.kind != "use-policy"]
    yield from _line("Duties", "none" if not arising else "")
    for duty in arising:
        said = f"{duty.asks}{', ' + duty.only_if if duty.only_if else ''}"
        yield from _item(f"{said} (encouraged)" if duty.verb == "encourages" else said, duty.clause)
    for wording, obligation in words.items():
        yield from _item(f"the notice reads: {wording}", obligation.clause)


def _rest(text: License) -> Iterator[str]:
    yield from _line("Further restrictions", "nobody may add any" if text.forbids_extra_restrictions else "")
    yield from _line("Technical locks", "not allowed" if text.no_drm else "")
    yield from _line("Remote control", "the licensor may restrict use remotely" if text.remote_restriction else "")
    yield from _line("Changes of the terms", "the licensor may change them" if text.licensor_may_change else "")
    yield from _line("Sublicences", text.sublicensable)
    yield from _line("Inside an end user's product", _left_out(text.integrated_product_exempt_from))
    yield from _line("Internal use", _left_out(text.internal_use_exempt_from))
    yield from _line("May be revoked", text.revocable)
    yield from _line("Governing law", text.governing_law)
    yield from _line("Models seen", ", ".join(text.models_seen))
    for remark in text.remarks:
        yield from _line("Remark", remark)


def _left_out(clause: str) -> str:
    verb = "do" if clause.startswith("sections") else "does"
    return f"{clause} {verb} not apply" if clause else ""


def _unread(text: Unread) -> Iterator[str]:
    yield f"{text.name} ({text.id})"
    yield "  The text has not been read: whatever a use depends on is unknown, and no rule passes by it."
    yield from _line("In SPDX", text.spdx or text.license_ref)
    yield from _line("On the Hub", ", ".join((*text.hub_ids, *text.hub_names)))
    yield from _line("By", "; ".join(filter(None, (text.steward, text.dated))))
    yield from _line("Told of it, and not checked", "" if text.told else "nothing")
    for one in text.told:
        yield from _item(one)
    yield from _line("Models seen", ", ".join(text.models_seen))
    for remark in text.remarks:
        yield from _line("Remark", remark)
    yield from _line("Seen", f"{_READ_OF_UNREAD[text.read]}: {text.source}")


def _source(source: Evidence) -> str:
    detail = f" ({source.detail})" if source.detail else ""
    return f"{_READ[source.read]}: {source.source}{detail}; confidence {source.confidence}"


def _line(head: str, said: str, clause: str = "") -> Iterator[str]:
    """A line of the report; nothing where there is nothing to say but of a list, whose items follow."""
    if said or head in ("Regions", "Duties", "Told of it, and not checked"):
        yield _filled(f"{head}: {said}".rstrip(), clause, "", "  ")


def _item(said: str, clause: str = "") -> Iterator[str]:
    if said:
        yield _filled(said, clause, "  - ", "    ")


def _filled(said: str, clause: str, first: str, then: str) -> str:
    text = f"{said} ({section(clause)})" if clause else said
    return fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False, break_long_words=False
    )


def as_values(found: Resolution) -> dict[str, object]:
    """What a spelling names, for `--json`; a record has the keys of `license.schema.json`."""
    from checker.licenses.registry import record

    match found:
        case Resolved(text, or_later, exception):
            return {"kind": "license", "or_later": or_later, "exception": exception, "license": record(text.id)}
        case Ambiguous(spelling, candidates):
            return {"kind": "family", "spelling": spelling, "candidates": list(candidates)}
        case AnyOf(spelling, choices):
            return {"kind": "any-of", "spelling": spelling, "choices": [as_values(one) for one in choices]}
        case AllOf(spelling, parts):
            return {"kind": "all-of", "spelling": spelling, "parts": [as_values(one) for one in parts]}
        case _ if found.unread:
            return {"kind": "unread", "spelling": found.spelling, "unread": unread(found.unread)._asdict()}
        case _:
            return {"kind": "unknown", "spelling": found.spelling, "reason": found.reason, "nearest": found.nearest}
