"""Holds a derivative against the terms of what it was made from: which licence it may carry, and what travels with it.

All functions are pure. What reaches a derivative is judged by the base's rule for derivatives; a model trained on
outputs is judged by what the text says of outputs instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.licenses.circumstances import Circumstances
from checker.licenses.derivative import Conflict, Derivative, Judgement, as_judgement, granted, together
from checker.licenses.label_rules import judge_by_rule, reaches_services, restricts_more
from checker.licenses.license import DerivativeRule, License
from checker.licenses.naming import begins_as_asked, judge_name
from checker.licenses.outputs import judge_outputs
from checker.licenses.terms import Allowed, Assumed, Duty, Forbidden, Needs, TermResult, Unsettled, says
from checker.licenses.use import judge as judge_use


def judge(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What `base` comes to for a derivative of it and for this use of that derivative."""
    return together([judge_label(base, derivative), judge_travelling(base, derivative, stated)])


def judge_label(base: License, derivative: Derivative) -> Judgement:
    """Whether the derivative may carry the licence and the name that it carries; the use does not matter here."""
    if derivative.relation == "distill":
        return _judge_student(base, derivative)
    return _judge_derivative_label(base, derivative)


def judge_travelling(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What the base's own terms of use come to when the derivative is used under these circumstances."""
    if derivative.relation == "distill" and base.distillation_is_derivative != "yes":
        # Nothing of the base is passed on with a model that was trained on its outputs.
        stated = stated._replace(distribution=("no",))
    results = judge_use(base, stated, modified=True)
    if derivative.name and begins_as_asked(base, derivative):
        results = tuple(result for result in results if not (isinstance(result, Duty) and result.kind == "name-prefix"))
    return as_judged(results)


def judge_made(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What `base` comes to for a derivative that a licensee makes of it: label, name, and what sharing brings about.

    Terms on the purpose, on users or on places are those of the licensee's use, which is judged on its own.
    """
    travelling = judge_travelling(base, derivative, stated._replace(distribution=(derivative.shared,)))
    found = f"fine_tuning.produces.shared is {derivative.shared}"
    sharing = tuple(one._replace(found=found) for one in travelling.conflicts if one.key == "use.distribution")
    return together([judge_label(base, derivative), Judgement(conflicts=sharing, duties=travelling.duties)])


def may_be_shared(base: License) -> str:
    """Under which terms a derivative of `base` may be shared, in one sentence."""
    terms = base.derivative_terms
    also = f" or {', '.join(terms.compatible)}" if terms.compatible else ""
    words = _SHARED_UNDER[terms.rule].format(id=base.id, also=also, granted=granted(base))
    return f"{says(base, terms.clause)} lets a derivative be shared {words}"


_SHARED_UNDER: dict[DerivativeRule, str] = {
    DerivativeRule.OWN_TERMS: "under any terms, with the notices kept",
    DerivativeRule.OWN_TERMS_BASE_STAYS: "under terms of its own, while {id} stays in force for the base's part",
    DerivativeRule.OWN_TERMS_NONCOMMERCIAL: "under terms of its own that keep the limit to {granted}",
    DerivativeRule.OWN_TERMS_WITH_USE_RESTRICTIONS: "under terms of its own that carry the use restrictions",
    DerivativeRule.BASE_AGREEMENT_TRAVELS: "under {id} alone, whose agreement goes with it",
    DerivativeRule.SAME_LICENSE: "under {id}{also} alone",
    DerivativeRule.SAME_LICENSE_FOR_MODIFIED_PART: "with what was modified under {id}{also}",
    DerivativeRule.NOTICE_TRAVELS: "under terms of its own, with the notice and the conditions in it kept",
    DerivativeRule.REVENUE_CAP_TRAVELS: "under {id}, or terms of its own that keep the revenue limit",
    DerivativeRule.SAME_TERMS: "under {id}, or terms that are consistent with it",
    DerivativeRule.NONE: "under no terms",
    DerivativeRule.UNKNOWN: "under {id}; what else it lets was not read",
}
"""The vocabulary for derivatives, in words."""


def judge_joined(bases: Sequence[License], derivative: Derivative) -> Judgement:
    """Whether works under these licences may be joined in one whole that is shared."""
    if derivative.shared in ("no", "internal"):
        return Judgement()
    reached = [base for base in bases if derivative.shared != "service" or reaches_services(base)]
    conflicts = [
        Conflict(code, f"{says(base, base.derivative_terms.clause)} takes no further restrictions for the whole",
                 f"{other.id} brings its own", base.derivative_terms.clause)
        for base in reached
        for other in bases
        if (code := _joining_breaks(base, other))
    ]  # fmt: skip
    return Judgement(conflicts=tuple(conflicts))


def _joining_breaks(base: License, other: License) -> str:
    """The kind of conflict with `base` where both are parts of one whole; empty where there is none."""
    if other.id in base.derivative_terms.cannot_join:
        return "incompatible-copyleft"
    copyleft = base.forbids_extra_restrictions and base.derivative_terms.rule is DerivativeRule.SAME_LICENSE
    return "further-restrictions" if copyleft and restricts_more(other, base) else ""


def as_judged(results: Iterable[TermResult]) -> Judgement:
    """What terms of use come to, as a judgement."""
    conflicts: list[Conflict] = []
    others: dict[type[TermResult], list[TermResult]] = {Unsettled: [], Needs: [], Duty: [], Assumed: [], Allowed: []}
    for result in results:
        if isinstance(result, Forbidden):
            conflicts.append(Conflict(result.code, result.term, result.found, result.clause, result.key))
        else:
            others[type(result)].append(result)
    return Judgement(tuple(conflicts), *(tuple(others[kind]) for kind in (Unsettled, Needs, Duty, Assumed)))  # type: ignore[arg-type]


def _judge_derivative_label(base: License, derivative: Derivative) -> Judgement:
    if derivative.shared in ("no", "internal"):
        return Judgement()
    return together([as_judgement(judge_by_rule(base, derivative)), as_judgement(judge_name(base, derivative))])


def _judge_student(teacher: License, student: Derivative) -> Judgement:
    """A model trained on outputs: what the teacher's text says of that, and of the student as a derivative."""
    judged = [as_judgement(judge_outputs(teacher, student))]
    if teacher.distillation_is_derivative == "yes" and not _is_unlike(teacher, student):
        judged.append(_as_distilled(_judge_derivative_label(teacher, student._replace(relation="finetune"))))
    elif student.shared not in ("no", "internal"):
        judged.append(as_judgement(judge_name(teacher, student)))
    return together(judged)


def _is_unlike(teacher: License, student: Derivative) -> bool:
    """Whether the text counts what is made to act like the teacher, and the student is of another kind."""
    return teacher.output_training.derivative_if_alike and student.student == "not-generative"


def _as_distilled(judgement: Judgement) -> Judgement:
    """The same, with what goes against the label named after the reason why the terms reach it at all."""
    conflicts = (
        one if one.code == "name-prefix" else one._replace(code="distillation-is-derivative")
        for one in judgement.conflicts
    )
    return judgement._replace(conflicts=tuple(conflicts))
