"""Holds a derivative against the terms of what it was made from: which licence it may carry, and what travels with it.

All functions are pure. What reaches a derivative is judged by the base's rule for derivatives; a model trained on
outputs is judged by what the text says of outputs instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, TypeAlias

from checker.licenses.circumstances import Circumstances, Sharing
from checker.licenses.license import CommercialUse, DerivativeRule, License
from checker.licenses.spelling import fold
from checker.licenses.terms import Allowed, Assumed, Duty, Forbidden, Needs, TermResult, Unsettled, says
from checker.licenses.use import judge as judge_use

RelationName: TypeAlias = Literal["finetune", "adapter", "merge", "quantized", "distill", "unstated"]
Verdict: TypeAlias = Literal["ok", "conditional", "conflict", "unknown"]


class Offered(NamedTuple):
    """The derivative is offered under these licences; where there are several, all apply."""

    licenses: tuple[License, ...]


class OwnTerms(NamedTuple):
    """The derivative is offered under terms of its maker's own (`proprietary`)."""

    carry_restrictions: bool | None = None
    """Whether these terms hold recipients to the base's use restrictions; None where nobody states it."""


class Unstated(NamedTuple):
    """Nobody states the derivative's licence."""

    reason: str = "its licence is not stated"


Label: TypeAlias = Offered | OwnTerms | Unstated


class Conflict(NamedTuple):
    """The derivative's label or its use goes against the base's text on the stated facts."""

    code: str
    """The kind: community-relicensed, noncommercial-dropped …"""
    term: str
    """What the base's text says."""
    found: str
    clause: str
    key: str = ""
    """The manifest key that states what goes against it; empty where that is the derivative's label or name."""

    @property
    def sentence(self) -> str:
        """Term and statement in one sentence."""
        return f"{self.term}; {self.found}"


class Judgement(NamedTuple):
    """What one base comes to for a derivative."""

    conflicts: tuple[Conflict, ...] = ()
    unsettled: tuple[Unsettled, ...] = ()
    needs: tuple[Needs, ...] = ()
    duties: tuple[Duty, ...] = ()
    assumptions: tuple[Assumed, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """`ok` leaves ordinary notice duties at most, `conditional` others too."""
        if self.conflicts:
            return "conflict"
        if self.unsettled or self.needs:
            return "unknown"
        return "ok" if all(duty.ordinary or not duty.certain for duty in self.duties) else "conditional"


class Derivative(NamedTuple):
    """A model that was made from others, and how it is offered."""

    label: Label
    relation: RelationName = "finetune"
    name: str = ""
    """Its name, without the publisher; empty where it has none yet."""
    called: str = ""
    """What messages call it; where it is empty, by its name."""
    shared: Sharing = "weights"
    """How it reaches others. A model on the Hub was shared as weights, whatever we do with it."""
    started_from: tuple[License, ...] | None = None
    """For a model trained on outputs: the licences of the model whose weights it started from; None if not stated."""


def judge(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What `base` comes to for a derivative of it and for this use of that derivative."""
    return together([judge_label(base, derivative), judge_travelling(base, derivative, stated)])


def judge_label(base: License, derivative: Derivative) -> Judgement:
    """Whether the derivative may carry the licence and the name that it carries; the use does not matter here."""
    if derivative.relation == "distill":
        return _judge_outputs(base, derivative)
    return _judge_derivative_label(base, derivative)


def judge_travelling(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What the base's own terms of use come to when the derivative is used under these circumstances."""
    if derivative.relation == "distill" and base.distillation_is_derivative != "yes":
        # Nothing of the base is passed on with a model that was trained on its outputs.
        stated = stated._replace(distribution=("no",))
    results = judge_use(base, stated, modified=True)
    if derivative.name and _begins_as_asked(base, derivative):
        results = tuple(result for result in results if not (isinstance(result, Duty) and result.kind == "name-prefix"))
    return _from_terms(results)


def judge_made(base: License, derivative: Derivative, stated: Circumstances) -> Judgement:
    """What `base` comes to for a derivative that a licensee makes of it: label, name, and what sharing brings about.

    Terms on the purpose, on users or on places are those of the licensee's use, which is judged on its own.
    """
    travelling = judge_travelling(base, derivative, stated._replace(distribution=(derivative.shared,)))
    sharing = tuple(conflict for conflict in travelling.conflicts if conflict.key == "use.distribution")
    return together([judge_label(base, derivative), Judgement(conflicts=sharing, duties=travelling.duties)])


def judge_joined(bases: Sequence[License], derivative: Derivative) -> Judgement:
    """Whether works under these licences may be joined in one whole that is shared."""
    if derivative.shared in ("no", "internal"):
        return Judgement()
    conflicts = [
        Conflict(
            "incompatible-copyleft",
            f"{says(base, base.derivative_terms.clause)} takes no further restrictions for the whole",
            f"{other.id} brings its own",
            base.derivative_terms.clause,
        )
        for base in bases
        for other in bases
        if other.id in base.derivative_terms.cannot_join
    ]
    return Judgement(conflicts=tuple(conflicts))


def together(judgements: Iterable[Judgement]) -> Judgement:
    """Several judgements as one; what two of them say alike is said once."""
    gathered = list(judgements)
    return Judgement(
        conflicts=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.conflicts)),
        unsettled=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.unsettled)),
        needs=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.needs)),
        duties=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.duties)),
        assumptions=tuple(dict.fromkeys(one for judgement in gathered for one in judgement.assumptions)),
    )


def _from_terms(results: Iterable[TermResult]) -> Judgement:
    conflicts: list[Conflict] = []
    others: dict[type[TermResult], list[TermResult]] = {Unsettled: [], Needs: [], Duty: [], Assumed: [], Allowed: []}
    for result in results:
        if isinstance(result, Forbidden):
            conflicts.append(Conflict("use", result.term, result.found, result.clause, result.key))
        else:
            others[type(result)].append(result)
    return Judgement(tuple(conflicts), *(tuple(others[kind]) for kind in (Unsettled, Needs, Duty, Assumed)))  # type: ignore[arg-type]


def _judge_derivative_label(base: License, derivative: Derivative) -> Judgement:
    if derivative.shared in ("no", "internal"):
        return Judgement()
    found = _RULES[base.derivative_terms.rule](base, derivative)
    naming = _name(base, derivative)
    return together([_as_judgement(found), _as_judgement(naming)])


def _as_judgement(found: Conflict | Unsettled | Duty | None) -> Judgement:
    match found:
        case Conflict():
            return Judgement(conflicts=(found,))
        case Unsettled():
            return Judgement(unsettled=(found,))
        case Duty():
            return Judgement(duties=(found,))
        case None:
            return Judgement()


_Found: TypeAlias = Conflict | Unsettled | Duty | None


def _own_terms(base: License, derivative: Derivative) -> _Found:
    return None


def _base_stays(base: License, derivative: Derivative) -> _Found:
    if _carries(derivative.label, base):
        return None
    return _stays(base, "leaves", "its terms in force for the part that comes from it")


def _noncommercial(base: License, derivative: Derivative) -> _Found:
    label = derivative.label
    if _carries(label, base) or (isinstance(label, Offered) and not _grants_commercial_use(label)):
        return None
    if isinstance(label, OwnTerms):
        return _stays(base, "keeps", "its limit on purposes for derivatives, which their own terms have to carry")
    term = f"{_clause(base)} keeps its limit to {_granted(base)} for derivatives"
    return _against(base, derivative, "noncommercial-dropped", term, "which grants commercial use")


def _use_restrictions(base: License, derivative: Derivative) -> _Found:
    label = derivative.label
    if (derivative.shared == "service" and not base.hosting_is_distribution) or _carries(label, base):
        return None
    carries = label.carry_restrictions is not False if isinstance(label, OwnTerms) else _restricts_alike(label, base)
    if carries:
        return _stays(base, "asks", "that the terms of a derivative carry its use restrictions")
    term = f"{_clause(base)} asks that the terms of a derivative carry its use restrictions"
    if isinstance(label, Offered) and any(text.use_policy for text in label.licenses):
        return Unsettled(f"{term}; {_names(label)} has restrictions of its own", base.derivative_terms.clause)
    return _against(base, derivative, "use-restrictions-dropped", term, "which has none")


def _base_agreement(base: License, derivative: Derivative) -> _Found:
    if _carries(derivative.label, base):
        return None
    if isinstance(derivative.label, OwnTerms) and derivative.shared == "service":
        return _stays(base, "asks", "that its agreement goes with the model, beside terms of one's own")
    term = f"{_clause(base)} asks that its agreement goes with every derivative and grants no right to relicense"
    return _against(base, derivative, "community-relicensed", term)


def _same_license(base: License, derivative: Derivative) -> _Found:
    if derivative.shared == "service" and not _reaches_services(base):
        return None
    label, terms = derivative.label, base.derivative_terms
    term = f"{_clause(base)} asks that what is made from it carries the same licence"
    if isinstance(label, Offered):
        accepted = [text for text in label.licenses if text.id in (base.id, *terms.compatible)]
        added = [text for text in label.licenses if text not in accepted and _restricts(text)]
        if accepted and added and base.forbids_extra_restrictions:
            return Conflict("further-restrictions", f"{_clause(base)} takes no further restrictions",
                            f"{_subject(derivative)} is offered under {added[0].id} too", terms.clause)  # fmt: skip
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


def _notice(base: License, derivative: Derivative) -> _Found:
    if _carries(derivative.label, base):
        return None
    return _stays(base, "asks", "that its notice, with the conditions in it, stays in every copy")


def _revenue_cap(base: License, derivative: Derivative) -> _Found:
    if _carries(derivative.label, base):
        return None
    term = f"{_clause(base)} keeps its revenue limit for derivatives"
    if isinstance(derivative.label, OwnTerms):
        return _stays(base, "keeps", "its revenue limit for derivatives, which their own terms have to carry")
    return _against(base, derivative, "cap-dropped", term, "which has none")


def _same_terms(base: License, derivative: Derivative) -> _Found:
    label = derivative.label
    if _carries(label, base):
        return None
    term = f"{_clause(base)} takes no terms that are inconsistent with it"
    if isinstance(label, Offered) and not _grants_more(label, base):
        return Unsettled(
            f"{term}; {_subject(derivative)} is offered under {_names(label)}", base.derivative_terms.clause
        )
    code = "noncommercial-dropped" if _loses_noncommercial(base, label) else "community-relicensed"
    return _against(base, derivative, code, term)


def _none(base: License, derivative: Derivative) -> _Found:
    clause = base.derivative_terms.clause
    if derivative.shared == "service" and not any(one.metric == "hosted-service" for one in base.conditions):
        return Unsettled(f"{_clause(base)} lets nobody share what is made from it; a service is not named", clause)
    term = f"{_clause(base)} lets nobody share what is made from it"
    return Conflict("no-derivatives", term, f"{_subject(derivative)} is shared", clause)


def _unknown(base: License, derivative: Derivative) -> _Found:
    if _carries(derivative.label, base):
        return None
    return Unsettled(f"what {base.id} asks of derivatives was not read", base.derivative_terms.clause)


_RULES: dict[DerivativeRule, Callable[[License, Derivative], _Found]] = {
    DerivativeRule.OWN_TERMS: _own_terms,
    DerivativeRule.OWN_TERMS_BASE_STAYS: _base_stays,
    DerivativeRule.OWN_TERMS_NONCOMMERCIAL: _noncommercial,
    DerivativeRule.OWN_TERMS_WITH_USE_RESTRICTIONS: _use_restrictions,
    DerivativeRule.BASE_AGREEMENT_TRAVELS: _base_agreement,
    DerivativeRule.SAME_LICENSE: _same_license,
    DerivativeRule.SAME_LICENSE_FOR_MODIFIED_PART: _same_license,
    DerivativeRule.NOTICE_TRAVELS: _notice,
    DerivativeRule.REVENUE_CAP_TRAVELS: _revenue_cap,
    DerivativeRule.SAME_TERMS: _same_terms,
    DerivativeRule.NONE: _none,
    DerivativeRule.UNKNOWN: _unknown,
}


def _judge_outputs(teacher: License, student: Derivative) -> Judgement:
    """A model trained on outputs: what the teacher's text says of that, and of the student as a derivative."""
    judged = [_as_judgement(_outputs(teacher, student))]
    if teacher.distillation_is_derivative == "yes":
        judged.append(_judge_derivative_label(teacher, student._replace(relation="finetune")))
    elif student.shared not in ("no", "internal"):
        judged.append(_as_judgement(_name(teacher, student)))
    return together(judged)


def _outputs(teacher: License, student: Derivative) -> _Found:
    training = teacher.output_training
    subject = says(teacher, training.clause)
    found = f"{_subject(student)} was trained on them"
    match training.value:
        case "unrestricted":
            return None
        case "conditional":
            return _on_outputs(teacher, f"conditions on training with outputs: {training.detail}", "sets")
        case "prohibited" if training.own_family_excepted and _descends(student, teacher):
            return _on_outputs(teacher, "outputs improve models that descend from it alone", "lets")
        case "prohibited":
            return Conflict("output-training", f"{subject} lets outputs improve no other model", found, training.clause)
        case "prohibited-for-competing-models":
            term = f"{subject} lets outputs improve no model that competes with the licensor"
            return Unsettled(f"{term}; nothing states whether {_subject(student)} does", training.clause)
        case "noncommercial-only" | "research-only":
            term = f"{subject} keeps its limit to {_granted(teacher)} for outputs"
            if isinstance(student.label, Offered) and _grants_commercial_use(student.label):
                return Conflict("output-training", term, found, training.clause)
            return _on_outputs(teacher, f"its limit to {_granted(teacher)} for outputs", "keeps")
        case _ if teacher.evidence.read == "partial":
            return Unsettled(f"what {teacher.id} says of outputs was not read", training.clause)
        case _:
            return None


def _on_outputs(teacher: License, what: str, verb: str) -> Duty:
    return Duty("output-training", teacher.id, what, teacher.output_training.clause, verb=verb)


def _descends(student: Derivative, teacher: License) -> bool:
    if student.started_from is None:
        return _carries(student.label, teacher)
    return any(text.id == teacher.id for text in student.started_from)


def _name(base: License, derivative: Derivative) -> Conflict | None:
    """A model made with the base has to begin its name as the base asks; a mere copy in another format is none.

    Where nobody states how it was made, it may be such a copy.
    """
    is_copy = derivative.relation in ("quantized", "unstated")
    if is_copy or not derivative.name or _begins_as_asked(base, derivative):
        return None
    asked = next(one for one in base.obligations if one.duty == "name-prefix")
    if derivative.relation == "distill" and "outputs" not in asked.scope:
        return None
    term = f'{says(base, asked.clause)} asks to begin the name of a model made with it with "{asked.value}"'
    return Conflict("name-prefix", term, f"the name is {derivative.name}", asked.clause)


def _begins_as_asked(base: License, derivative: Derivative) -> bool:
    prefixes = [one.value for one in base.obligations if one.duty == "name-prefix"]
    return all(_begins(derivative.name, prefix) for prefix in prefixes)


def _begins(name: str, prefix: str) -> bool:
    """Whether a name begins with a prefix, whatever its separators; "Llama 30B" does not begin with "Llama 3"."""
    folded = fold(name)
    for start in (fold(prefix), fold(prefix).replace("-", "")):
        if folded.startswith(start) and not (start[-1].isdigit() and folded[len(start) :][:1].isdigit()):
            return True
    return False


def _carries(label: Label, base: License) -> bool:
    return isinstance(label, Offered) and any(text.id == base.id for text in label.licenses)


def _grants_commercial_use(label: Offered) -> bool:
    return all(text.commercial_use is not CommercialUse.NO for text in label.licenses)


def _loses_noncommercial(base: License, label: Label) -> bool:
    return base.commercial_use is CommercialUse.NO and isinstance(label, Offered) and _grants_commercial_use(label)


def _grants_more(label: Offered, base: License) -> bool:
    return any(text.osi_approved for text in label.licenses) or _loses_noncommercial(base, label)


def _restricts(text: License) -> bool:
    limits_use = any(condition.effect == "no-rights" for condition in text.conditions)
    return text.commercial_use is CommercialUse.NO or text.use_policy is not None or limits_use


def _restricts_alike(label: Label, base: License) -> bool:
    """The RAIL licences attach lists of restrictions that follow one model."""
    return (
        base.category == "rail"
        and isinstance(label, Offered)
        and any(text.category == "rail" for text in label.licenses)
    )


def _reaches_services(base: License) -> bool:
    return base.hosting_is_distribution or any(one.duty == "network-source" for one in base.obligations)


def _granted(base: License) -> str:
    return next((condition.says for condition in base.conditions if condition.metric == "purpose"), "its purposes")


def _clause(base: License) -> str:
    return says(base, base.derivative_terms.clause)


def _stays(base: License, verb: str, what: str) -> Duty:
    return Duty("base-terms", base.id, what, base.derivative_terms.clause, verb=verb)


def _against(base: License, derivative: Derivative, code: str, term: str, lacking: str = "") -> Conflict | Unsettled:
    """A conflict with the label, or, where nobody states one, that this is not known."""
    clause = base.derivative_terms.clause
    match derivative.label:
        case Offered() as label:
            found = f"{_subject(derivative)} is offered under {_names(label)}"
            return Conflict(code, term, f"{found}, {lacking}" if lacking else found, clause)
        case OwnTerms():
            return Conflict(code, term, f"{_subject(derivative)} is offered under terms of its own", clause)
        case Unstated(reason):
            return Unsettled(f"{term}; {_subject(derivative)}: {reason}", clause)


def _subject(derivative: Derivative) -> str:
    return derivative.called or derivative.name or "the derivative"


def _names(label: Offered) -> str:
    return " and ".join(text.id for text in label.licenses)
