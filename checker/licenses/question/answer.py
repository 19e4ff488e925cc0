"""The answer to a question: verdict, reasons with clauses, what must be done, and what was not stated or not read.

`Record` is the answer for programs; `as_lines` is the same for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NotRequired

from typing_extensions import TypedDict

from checker.document.errors import Problem, visible
from checker.licenses.derivative import Verdict
from checker.licenses.license import License
from checker.licenses.limits import MODEL_AS_A_SERVICE
from checker.licenses.question.codes import code_of, of_need
from checker.licenses.question.judged import Judged, Step, judge, nothing_counted
from checker.licenses.question.question import Question
from checker.licenses.question.situation import assumed_month
from checker.licenses.terms import Duty, Needs


class Reason(TypedDict):
    """One reason: its kind, the clause it rests on (empty where no single one), and a sentence."""

    code: str
    clause: str
    text: str


class Owed(TypedDict):
    """One duty: `when` is the circumstance that brings it about where nothing states whether it holds."""

    duty: str
    license: str
    clause: str
    when: str
    text: str


class Record(TypedDict):
    """The answer to one question."""

    verdict: Verdict
    reasons: list[Reason]
    obligations: list[Owed]
    assumed: list[str]
    """What was taken to be so, and with which effect."""
    not_read: list[str]
    """Facts and remarks of no known kind: while there are any, nothing but a conflict is certain."""
    line: NotRequired[int]
    id: NotRequired[str]
    error: NotRequired[str]


_WORDS = {
    "organisation.users states": "the users stated are",
    "use.monthly_active_users is": "the users stated are",
    "organisation.revenue states": "the revenue stated is",
    "organisation.seat is": "the region is",
    "use.regions holds": "the region is",
    "use.purpose is commercial": "the use is commercial",
    "use.purpose is": "the use is",
    "use.distribution is weights": "copies are distributed",
    "use.distribution is service": "it is hosted for others",
    "daily_users is": "the daily users stated are",
}
"""A manifest's keys in the words of a question."""
_ASKS = {
    MODEL_AS_A_SERVICE: "whether the licensee offers models as a service (business=maas or business=consumer_app)",
    "use.purpose": "the use (commercial, research or internal)",
    "use.distribution": "whether it is distributed (yes, no or hosted)",
    "organisation.revenue": "the revenue",
    "organisation.users": "the users of licensee and affiliates in the month that counts",
    "use.monthly_active_users": "the monthly users",
    "organisation.seat": "the licensee's region",
    "use.regions": "the region",
    "known.multimodal": "whether the model is multimodal",
    "obligations": "whether it is granted",
}


def answer(question: Question) -> Record:
    """What the question comes to. A fact that was not read could turn any verdict but a conflict."""
    judged = judge(question)
    not_read = list(question.remarks.not_read)
    unsure = bool(not_read) and judged.verdict != "conflict"
    reasons = [_of_unread(not_read), *_reasons(question, judged)] if unsure else list(_reasons(question, judged))
    return Record(
        verdict="unknown" if unsure else judged.verdict,
        reasons=reasons,
        obligations=list(_obligations(judged)),
        assumed=[*judged.notes, *_assumed(question, judged)],
        not_read=not_read,
    )


def refused(problems: tuple[Problem, ...]) -> Record:
    """The answer to a line that puts no question."""
    sentences = "; ".join(_sentence(problem) for problem in problems)
    reasons = [Reason(code="bad-input", clause="", text=sentences)]
    return Record(verdict="unknown", reasons=reasons, obligations=[], assumed=[], not_read=[], error=sentences)


def _sentence(problem: Problem) -> str:
    advice = "; ".join(part for part in (problem.expected and f"expected {problem.expected}", problem.hint) if part)
    return f"{problem.sentence}: {advice}" if advice else problem.sentence


def _of_unread(not_read: list[str]) -> Reason:
    text = f"what these facts mean for the licences is not known: {', '.join(not_read)}"
    return Reason(code="fact-not-read", clause="", text=text)


def _reasons(question: Question, judged: Judged) -> Iterator[Reason]:
    code = code_of(question, judged)
    match judged.verdict:
        case "conflict":
            yield from _conflicts(judged)
        case "unknown":
            yield from (Reason(code="unknown", clause="", text=one) for one in judged.open)
            yield from _unsettled(judged)
        case "conditional":
            yield Reason(code=code, clause=_clauses(judged), text=_left(judged))
            yield from _needs(judged)
            yield from _unsettled(judged)
        case "ok":
            yield from (Reason(code=code, clause="", text=_clear(step)) for step in judged.steps)


def _conflicts(judged: Judged) -> Iterator[Reason]:
    for step in judged.steps:
        for one in step.judgement.conflicts:
            yield Reason(code=one.code, clause=one.clause, text=f"{step.way}: {_in_words(one.sentence)}")


def _unsettled(judged: Judged) -> Iterator[Reason]:
    for step in judged.steps:
        for one in step.judgement.unsettled:
            yield Reason(
                code="left-to-prove" if one.provable else "unsettled",
                clause=one.clause,
                text=f"{step.way}: {_in_words(one.reason)}",
            )


def _needs(judged: Judged) -> Iterator[Reason]:
    for step in judged.steps:
        for one in step.judgement.needs:
            yield Reason(code=of_need(one), clause=one.clause, text=f"{step.way}: {_asked(one)}")


def _asked(need: Needs) -> str:
    return f"{_in_words(need.why)}; not stated: {_ASKS.get(need.key, need.key)}"


def _left(judged: Judged) -> str:
    parts = []
    for step in judged.steps:
        owed = [_in_words(duty.asks) for duty in _standing_out(step)]
        asked = [f"stating {_ASKS.get(need.key, need.key)}" for need in step.judgement.needs]
        unclear = [_in_words(one.reason) for one in step.judgement.unsettled]
        counted = [
            _in_words(duty.asks) for duty in step.judgement.duties if duty.kind == "condition" and not duty.certain
        ]
        owed += counted if not owed and nothing_counted(step) else []
        if owed or asked or unclear:
            parts.append(f"{step.way}: left to prove: {'; '.join(dict.fromkeys((*owed, *asked, *unclear)))}")
    return " | ".join(parts)


def _standing_out(step: Step) -> list[Duty]:
    return [duty for duty in step.judgement.duties if duty.certain and not duty.ordinary and duty.verb != "encourages"]


def _clauses(judged: Judged) -> str:
    clauses = [
        *(duty.clause for step in judged.steps for duty in _standing_out(step)),
        *(need.clause for step in judged.steps for need in step.judgement.needs),
    ]
    return ", ".join(dict.fromkeys(clause for clause in clauses if clause))


def _clear(step: Step) -> str:
    return f"{step.way}: no conflict found in what was read of {' and '.join(_read(text) for text in step.licenses)}"


def _read(text: License) -> str:
    return f"{text.id} ({text.what_was_read})"


def _obligations(judged: Judged) -> Iterator[Owed]:
    seen: set[Duty] = set()
    for step in judged.steps:
        for duty in step.judgement.duties:
            if duty not in seen:
                seen.add(duty)
                yield Owed(
                    duty=duty.kind,
                    license=duty.license_id,
                    clause=duty.clause,
                    when=duty.only_if,
                    text=_in_words(duty.sentence),
                )


def _assumed(question: Question, judged: Judged) -> Iterator[str]:
    counted = {
        (text.id, condition.month)
        for step in judged.steps
        for text in step.licenses
        for condition in text.conditions
        if condition.month
    }
    if assumed_month(question):
        for license_id, month in sorted(counted):
            yield f"the users are those of {month}, the month that {license_id} counts: no month is stated"


def _in_words(sentence: str) -> str:
    for keys, words in _WORDS.items():
        if keys in sentence:
            sentence = sentence.replace(keys, words)
    return sentence


def as_lines(record: Record) -> Iterator[str]:
    """The answer for people: verdict, reasons, duties, and what it rests on."""
    yield f"{record['verdict']}\n"
    for reason in record["reasons"]:
        clause = f" ({reason['clause']})" if reason["clause"] else ""
        yield visible(f"  {reason['code']}{clause}: {reason['text']}") + "\n"
    if record["obligations"]:
        yield "obligations:\n"
        yield from (visible(f"  {owed['text']}") + "\n" for owed in record["obligations"])
    for title, sentences in (("taken to be so", record["assumed"]), ("not read", record["not_read"])):
        if sentences:
            yield f"{title}:\n"
            yield from (visible(f"  {sentence}") + "\n" for sentence in sentences)
