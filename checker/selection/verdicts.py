"""Writes the verdict of every row: CSV, JSON lines or Parquet, as the file's name says."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO, TypeAlias

from checker.document.errors import InputError
from checker.document.inside import refuse_link_out
from checker.report.csv import safe_row
from checker.selection.chosen import reasons
from checker.selection.judge import Judged
from checker.selection.table_file import JSON_LINES, PARQUET
from checker.selection.watched import FIRST, ID, LAST, PIN, told
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.selection.parquet import Writer

COLUMNS = ("row", "model", "group", "rules", "changes", "reasons")
REFUSED = "refused"
"""The verdict of a row that names no model."""
Lines: TypeAlias = str | tuple[Sequence[int], Sequence[str], Sequence["Verdict"]]
"""Rows as they are written: text, or numbers, models and verdicts."""


class Verdict(NamedTuple):
    """What is written of a row beside its number and its model; the model may be left open in it."""

    group: str
    rules: str = ""
    changes: str = ""
    reasons: str = ""

    def of(self, model: str, revision: str | None) -> Verdict:
        """The same of one model."""
        return self._replace(reasons=told(self.reasons, model, revision))


def verdict_of(judged: Judged, why: Sequence[str] | None = None) -> Verdict:
    """The verdict of a candidate; `why` is what blocks where that is known without the engine."""
    rules = ", ".join(dict.fromkeys(mark.rule for mark in judged.blocking))
    changes = "; ".join(change.said for change in judged.changes)
    return Verdict(judged.group.value, rules, changes, "; ".join(reasons(judged) if why is None else why))


def form_of(path: str) -> str:
    """How the file of that name is written."""
    suffix = Path(path).suffix.lower()
    return "json" if suffix in JSON_LINES else "parquet" if suffix == PARQUET else "csv"


def line(form: str, number: int, model: str, verdict: Verdict) -> str:
    """One row as text, the model of a verdict that is left open too."""
    return written(form, number, *_safe(form, model, verdict))


def written(form: str, number: int, model: str, rest: str) -> str:
    """One row, of which all but its number is encoded."""
    return f'{{"row": {number}, "model": "{model}", {rest}}}\n' if form == "json" else f"{number},{model},{rest}\r\n"


@lru_cache(maxsize=1024)  # thousands of models are stopped by the same
def encoded(form: str, verdict: Verdict) -> str:
    """What stands behind a model's id, with the model still left open: ids and commits need no escaping."""
    text = "".join(verdict)
    tokens = next(found for found in map(_tokens, count()) if not any(token in text for token in found.values()))
    closed = Verdict(*(_with(cell, tokens) for cell in verdict))
    opened = {token: mark for mark, token in tokens.items()}
    return _with(_safe(form, "", closed)[1], opened)


def _tokens(number: int) -> dict[str, str]:
    """Letters that stand for what stands for a model while a text is escaped."""
    return {mark: f"q{number}{letter}q" for mark, letter in zip((ID, LAST, FIRST, PIN), "wxyz", strict=True)}


def _with(text: str, words: dict[str, str]) -> str:
    for old, new in words.items():
        text = text.replace(old, new)
    return text


def _safe(form: str, model: str, verdict: Verdict) -> tuple[str, str]:
    cells = dict(zip(COLUMNS[1:], (model, *verdict), strict=True))
    if form == "json":
        return json.dumps(cells.pop("model"))[1:-1], json.dumps(cells)[1:-1]
    stream = io.StringIO(newline="")
    safe = safe_row(cells)
    csv.writer(stream, lineterminator="").writerow([safe.pop("model")])
    first = stream.getvalue()
    rest = io.StringIO(newline="")
    csv.writer(rest, lineterminator="").writerow(safe.values())
    return first, rest.getvalue()


class Verdicts:
    """The open file, to which lines are added in the order of the rows; it has its name once it is whole."""

    def __init__(self, path: str, relaxations: tuple[str, ...] = ()) -> None:
        """Open it.

        Args:
            path: the file.
            relaxations: what loosens the run. Each line of JSON says it, and the schema of Parquet; a table by RFC 4180
                is columns alone, so that who writes it has to say it elsewhere.

        Raises:
            InputError: it cannot be written, or needs an extra that is not installed.
        """
        self.form = form_of(path)
        self.unsaid = relaxations if self.form == "csv" else ()
        """What loosens the run and has no place in the file."""
        self._end = f', "relaxations": {json.dumps(relaxations)}}}\n'
        self._named = path
        refuse_link_out(Path(path))
        self._target = Path(os.path.realpath(path))
        # A device or a pipe is written to and never replaced.
        through = self._target.exists() and not self._target.is_file()
        self._beside = self._target if through else self._target.with_name(f".{self._target.name}.{os.getpid()}")
        self._stream: TextIO | None = None
        self._writer: Writer | None = None
        with self._writing():
            if self.form == "parquet":
                from checker.selection.parquet import Writer

                self._writer = Writer(self._beside, COLUMNS, {"relaxations": json.dumps(relaxations)})
            else:
                self._stream = open(self._beside, "w", encoding="utf-8", newline="")  # noqa: SIM115 - closed at the end
        if self.form == "csv":
            self.add(f"{','.join(COLUMNS)}\r\n")

    def __enter__(self) -> Verdicts:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            self._dropped()
            return
        with self._writing():
            for one in (self._stream, self._writer):
                if one is not None:
                    one.close()
            if self._beside != self._target:
                os.replace(self._beside, self._target)

    def _dropped(self) -> None:
        """Leave what had the name before: half a table reads like a whole one."""
        for one in (self._stream, self._writer):
            if one is not None:
                with suppress(OSError):  # a full disk may refuse the rest, which nobody wants
                    one.close()
        if self._beside != self._target:
            self._beside.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._dropped()
            sentence = f"cannot be written: {error.strerror or error}"
            raise InputError.one(sentence, expected="a file in a folder that exists", file=self._named) from error

    def add(self, lines: Lines) -> None:
        """Add rows.

        Raises:
            InputError: the disk is full.
        """
        with self._writing():
            if self._stream is not None:
                assert isinstance(lines, str)
                # Within a line of JSON no end of a line stands unescaped: this is the end of each object and no other.
                self._stream.write(lines.replace("}\n", self._end) if self.form == "json" else lines)
            elif self._writer is not None:
                assert not isinstance(lines, str)
                numbers, models, verdicts = lines
                self._writer.write((numbers, models, *zip(*verdicts, strict=True)))

    def judged(self, number: int, one: Judged) -> None:
        """Add the verdict of a model."""
        verdict = verdict_of(one)
        row = ((number,), (one.id,), (verdict,))
        self.add(row if self.form == "parquet" else line(self.form, number, one.id, verdict))
