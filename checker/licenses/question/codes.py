"""The word under which reviewers file an answer: what kind of conflict it is, or which duties are left to show."""

from __future__ import annotations

from collections.abc import Sequence

from checker.licenses.license import CommercialUse, DerivativeRule, License
from checker.licenses.limits import MODEL_AS_A_SERVICE
from checker.licenses.question.judged import Judged
from checker.licenses.question.question import Question
from checker.licenses.terms import ORDINARY_DUTIES, Duty, Needs

_PARTS = (
    ("registration", ()),
    ("display", ("display-text", "name-prefix")),
    ("flowdown", ("use-restriction-flowdown", "base-terms")),
    ("documentation", ("documentation",)),
    ("statement", ("publication-statement",)),
    ("notice", ("notice-file",)),
    ("policy", ("use-policy",)),
)
"""The parts of a combined code, in their order, with the kinds of duty that each stands for."""


def code_of(question: Question, judged: Judged) -> str:
    """The primary code of an answer."""
    match judged.verdict:
        case "conflict":
            conflicts = [one for step in judged.steps for one in step.judgement.conflicts]
            return conflicts[0].code
        case "conditional":
            return _of_duties(question, judged)
        case "ok":
            return _of_licenses(question, judged)
        case _:
            return "unknown"


def of_need(need: Needs) -> str:
    """The code of something that is not stated."""
    if need.key == "obligations":
        return "registration" if "registration" in need.yaml else "permission"
    return {
        MODEL_AS_A_SERVICE: "business-model",
        "use.purpose": "purpose",
        "use.distribution": "distribution",
        "organisation.revenue": "revenue-threshold",
        "organisation.users": "mau-threshold",
        "use.monthly_active_users": "mau-threshold",
        "organisation.seat": "region",
        "use.regions": "region",
        "known.multimodal": "multimodal",
    }.get(need.key, "not-stated")


def _of_duties(question: Question, judged: Judged) -> str:
    duties = [one for step in judged.steps for one in step.judgement.duties if one.certain and one.verb != "encourages"]
    needs = [one for step in judged.steps for one in step.judgement.needs]
    kinds = {duty.kind for duty in duties}
    if question.remarks.end_user and kinds <= {"use-policy"}:
        return "end-user-exempt"
    if {"source-disclosure", "network-source"} & kinds:
        return "copyleft-source-duty"
    if "use-restriction-flowdown" in kinds and question.distributed == "hosted":
        return "hosted-is-distribution" if question.relation == "none" else "flowdown-hosted"
    if "condition" in kinds:
        return _of_conditions([duty for duty in duties if duty.kind == "condition"])
    registering = any(of_need(one) == "registration" for one in needs)
    parts = [name for name, of in _PARTS if kinds & set(of) or (name == "registration" and registering)]
    if parts == ["policy"]:
        return "policy+copy" if "license-copy" in kinds else "use-policy"
    if parts:
        return "+".join(parts)
    return of_need(needs[0]) if needs else next(iter(sorted(kinds - ORDINARY_DUTIES)), "left-to-prove")


def _of_conditions(duties: Sequence[Duty]) -> str:
    return "security-review" if any("review" in duty.asks for duty in duties) else "display-threshold"


def _of_licenses(question: Question, judged: Judged) -> str:
    texts = [text for step in judged.steps for text in step.licenses]
    if any(text.conditions for text in texts):
        return "threshold-not-met" if all(_limits(text) for text in texts) else "evaluation"
    return _of_unconditional(question, texts)


def _limits(text: License) -> bool:
    return any(condition.limit or condition.metric == "model-as-a-service" for condition in text.conditions)


def _of_unconditional(question: Question, texts: Sequence[License]) -> str:
    rules = {text.derivative_terms.rule for text in texts}
    if question.relation == "distill":
        return "outputs-free"
    if DerivativeRule.NONE in rules and question.relation != "none":
        return "no-derivatives-private"
    if {DerivativeRule.SAME_LICENSE, DerivativeRule.SAME_LICENSE_FOR_MODIFIED_PART} & rules:
        return "same-license" if question.distributed == "yes" else "copyleft-not-conveyed"
    if any(text.commercial_use is CommercialUse.NO for text in texts):
        return "union-satisfied" if len(texts) > 1 else "same-license"
    if all(text.category == "public-domain" for text in texts):
        return "public-domain"
    if len(texts) > 1:
        return "permissive-union"
    is_proprietary = any(one.casefold() == "proprietary" for one in question.offered_as)
    return "permissive-to-proprietary" if is_proprietary else "permissive-notice-only"
