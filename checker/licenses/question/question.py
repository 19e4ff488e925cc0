"""One question to the licences, from its columns: who takes what, makes what of it, and offers it how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias, get_args

from checker.document.errors import InputError, Problem, shown
from checker.document.nearest import did_you_mean
from checker.licenses.derivative import RelationName
from checker.licenses.question.remarks import Remarks, read
from checker.value import NamedTuple

Relation: TypeAlias = Literal["none"] | RelationName
Use: TypeAlias = Literal["commercial", "research", "internal"]
Distributed: TypeAlias = Literal["yes", "no", "hosted"]
Period: TypeAlias = Literal["year", "month"]

COLUMNS = (
    "base_licenses", "relation", "derivative_license", "derivative_name", "use", "distributed", "mau", "revenue_usd",
    "revenue_period", "region", "multimodal", "extra_facts",
)  # fmt: skip
"""The columns of a question."""
BESIDE = ("case_id", "family", "expected_verdict", "reason_code", "reason", "source")
"""Columns that a file of judged cases has besides; they are not looked at."""
RELATIONS: tuple[str, ...] = ("none", "finetune", "adapter", "merge", "quantized", "distill")
USES: tuple[str, ...] = get_args(Use)
DISTRIBUTED: tuple[str, ...] = get_args(Distributed)
PERIODS: dict[str, Period] = {
    "year": "year", "yearly": "year", "annual": "year", "12 months": "year", "month": "month", "monthly": "month",
}  # fmt: skip
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_LARGEST = 18
"""Digits of the largest number of users or dollars that is taken."""


class Question(NamedTuple):
    """One question. None and empty mean that it is not given."""

    bases: tuple[str, ...]
    """The licences of what is taken, as they are spelled."""
    relation: Relation = "none"
    offered_as: tuple[str, ...] = ()
    """The licences of the derivative; all of them apply."""
    name: str = ""
    use: Use | None = None
    distributed: Distributed | None = None
    mau: int | None = None
    """Monthly users of licensee and affiliates."""
    revenue_usd: int | None = None
    period: Period = "year"
    region: str = ""
    multimodal: bool | None = None
    remarks: Remarks = Remarks()


def of_columns(row: Mapping[str, str], file: str = "") -> Question:
    """The question that a row puts.

    Args:
        row: the columns by name; one that is missing is not given.
        file: what errors call the row.

    Raises:
        InputError: a column is not known, or a value is none that its column takes.
    """
    reader = _Row(row, file)
    reader.refuse_unknown()
    offered = reader.several("derivative_license")
    question = Question(
        bases=reader.several("base_licenses") or ("",),
        relation=reader.relation(bool(offered) or bool(reader.text("derivative_name"))),
        offered_as=offered,
        name=reader.text("derivative_name"),
        use=reader.word("use", USES),  # type: ignore[arg-type]
        distributed=reader.word("distributed", DISTRIBUTED),  # type: ignore[arg-type]
        mau=reader.number("mau"),
        revenue_usd=reader.number("revenue_usd"),
        period=PERIODS[reader.word("revenue_period", tuple(PERIODS)) or "year"],
        region=reader.text("region"),
        multimodal=_YES_NO.get(reader.word("multimodal", tuple(_YES_NO)) or ""),
        remarks=read(reader.several("extra_facts")),
    )
    if reader.problems:
        raise InputError(tuple(reader.problems))
    return question


class _Row:
    """Reads the columns of one row and gathers what is wrong with them."""

    def __init__(self, row: Mapping[str, str], file: str) -> None:
        self._row = row
        self._file = file
        self.problems: list[Problem] = []

    def refuse_unknown(self) -> None:
        for column in self._row:
            if column not in COLUMNS and column not in BESIDE:
                hint = did_you_mean(column, COLUMNS)
                self._refuse(f"unknown column `{shown(column)}`", f"one of {', '.join(COLUMNS)}", hint)

    def text(self, column: str) -> str:
        return self._row.get(column, "").strip()

    def several(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.text(column).split(";") if part.strip())

    def word(self, column: str, words: Sequence[str]) -> str | None:
        written = self.text(column).casefold()
        if not written or written in words:
            return written or None
        self._refuse(f"`{column}` is `{shown(written)}`", f"one of {', '.join(words)}", did_you_mean(written, words))
        return None

    def relation(self, has_derivative: bool) -> Relation:
        found = self.word("relation", RELATIONS)
        return found or ("unstated" if has_derivative else "none")  # type: ignore[return-value]

    def number(self, column: str) -> int | None:
        written = self.text(column)
        digits = written.replace(",", "").replace("_", "").removesuffix(".0")
        if not digits:
            return None
        if digits.isdecimal() and len(digits) <= _LARGEST:
            return int(digits)
        self._refuse(f"`{column}` is `{shown(written)}`", "a whole number such as 250000", "")
        return None

    def _refuse(self, sentence: str, expected: str, hint: str) -> None:
        self.problems.append(Problem(sentence, expected=expected, hint=hint, file=self._file))
