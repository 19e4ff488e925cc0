"""Judges a question: every ancestor's terms, under each reading of what was spelled, with the choices that exist.

A spelling that names several texts is settled where all of them come to the same; where the base gives a choice, the
chooser takes what serves best; where the derivative's licence gives one, each choice has to be open to recipients.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

from checker.licenses import lineage, use
from checker.licenses.alternatives import MOST, Choice, Reading, Spelled, all_of, plain, spelled
from checker.licenses.derivative import (
    Derivative,
    Judgement,
    Label,
    Offered,
    OwnTerms,
    RelationName,
    Unstated,
    Verdict,
    together,
)
from checker.licenses.license import License
from checker.licenses.question.question import Question
from checker.licenses.question.situation import SHARING, situation
from checker.licenses.registry import Ambiguous, ids, load, resolve
from checker.value import NamedTuple


class Step(NamedTuple):
    """What one ancestor comes to."""

    way: str
    """How it reaches the model: "finetune of a model under llama3.1"."""
    licenses: tuple[License, ...]
    judgement: Judgement


class Judged(NamedTuple):
    """What all ancestors come to together."""

    verdict: Verdict
    steps: tuple[Step, ...]
    open: tuple[str, ...] = ()
    """Why nothing can be said: a text that is not known, or readings that come to different verdicts."""
    notes: tuple[str, ...] = ()
    """What was taken to be so: which reading, which choice."""


class _Parts(NamedTuple):
    """The ancestors by what they are to the model."""

    bases: tuple[Spelled, ...]
    student: Spelled | None
    teacher: Spelled | None


_GOOD_TO_BAD: tuple[Verdict, ...] = ("ok", "conditional", "unknown", "conflict")


def judge(question: Question) -> Judged:
    """What the question comes to."""
    parts = _parts(question)
    unknown = tuple(f"`{name}`: {found.problem}" for name, found in _named(question, parts) if not found.readings)
    if unknown:
        return _beside_unknown(question, parts, unknown)
    return _known(question, parts)


def _beside_unknown(question: Question, parts: _Parts, unknown: tuple[str, ...]) -> Judged:
    """What is known can still come to a conflict, which no other ancestor takes away."""
    known = _Parts(
        bases=tuple(base for base in parts.bases if base.readings),
        student=parts.student if parts.student and parts.student.readings else None,
        teacher=parts.teacher if parts.teacher and parts.teacher.readings else None,
    )
    judged = _known(question, known) if known.bases else Judged("unknown", ())
    if judged.verdict == "conflict":
        return judged._replace(notes=(*judged.notes, *(f"not judged: {one}" for one in unknown)))
    return Judged("unknown", judged.steps, unknown)


def _known(question: Question, parts: _Parts) -> Judged:
    slots = (*parts.bases, *(one for one in (parts.student, parts.teacher) if one is not None))
    problems = tuple(dict.fromkeys(one.problem for one in slots if one.problem))
    readings = [_best(question, parts, reading, labels) for reading in _readings(slots) for labels in _labels(question)]
    if not readings:
        return Judged("unknown", (), (*problems, "there are more readings than are followed"))
    verdicts = {judged.verdict for judged in readings}
    if len(verdicts) > 1:
        return Judged("unknown", (), (*problems, f"the readings come to {', '.join(_sorted(verdicts))}"))
    worst = max(readings, key=lambda judged: len(judged.steps))
    same = tuple(f"{problem}; all come to {worst.verdict}" for problem in problems)
    return worst._replace(notes=(*worst.notes, *same, *_unread_labels(question)))


def _unread_labels(question: Question) -> Iterator[str]:
    """Labels that name no text: the verdict does not tell of them where the bases leave the label free."""
    if question.remarks.own_terms_carry_limits is not None:
        return
    for spelling in question.offered_as:
        found = _exact(spelling, question)
        if not found.readings and spelling.casefold() != "proprietary":
            yield f"the terms of the label are not looked at: `{spelling}`: {found.problem}"


def _sorted(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=_GOOD_TO_BAD.index)


def _readings(slots: tuple[Spelled, ...]) -> Iterator[tuple[Reading, ...]]:
    count = 1
    for slot in slots:
        count *= len(slot.readings)
    return product(*(slot.readings for slot in slots)) if count <= MOST else iter(())


def _parts(question: Question) -> _Parts:
    remarks = question.remarks
    return _Parts(
        bases=tuple(_base(spelling, question) for spelling in question.bases),
        student=_in_words(remarks.student_base) if remarks.student_base else None,
        teacher=_in_words(remarks.teacher) if remarks.teacher else None,
    )


def _named(question: Question, parts: _Parts) -> Iterator[tuple[str, Spelled]]:
    yield from zip(question.bases, parts.bases, strict=True)
    if parts.student is not None:
        yield question.remarks.student_base, parts.student
    if parts.teacher is not None:
        yield question.remarks.teacher, parts.teacher


def _base(spelling: str, question: Question) -> Spelled:
    """A base's licence; `spdx` and `base` say which text a vague spelling, or another version of it, stands for."""
    found = _exact(spelling, question)
    if question.remarks.family and found.problem:
        return _of_family(spelling, found, question.remarks.family)
    return found


def _exact(spelling: str, question: Question) -> Spelled:
    """What a spelling means; the exact id that is stated beside stands for one that may mean it, or means nothing."""
    found = spelled(spelling)
    exact = spelled(question.remarks.spdx) if question.remarks.spdx else Spelled(())
    if not exact.readings:
        return found
    if found.problem:
        may_mean = not found.readings or _ids(found) & _ids(exact)
        return exact if may_mean else found
    return exact if _ids(found) == {f"{_version(question.remarks.spdx)}-only"} else found


def _ids(found: Spelled) -> set[str]:
    return {text.id for reading in found.readings for choice in reading for text in choice}


def _version(spdx: str) -> str:
    """An id without what it says of later versions: GPL-2.0 of GPL-2.0-or-later."""
    return spdx.strip().removesuffix("+").removesuffix("-or-later").removesuffix("-only")


def _of_family(spelling: str, found: Spelled, family: str) -> Spelled:
    """What a vague spelling means for a named model: the reading that is of this family, if there is just one."""
    named = spelled("other", license_name=family)
    if len(named.readings) == 1 and not named.problem:
        return named
    resolved = resolve(spelling)
    members = resolved.candidates if isinstance(resolved, Ambiguous) else ()
    length = {member: _shared(member, _letters(family)) for member in members}
    best = [member for member in members if length[member] and length[member] == max(length.values())]
    return plain(load(best[0])) if len(best) == 1 and best[0] in ids() else found


def _shared(license_id: str, family: str) -> int:
    """Letters that the name of a model has in common with a licence's id, or with a model that is seen under it."""
    seen = load(license_id).models_seen if license_id in ids() else ()
    names = [_letters(name) for name in (license_id, *seen)]
    return max(
        (min(len(name), len(family)) for name in names if name and (name in family or family in name)), default=0
    )


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def _in_words(written: str) -> Spelled:
    """A licence that may stand behind the name of a model: "mistral apache-2.0"."""
    found = spelled(written)
    for word in reversed(written.replace("(", " ").replace(")", " ").split()):
        if found.readings:
            break
        found = spelled(word)
    return found


def _best(question: Question, parts: _Parts, reading: tuple[Reading, ...], labels: tuple[Label, ...]) -> Judged:
    """What the choice comes to that serves the chooser best."""
    chosen: list[Judged] = []
    for number, choices in enumerate(product(*reading)):
        if number == MOST:
            break
        judged = _worst(question, parts, choices, labels)
        several = [text.id for slot, choice in zip(reading, choices, strict=True) if len(slot) > 1 for text in choice]
        notes = (f"of the licences that are offered for choice, {', '.join(several)} is taken",) if several else ()
        chosen.append(judged._replace(notes=(*judged.notes, *notes)))
    return min(chosen, key=lambda judged: _GOOD_TO_BAD.index(judged.verdict))


def _worst(question: Question, parts: _Parts, choices: tuple[Choice, ...], labels: tuple[Label, ...]) -> Judged:
    """What the licence of the derivative comes to that is worst among those that recipients may choose."""
    judged = [_judged(question, tuple(_steps(question, parts, choices, label))) for label in labels]
    return max(judged, key=lambda one: _GOOD_TO_BAD.index(one.verdict))


def _judged(question: Question, steps: tuple[Step, ...]) -> Judged:
    """What is not stated, and what is left to show of a text that was read, makes the verdict `conditional`."""
    everything = together(step.judgement for step in steps)
    to_prove: list[object] = [*everything.needs, *(one for one in everything.unsettled if one.provable)]
    if question.distributed != "no" and question.relation != "distill":  # a product holds the model
        to_prove += [step for step in steps if nothing_counted(step)]
    found = everything._replace(
        needs=(), unsettled=tuple(one for one in everything.unsettled if not one.provable)
    ).verdict
    return Judged("conditional" if found == "ok" and to_prove else found, steps)


def nothing_counted(step: Step) -> bool:
    """Whether a text asks something of large products, and nothing that it counts is stated."""
    asked = sum(
        condition.effect == "duty" and condition.limit > 0 for text in step.licenses for condition in text.conditions
    )
    open_still = sum(duty.kind == "condition" and not duty.certain for duty in step.judgement.duties)
    return 0 < asked == open_still


def _labels(question: Question) -> tuple[tuple[Label, ...], ...]:
    """What the derivative's licence may mean, and for each meaning what recipients may choose between."""
    own_terms = question.remarks.own_terms_carry_limits
    if own_terms is not None or any(one.casefold() == "proprietary" for one in question.offered_as):
        return ((OwnTerms(own_terms),),)
    if not question.offered_as:
        return ((Unstated(),),)
    found = all_of(_exact(spelling, question) for spelling in question.offered_as)
    if not found.readings:
        return ((Unstated(found.problem),),)
    return tuple(tuple(Offered(choice) for choice in reading) for reading in found.readings)


def _steps(question: Question, parts: _Parts, choices: tuple[Choice, ...], label: Label) -> Iterator[Step]:
    count = len(parts.bases)
    # By id: the hash of a licence goes through all of its text.
    bases = tuple({text.id: text for choice in choices[:count] for text in choice}.values())
    rest = list(choices[count:])
    student = rest.pop(0) if parts.student is not None else ()
    teacher = rest.pop(0) if parts.teacher is not None else ()
    if question.relation == "none" and _is_as_taken(question, label, bases):
        yield from _used(question, bases)
        return
    derivative = Derivative(
        label=label,
        relation="quantized" if question.relation == "none" else question.relation,
        name=question.name,
        shared=SHARING[question.distributed or "yes"],
        started_from=student or None,
        student=question.remarks.student,
    )
    yield from _made(question, derivative, bases, student, teacher)


def _is_as_taken(question: Question, label: Label, bases: tuple[License, ...]) -> bool:
    """Whether nothing else is offered than what was taken: no other label, or that of the bases and no more."""
    if isinstance(label, Offered):
        return {text.id for text in label.licenses} == {text.id for text in bases}
    return isinstance(label, Unstated) and not question.offered_as


def _used(question: Question, bases: tuple[License, ...]) -> Iterator[Step]:
    """The base itself, under its own terms."""
    for base in bases:
        results = use.judge(base, situation(question, bases))
        yield Step(f"a model under {base.id}", (base,), lineage.as_judged(results))


def _made(
    question: Question,
    derivative: Derivative,
    bases: tuple[License, ...],
    student: tuple[License, ...],
    teacher: tuple[License, ...],
) -> Iterator[Step]:
    """Each ancestor by what it is to the derivative: what its weights come from, or whose outputs it learned from."""
    distilled = derivative.relation == "distill"
    teachers = [base for base in bases if distilled and (not teacher or base not in student)]
    teachers += [text for text in teacher if text not in teachers]
    weights = [base for base in bases if not distilled]
    weights += [text for text in student if text not in weights]
    started_from = derivative.started_from if distilled else bases
    stated = situation(question, (*bases, *student, *teacher))
    relation: RelationName = "finetune" if distilled else derivative.relation
    for base in weights:
        found = lineage.judge(base, derivative._replace(relation=relation), stated)
        way = "a copy of" if question.relation == "none" else f"{_RELATED[relation]} of"
        run_time = ", whose weights are needed at run time" if question.remarks.needs_base else ""
        yield Step(f"{way} a model under {base.id}{run_time}", (base,), found)
    for base in teachers:
        found = lineage.judge(base, derivative._replace(relation="distill", started_from=started_from), stated)
        yield Step(f"trained on outputs of a model under {base.id}", (base,), found)
    joined = lineage.judge_joined(weights, derivative)
    if joined.conflicts:
        yield Step("these in one whole", tuple(weights), joined)


_RELATED: dict[str, str] = {
    "finetune": "a finetune", "adapter": "an adapter", "merge": "a merge", "quantized": "a quantised copy",
    "unstated": "made in an unstated way out",
}  # fmt: skip
