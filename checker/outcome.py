"""What a rule returns: one of four outcomes, with the evidence that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from checker.document.place import Place
from checker.facts.fact import Fact, NotRead, Unknown

Evidence: TypeAlias = Fact[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
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
    advises: bool = False
    """The rule is not sure enough to block (an estimate inside its error band): reported, whatever the level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """The rule holds."""

    evidence: tuple[Evidence, ...] = ()
    margin: str = ""
    """How much is left where it is about numbers: "6 % of the memory left"."""
    notes: tuple[str, ...] = ()
    """What was assumed or could not be judged, and duties that remain; always reported."""
    detail: tuple[str, ...] = ()
    """Further lines for a person: the terms of a sum."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The rule does not hold."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A fact or an answer that a rule needs and that nobody stated."""

    name: str
    """`native_context` for a fact, the key's path (`use.monthly_active_users`) for an answer."""
    reason: str
    yaml: str
    """Copy-ready lines that would state it, indented as they stand in the file."""
    at: Place
    """The manifest's line under which it belongs, or the entry's."""


@dataclass(frozen=True, slots=True)
class NotEvaluated:
    """A needed fact or answer is unknown."""

    missing: tuple[Missing, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The rule has nothing to judge here, and why."""

    reason: str


Outcome: TypeAlias = Passed | Failed | NotEvaluated | NotApplicable

__all__ = [
    "Evidence",
    "Failed",
    "Finding",
    "Missing",
    "NotApplicable",
    "NotEvaluated",
    "NotRead",
    "Outcome",
    "Passed",
    "Unknown",
]
