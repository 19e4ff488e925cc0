"""Reads judged questions and answers each as `license check --batch` does."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from checker.licenses.question.answer import Record, answer
from checker.licenses.question.question import BESIDE, of_columns

DATA = Path(__file__).parents[1] / "data"
FILE = DATA / "license_cases.csv"


class Case(NamedTuple):
    id: str
    row: dict[str, str]
    expected: str
    code: str


def cases() -> Iterator[Case]:
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Case(row["case_id"], row, row["expected_verdict"], row["reason_code"])


def questions() -> Iterator[tuple[dict[str, str], str]]:
    """Questions of our own with the verdict that each has by the definitions."""
    with (DATA / "license_questions.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: value for key, value in row.items() if key not in BESIDE}, row["expected_verdict"]


def answered(case: Case) -> Record:
    return answer(of_columns({key: value for key, value in case.row.items() if key not in BESIDE}))


def verdict(case: Case) -> str:
    return answered(case)["verdict"]
