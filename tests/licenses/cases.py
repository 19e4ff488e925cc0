"""Reads the judged licence cases and puts each to the code as a question in its own words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.licenses import lineage, registry, use
from checker.licenses.circumstances import Circumstances, Revenue, Sharing, UsersInMonth
from checker.licenses.derivative import Derivative, Judgement, Label, Offered, OwnTerms, Unstated, together
from checker.licenses.license import License, PermissionName
from checker.licenses.terms import Duty, Forbidden, Needs, Unsettled

FILE = Path(__file__).parents[1] / "data" / "license_cases.csv"

_SHARING: dict[str, Sharing] = {"yes": "weights", "no": "internal", "hosted": "service"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_OWN_TERMS = {"own licence has no use restrictions": False, "own licence includes Attachment A": True}


class Case(NamedTuple):
    id: str
    row: dict[str, str]
    extra: dict[str, str]
    expected: str
    code: str


def cases() -> Iterator[Case]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            pieces = [piece.strip() for piece in row["extra_facts"].split(";") if piece.strip()]
            extra = {piece.partition("=")[0]: piece.partition("=")[2] for piece in pieces}
            yield Case(row["case_id"], row, extra, row["expected_verdict"], row["reason_code"])


def verdict(case: Case) -> str:
    """ok, conditional, conflict or unknown. What is not stated is left to prove, which is what `conditional` means."""
    if case.row["relation"] == "none":
        return _verdict_of_use(case)
    return _verdict(together(_judgements(case)))


def _verdict_of_use(case: Case) -> str:
    results = [result for base in _bases(case) for result in use.judge(base, _stated(case))]
    if any(isinstance(result, Forbidden) for result in results):
        return "conflict"
    if any(isinstance(result, Unsettled) for result in results):
        return "unknown"
    left = [result for result in results if isinstance(result, Duty) and result.certain and not result.ordinary]
    return "conditional" if left or any(isinstance(result, Needs) for result in results) else "ok"


def _verdict(judgement: Judgement) -> str:
    found = judgement._replace(needs=()).verdict
    return "conditional" if found == "ok" and judgement.needs else found


def _judgements(case: Case) -> Iterator[Judgement]:
    bases, student_base, teacher = _bases(case), _named(case, "student_base"), _named(case, "teacher")
    started_from = (student_base,) if student_base else None
    derivative = Derivative(
        label=_label(case),
        relation=case.row["relation"],  # type: ignore[arg-type]
        name=case.row["derivative_name"],
        shared=_SHARING[case.row["distributed"]],
        started_from=started_from,
    )
    for base in bases:
        fine_tuned = teacher is not None and base is student_base
        question = derivative._replace(relation="finetune") if fine_tuned else derivative
        yield lineage.judge(base, question, _stated(case))
    if student_base is not None and student_base not in bases:
        yield lineage.judge(student_base, derivative._replace(relation="finetune"), _stated(case))
    yield lineage.judge_joined(bases, derivative)


def _bases(case: Case) -> list[License]:
    return [_license(spelling) for spelling in case.row["base_licenses"].split(";")]


def _license(spelling: str) -> License:
    found = registry.resolve(spelling)
    assert isinstance(found, registry.Resolved), found
    return found.license


def _named(case: Case, key: str) -> License | None:
    """`student_base=mistral apache-2.0` names the model's family first."""
    return _license(case.extra[key].split()[-1]) if key in case.extra else None


def _label(case: Case) -> Label:
    spelling = case.row["derivative_license"]
    own_terms = next((carries for remark, carries in _OWN_TERMS.items() if remark in case.extra), None)
    if spelling == "proprietary" or own_terms is not None:
        return OwnTerms(own_terms)
    if spelling in ("", "other"):
        return Unstated()
    return Offered(tuple(_license(one) for one in spelling.split(";")))


def _stated(case: Case) -> Circumstances:
    row, extra = case.row, case.extra
    permissions: dict[str, PermissionName] = {
        "registered": "registration",
        "subscription": "subscription",
        "separate_licence": "separate-license",
    }
    return Circumstances(
        purpose="research" if row["use"] == "research" else "commercial",
        distribution=(_SHARING[row["distributed"]],),
        regions=(row["region"],) if row["region"] else None,
        seat=row["region"] or None,
        product_users=int(row["mau"]) if row["mau"] else None,
        daily_users=int(extra["dau"]) if "dau" in extra else None,
        group_users=_group_users(case),
        revenue=_revenue(row),
        multimodal={"yes": True, "no": False}.get(row["multimodal"]),
        model_as_a_service={"maas": True, "consumer_app": False}.get(extra.get("business", "")),
        field_of_use="military" if extra.get("purpose") == "military" else None,
        held=tuple(name for key, name in permissions.items() if extra.get(key) == "yes"),
        lacking=tuple(name for key, name in permissions.items() if extra.get(key) == "no"),
        end_user=extra.get("role") == "end_user_of_product",
        guardrails_removed="safety guardrails removed" in extra,
    )


def _group_users(case: Case) -> tuple[UsersInMonth, ...] | None:
    """Users without a month are taken for those of the month that the text asks for."""
    count = case.extra.get("mau_at_release") or case.row["mau"]
    if not count:
        return None
    measured = next((key.split()[2:] for key in case.extra if key.startswith("mau measured")), None)
    if measured:
        return (UsersInMonth(f"{measured[1]}-{_MONTHS.index(measured[0][:3]) + 1:02}", int(count)),)
    months = [condition.month for base in _bases(case) for condition in base.conditions if condition.month]
    return tuple(UsersInMonth(month, int(count)) for month in months)


def _revenue(row: dict[str, str]) -> tuple[Revenue, ...] | None:
    if not row["revenue_usd"]:
        return None
    return (Revenue(int(row["revenue_usd"]), period="month" if row["revenue_period"] == "month" else "year"),)
