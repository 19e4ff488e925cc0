"""Answers of `classify` as programs and people read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, TypedDict

from checker.document.as_json import dumps
from checker.document.errors import InputError, Problem, visible
from checker.document.json_line import parse_line
from checker.document.lines import Answered, bug_in_words, numbered, source_of
from checker.document.place import SourceFile
from checker.facts.kind.decide import Evidence, Kind, classify
from checker.facts.kind.record import KEYS, signals_of


class JsonSeen(TypedDict):
    """One sign that was seen."""

    sign: str
    value: str


class JsonEvidence(TypedDict):
    """One row of a table that decided something."""

    decides: str
    answer: str
    because: str
    seen: list[JsonSeen]
    certainty: str
    by_default: bool


class JsonKind(TypedDict):
    """What kind of model it is."""

    id: str
    architecture_class: str | None
    variant: str | None
    objectives: list[str]
    certainty: str
    attributes: list[str]
    evidence: list[JsonEvidence]


class JsonRefused(TypedDict):
    """A line without an answer."""

    id: str | None
    line: int
    error: list[dict[str, str]]


_LONGEST = 80
"""Characters of a card or a template that are shown."""


def as_json(name: str, kind: Kind) -> JsonKind:
    """An answer as programs read it."""
    return JsonKind(
        id=name,
        architecture_class=kind.architecture_class,
        variant=kind.training,
        objectives=list(kind.objectives),
        certainty=kind.standing,
        attributes=list(kind.attributes),
        evidence=[_evidence(item) for item in kind.evidence],
    )


def as_text(name: str, kind: Kind) -> str:
    """An answer for a terminal."""
    lines = [
        f"{visible(name)}: {kind.architecture_class or 'unknown class'}, {kind.training or 'unknown variant'}",
        f"certainty:  {kind.standing}",
        f"objectives: {', '.join(kind.objectives) or 'none of those that a manifest names'}",
    ]
    if kind.attributes:
        lines.append(f"attributes: {', '.join(kind.attributes)}")
    lines.append("evidence:")
    for item in kind.evidence:
        seen = ", ".join(f"{sign}={visible(_cut(value))}" for sign, value in item.seen)
        lines.append(
            f"  {item.decides}: {item.answer}, because of {item.because}{f' ({seen})' if seen else ''}; {_sure(item)}"
        )
    return "\n".join(lines) + "\n"


def answers(stream: BinaryIO, name: str) -> Iterator[Answered]:
    """One line of JSON for each line up to the last that is not blank, in order; a bad line is answered by its error.

    Args:
        stream: the lines.
        name: the file's name, for places.
    """
    for number, data in numbered(stream):
        place, bug = f"{name}:{number}", False
        try:
            answer = _answer(number, place, data)
        except Exception as error:  # the other lines are still to be answered
            told = _problem(Problem(bug_in_words(error)), place)
            answer, bug = JsonRefused(id=None, line=number, error=[told]), True
        yield Answered(dumps(answer, ensure_ascii=True, allow_nan=False) + "\n", bug)


def _answer(number: int, place: str, data: bytes) -> JsonKind | JsonRefused:
    named: str | None = None
    try:
        record = _record(source_of(place, data))
        named = record["id"] if isinstance(record.get("id"), str) else None
        signals = signals_of(record)
    except InputError as error:
        return JsonRefused(id=named, line=number, error=[_problem(problem, place) for problem in error.problems])
    return as_json(signals.id, classify(signals))


def _record(source: SourceFile) -> dict[str, Any]:
    """The object in one line; keys that mean nothing here keep their names alone."""
    line = parse_line(source, KEYS)
    return {**dict.fromkeys(line.root.items), **line.raw}


def _problem(problem: Problem, place: str) -> dict[str, str]:
    where = f"{place}:{problem.at.column}" if problem.at else place
    told = {"message": problem.sentence, "place": where, "expected": problem.expected, "hint": problem.hint}
    return {key: text for key, text in told.items() if text}


def _evidence(item: Evidence) -> JsonEvidence:
    return JsonEvidence(
        decides=item.decides,
        answer=item.answer,
        because=item.because,
        seen=[JsonSeen(sign=sign, value=_cut(value)) for sign, value in item.seen],
        certainty=item.standing,
        by_default=item.by_default,
    )


def _sure(item: Evidence) -> str:
    return f"{item.standing}, by default" if item.by_default else str(item.standing)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
