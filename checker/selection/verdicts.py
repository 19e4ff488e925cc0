"""Writes the verdict of every row: CSV, or JSON lines where the file's name says so."""

from __future__ import annotations

import csv
import json
from types import TracebackType
from typing import TextIO

from checker.report.csv import safe_row
from checker.selection.chosen import reasons
from checker.selection.judge import Judged

COLUMNS = ("row", "model", "group", "rules", "changes", "reasons")
REFUSED = "refused"
"""The verdict of a row that names no model."""


class Verdicts:
    """The open file, to which one line is added for each row."""

    def __init__(self, stream: TextIO, *, as_json: bool) -> None:
        self._stream = stream
        self._as_json = as_json
        self._writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\r\n")
        if not as_json:
            self._writer.writeheader()

    def __enter__(self) -> Verdicts:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def judged(self, row: int, one: Judged) -> None:
        """Add the verdict of a model."""
        rules = ", ".join(dict.fromkeys(stop.rule for stop in one.stops))
        changes = "; ".join(change.said for change in one.changes)
        self._add(row, one.id, one.group.value, rules, changes, "; ".join(reasons(one)))

    def refused(self, row: int, written: str, problem: str) -> None:
        """Add that a row names no model."""
        self._add(row, written, REFUSED, "", "", problem)

    def _add(self, row: int, *cells: str) -> None:
        line = dict(zip(COLUMNS, (str(row), *cells), strict=True))
        if self._as_json:
            self._stream.write(json.dumps(line | {"row": row}, ensure_ascii=True) + "\n")
        else:
            self._writer.writerow(safe_row(line))
