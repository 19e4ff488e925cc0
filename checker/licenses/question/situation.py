"""The circumstances that a question states, in the terms in which licences are held against them."""

from __future__ import annotations

from collections.abc import Iterable

from checker.licenses.circumstances import Circumstances, Revenue, Sharing, UsersInMonth
from checker.licenses.license import License, PurposeName
from checker.licenses.question.question import Question

SHARING: dict[str, Sharing] = {"yes": "weights", "no": "internal", "hosted": "service"}
"""How each answer to `distributed` reaches others."""


def situation(question: Question, texts: Iterable[License]) -> Circumstances:
    """What a question states of its use, for judging these texts.

    The region is taken as the licensee's seat and as the place of use.
    """
    remarks = question.remarks
    return Circumstances(
        purpose=_purpose(question),
        distribution=_distribution(question),
        regions=(question.region,) if question.region else None,
        seat=question.region or None,
        product_users=question.mau,
        daily_users=remarks.daily_users,
        group_users=_group_users(question, texts),
        revenue=_revenue(question),
        multimodal=question.multimodal,
        model_as_a_service=remarks.model_as_a_service,
        field_of_use=remarks.field_of_use,
        held=remarks.held,
        lacking=remarks.lacking,
        end_user=remarks.end_user,
        guardrails_removed=remarks.guardrails_removed,
        hardware=remarks.hardware,
        family=remarks.family,
    )


def assumed_month(question: Question) -> bool:
    """Whether users are stated without the month in which they were counted."""
    return question.mau is not None and not question.remarks.measured and question.remarks.users_at_release is None


def _purpose(question: Question) -> PurposeName | None:
    if question.use in ("commercial", "internal"):
        return "commercial"  # in-house use by a company is commercial
    return "education" if question.remarks.education else "research" if question.use == "research" else None


def _distribution(question: Question) -> tuple[Sharing, ...] | None:
    if question.distributed is None:
        return ("internal",) if question.use == "internal" else None
    return (SHARING[question.distributed],)


def _group_users(question: Question, texts: Iterable[License]) -> tuple[UsersInMonth, ...] | None:
    """Users without a month are taken for those of the month that each text counts."""
    remarks = question.remarks
    months = dict.fromkeys(condition.month for text in texts for condition in text.conditions if condition.month)
    if remarks.users_at_release is not None:
        return tuple(UsersInMonth(month, remarks.users_at_release) for month in months) or None
    if question.mau is None:
        return None
    if remarks.measured:
        return (UsersInMonth(remarks.measured, question.mau),)
    return tuple(UsersInMonth(month, question.mau) for month in months) or None


def _revenue(question: Question) -> tuple[Revenue, ...] | None:
    return None if question.revenue_usd is None else (Revenue(question.revenue_usd, period=question.period),)
