"""What a rule returns: one of four outcomes, with the evidence that decided it."""

from datetime import date
from typing import TypeAlias

from checker.document.place import Place
from checker.facts.fact import Fact, Unknown
from checker.value import NamedTuple

Evidence: TypeAlias = Fact[object]


class Stack(NamedTuple):
    """Something made of parts and held against a limit, in bytes: what a picture of it shows."""

    what: str
    """What is added up, on what: "serving, on 1 x L4"."""
    parts: tuple[tuple[str, int], ...]
    """Name and bytes, the largest first."""
    limit: int
    """What there is, in bytes."""
    usable: int
    """What of it may be used: the limit less the headroom that the policy keeps."""


class Due(NamedTuple):
    """One duty that a licence lays upon the project, and what shows that it is met."""

    asks: str
    """The whole sentence, with its clause and the circumstance that would bring it about."""
    shown: str
    """The file, address or name that shows it; empty where nothing does."""
    why_not: str
    """Why nothing shows it; empty where something does."""
    checked_on: date | None = None
    """When somebody looked; None where nobody says so, or where it was read in this run."""
    by: str = ""
    age_days: int | None = None
    """From then to the day of the run."""
    by_omission: bool = False
    """Whether it is kept by leaving something undone, which nothing can show."""
    only_if: str = ""
    """The circumstance that would bring it about, where nothing states whether it holds."""


class Finding(NamedTuple):
    """One thing to act on."""

    at: Place
    """The manifest's line that it is about."""
    expected: str
    found: str
    remedy: str
    """What to do next, in one sentence."""
    setting: str = "enforcement"
    """The key of the rule's settings that decided: its line in the policy is the finding's second place."""
    evidence: tuple[Evidence, ...] = ()
    detail: tuple[str, ...] = ()
    """Further lines for a person: the terms of a sum, the steps of a lineage."""
    stack: Stack | None = None
    advises: bool = False
    """The rule is not sure enough to block (an estimate inside its error band): reported, whatever the level."""
    value: str = ""
    """What offends, where `found` also says what changes by itself, such as an age in days; empty: `found`."""


class Passed(NamedTuple):
    """The rule holds."""

    evidence: tuple[Evidence, ...] = ()
    margin: str = ""
    """How much is left where it is about numbers: "6 % of the memory left"."""
    notes: tuple[str, ...] = ()
    """What was assumed or could not be judged, and duties that remain; always reported."""
    detail: tuple[str, ...] = ()
    """Further lines for a person: the terms of a sum."""
    stack: Stack | None = None
    duties: tuple[Due, ...] = ()


class Failed(NamedTuple):
    """The rule does not hold."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    duties: tuple[Due, ...] = ()


class Unanswered(NamedTuple):
    """An answer that only the project or its organisation can give, and that a rule needs."""

    key: str
    """The key's path, `use.monthly_active_users`."""
    reason: str
    """Why it is asked: the clause or the sum that needs it."""
    yaml: str
    """Copy-ready lines that would state it, as they would stand at the left margin of their file."""
    at: Place | None = None
    """The block under which it belongs; None for the entry."""
    where: str = ""
    """What to edit, where that is not the manifest: `the policy`."""


class NotEvaluated(NamedTuple):
    """A needed fact or answer is unknown."""

    missing: tuple[Unknown | Unanswered, ...]
    notes: tuple[str, ...] = ()
    duties: tuple[Due, ...] = ()


class NotApplicable(NamedTuple):
    """The rule has nothing to judge here, and why."""

    reason: str


Outcome: TypeAlias = Passed | Failed | NotEvaluated | NotApplicable
