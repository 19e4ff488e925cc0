"""Answers many plans, one JSON line each, in order; what is wrong with one is its answer and stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from checker.document.errors import InputError, Problem
from checker.document.json_line import parse_line
from checker.document.place import Place, SourceFile
from checker.document.read import MAX_BYTES, from_text
from checker.document.tree import Mapping, Node, Sequence
from checker.facts.catalogue import Catalogue
from checker.facts.fact import Certainty
from checker.manifest.model_id import is_local
from checker.sizing.answer import answer_plan, with_alternatives
from checker.sizing.as_json import JsonAnswer, JsonRefusal, answered, as_line, failed, refused, unknown
from checker.sizing.question import RAW, Question, of_line
from checker.sizing.subject import Subject, Unanswerable, of_catalogue, of_config, of_folder


class Batch:
    """The answers to the lines of one file; `bugs` counts those that are owed to a mistake of ours."""

    def __init__(
        self, stream: BinaryIO, name: str, headroom: float, catalogue: Catalogue, *, alternatives: bool = False
    ) -> None:
        self._stream = stream
        self._name = name
        self._headroom = headroom
        self._catalogue = catalogue
        self._alternatives = alternatives
        self.bugs = 0

    def answers(self) -> Iterator[str]:
        """One line for each line up to the last that is not blank."""
        blank: list[int] = []
        for number, data in enumerate(self._lines(), start=1):
            if not data.strip():
                blank.append(number)
                continue
            for skipped in blank:
                yield as_line(self._answer(skipped, b""))
            blank.clear()
            yield as_line(self._answer(number, data))

    def _lines(self) -> Iterator[bytes]:
        """The lines, of each no more than the limit and one byte beyond it."""
        while data := self._stream.readline(MAX_BYTES + 1):
            rest = data
            while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
                rest = self._stream.readline(MAX_BYTES + 1)
            yield data if len(data) > MAX_BYTES else data.rstrip(b"\r\n")

    def _answer(self, number: int, data: bytes) -> JsonAnswer | JsonRefusal:
        place = f"{self._name}:{number}"
        try:
            if len(data) > MAX_BYTES:
                raise InputError.one("the line is larger than 1 MiB", expected=f"at most {MAX_BYTES} bytes")
            source = from_text(place, data)
        except InputError as error:
            return _numbered(refused(error.problems, place), number, None)
        name: str | float | None = None
        record: JsonAnswer | JsonRefusal
        try:
            question = of_line(source)
            name = question.id
            record = self._record(question)
        except InputError as error:
            keys, name = _diagnosed(source, error.problems)
            record = refused(error.problems, place, keys)
        except Exception as error:  # the other lines are still to be answered
            self.bugs += 1
            record = failed(error, place)
        return _numbered(record, number, name)

    def _record(self, question: Question) -> JsonAnswer | JsonRefusal:
        subject = self._subject(question)
        result = subject if isinstance(subject, Unanswerable) else answer_plan(question.plan, subject, self._headroom)
        if isinstance(result, Unanswerable):
            return unknown(result)
        return answered(with_alternatives(result) if self._alternatives else result)

    def _subject(self, question: Question) -> Subject | Unanswerable:
        written = question.plan.model.value if question.plan.model else "config"
        if question.config is not None:
            return of_config(written, question.config, question.config_at, Certainty.CLAIMED)
        if is_local(written):
            return of_folder(Path(written), Path())
        return of_catalogue(written, self._catalogue)


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
