"""What judging one term of a licence can come to, and how it is worded: what the text asks, and what was stated."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from checker.licenses.license import License
from checker.value import NamedTuple

ORDINARY_DUTIES = frozenset(
    {
        "license-copy", "license-copy-or-link", "keep-notices", "keep-notice-file", "state-changes", "notice-file",
        "attribution", "no-endorsement", "share-alike",
    }
)  # fmt: skip
"""Duties that nearly every licence knows: pass on the text, the notices and the names, and say what was changed."""


class Allowed(NamedTuple):
    """A condition was judged and does not stand in the way."""

    sentence: str
    clause: str


class Assumed(NamedTuple):
    """A condition does not stand in the way if what the policy assumes is so."""

    sentence: str
    clause: str


ConflictCode: TypeAlias = Literal[
    "noncommercial-use", "mau-threshold", "revenue-threshold", "business-model", "registration-missing",
    "production-use", "license-missing", "hosted-service", "region-eu", "region-excluded", "no-distribution",
    "field-of-use", "guardrail-removal",
]  # fmt: skip
"""The kinds of conflict that a use can come to."""


class Forbidden(NamedTuple):
    """The text does not allow what is stated."""

    term: str
    """What the text says: "llama3.1, section 2, asks licensees above …"."""
    found: str
    """What is stated: "organisation.users states 900 million for 2024-06"."""
    key: str
    """The key that states it."""
    clause: str
    code: ConflictCode
    """The kind of conflict."""

    @property
    def sentence(self) -> str:
        """Term and statement in one sentence."""
        return f"{self.term}; {self.found}"


class Needs(NamedTuple):
    """A condition cannot be judged until somebody states the value of a key."""

    key: str
    why: str
    yaml: str
    """Lines that would state it; what stands in angle brackets is to be filled in."""
    clause: str


class Duty(NamedTuple):
    """Something that a licensee must do."""

    kind: str
    license_id: str
    asks: str
    """What, as the words after the verb: "to pass on a copy of the licence"."""
    clause: str
    only_if: str = ""
    """The circumstance that brings it about, where nothing states whether it holds: "where copies are passed on"."""
    verb: str = "asks"
    certain: bool = True
    """Whether it is stated that it arises."""

    @property
    def ordinary(self) -> bool:
        """Whether nearly every licence asks for it."""
        return self.kind in ORDINARY_DUTIES

    @property
    def sentence(self) -> str:
        """The duty in one sentence, with its clause."""
        condition = f", {self.only_if}" if self.only_if else ""
        return f"{_subject(self.license_id, self.clause)} {self.verb} {self.asks}{condition}"


class Unsettled(NamedTuple):
    """What was read does not say, or turns on something that nobody stated."""

    reason: str
    clause: str
    provable: bool = False
    """Whether the text was read and the rest can be shown: by a fact of the use, or with the licensor."""


TermResult: TypeAlias = Allowed | Assumed | Forbidden | Needs | Duty | Unsettled


def says(text: License, clause: str) -> str:
    """The subject of a sentence about a licence: "llama3.1, section 2," or the id alone where no clause is known."""
    return _subject(text.id, clause)


def _subject(license_id: str, clause: str) -> str:
    return f"{license_id}, {section(clause)}," if clause else license_id


def in_notes(duties: Iterable[Duty]) -> tuple[str, ...]:
    """Duties as notes: what nearly every licence asks for is gathered in one sentence, any other stands alone."""
    gathered: dict[tuple[str, str], list[Duty]] = {}
    notes: list[str] = []
    for duty in duties:
        if duty.ordinary:
            gathered.setdefault((duty.license_id, duty.only_if), []).append(duty)
        else:
            notes.append(duty.sentence)
    return (*notes, *(_gathered(license_id, only_if, same) for (license_id, only_if), same in gathered.items()))


def _gathered(license_id: str, only_if: str, duties: list[Duty]) -> str:
    condition = f", {only_if}," if only_if else ""
    asked = [f"{duty.asks} ({duty.clause})" if duty.clause else duty.asks for duty in duties]
    return f"{license_id} asks{condition} {'; '.join(asked)}"


def section(clause: str) -> str:
    """A clause as people cite it: "section 2", "sections 1.1(e), 3.3", "Acceptable Use Policy"."""
    if not (clause[0].isdigit() or clause.rstrip("IVX") == "" or clause.startswith(("IV.", "II.", "III."))):
        return clause
    return f"sections {clause}" if ", " in clause else f"section {clause}"


def count(number: int) -> str:
    """A count as people read it: 700 million, 1.2 million, 10 billion, 250,000."""
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if number >= size and number % (size // 100) == 0:
            return f"{number / size:.10g} {word}"
    return f"{number:,}"
