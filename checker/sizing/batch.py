"""Answers many plans, one JSON line each, in order; what is wrong with one is its answer and stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from checker.document.errors import InputError, Problem
from checker.document.json_line import parse_line
from checker.document.lines import Answered, Numbered, numbered, source_of
from checker.document.place import Place, SourceFile
from checker.document.tree import Mapping, Node, Sequence
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty
from checker.manifest.model_id import is_local
from checker.sizing.answer import answer_plan, with_alternatives
from checker.sizing.as_json import answered, as_line, failed, refused, unknown
from checker.sizing.json_types import JsonAnswer, JsonRefusal
from checker.sizing.question import RAW, Question, of_line
from checker.sizing.subject import Subject, Unanswerable, of_catalogue, of_config, of_folder
from checker.value import NamedTuple

MANY = 128
"""From this many lines on, starting further processes pays."""
_BLOCK = 4096
"""Lines that are held at a time where several processes answer them."""


class Asked(NamedTuple):
    """What holds for all lines of a batch."""

    name: str
    """The file's name, for places."""
    headroom: float
    alternatives: bool
    """Whether what would fit instead is computed."""


def answers(stream: BinaryIO, asked: Asked, jobs: int = 1) -> Iterator[Answered]:
    """One line for each line up to the last that is not blank, in order.

    Args:
        stream: the lines; where one process answers them, none is read before the one above it is answered.
        asked: what holds for all of them.
        jobs: processes that answer a long batch.
    """
    lines = numbered(stream)
    first = list(islice(lines, MANY)) if jobs > 1 else []
    if len(first) < MANY:
        yield from (_answered(line, asked) for line in chain(first, lines))
        return
    from checker.workers import of_this_process

    # Everything is loaded by the first line: processes that are forked after it have it at once.
    yield _answered(first[0], asked)
    block = first[1:]
    with of_this_process(jobs) as pool:
        while block:
            yield from pool.map(partial(_answered, asked=asked), block, chunksize=16)
            block = list(islice(lines, _BLOCK))


def _answered(line: Numbered, asked: Asked) -> Answered:
    number, data = line
    place = f"{asked.name}:{number}"
    try:
        source = source_of(place, data)
    except InputError as error:
        return Answered(as_line(_numbered(refused(error.problems, place), number, None)))
    name: str | float | None = None
    record: JsonAnswer | JsonRefusal
    bug = False
    try:
        question = of_line(source)
        name = question.id
        record = _record(question, asked)
    except InputError as error:
        keys, name = _diagnosed(source, error.problems)
        record = refused(error.problems, place, keys)
    except Exception as error:  # the other lines are still to be answered
        bug, record = True, failed(error, place)
    return Answered(as_line(_numbered(record, number, name)), bug)


def _record(question: Question, asked: Asked) -> JsonAnswer | JsonRefusal:
    subject = _subject(question)
    result = subject if isinstance(subject, Unanswerable) else answer_plan(question.plan, subject, asked.headroom)
    if isinstance(result, Unanswerable):
        return unknown(result)
    return answered(with_alternatives(result) if asked.alternatives else result)


def _subject(question: Question) -> Subject | Unanswerable:
    written = question.plan.model.value if question.plan.model else "config"
    if question.config is not None:
        return of_config(written, question.config, question.config_at, Certainty.CLAIMED)
    if is_local(written):
        return of_folder(Path(written), Path())
    return of_catalogue(written, _catalogue())


@cache
def _catalogue() -> Catalogue:
    return Catalogue()


def _numbered(record: JsonAnswer | JsonRefusal, number: int, name: str | float | None) -> JsonAnswer | JsonRefusal:
    record["line"] = number
    if name is not None:
        record["id"] = name
    return record


def _diagnosed(source: SourceFile, problems: tuple[Problem, ...]) -> tuple[tuple[str | None, ...], str | float | None]:
    """The key that each problem is about, found by its place, and what the line calls itself."""
    try:
        line = parse_line(source, RAW)
    except InputError:
        return (), None
    found = {(at.line, at.column): key for key, at in line.raw_at.items()}
    found |= {(at.line, at.column): key for key, at in _places(line.root, "")}
    keys = tuple(found.get((problem.at.line, problem.at.column)) if problem.at else None for problem in problems)
    name = line.raw.get("id")
    return keys, name if isinstance(name, (str, int, float)) and not isinstance(name, bool) else None


def _places(node: Node, path: str) -> Iterator[tuple[str, Place]]:
    """Every key and value with the path that leads to it."""
    if isinstance(node, Mapping):
        for key, entry in node.items.items():
            own = f"{path}.{key}" if path else key
            yield own, entry.key_at
            yield own, entry.value.at
            yield from _places(entry.value, own)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield f"{path}[{index}]", item.at
            yield from _places(item, f"{path}[{index}]")
    elif "," in node.text:
        column = node.at.column + (0 if node.plain else 1)
        for part in node.text.split(","):
            yield path, node.at._replace(column=column + len(part) - len(part.lstrip()))
            column += len(part) + 1
