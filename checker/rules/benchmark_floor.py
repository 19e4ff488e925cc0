"""The model reaches the scores that the policy asks for.

What: each benchmark with a floor has a published score of the model at or above it. Where several are published, the
      lowest of the chosen kind counts, since shots, prompts and harness move a score by several points. A floor under
      `baseline` is held against the entry's own file of results, by task, metric and shots.
Why:  a floor keeps a model that is plainly too weak for the work from being chosen for its size or its licence.
Fix:  choose a stronger model, or have the floor reviewed.

Passes: {model: meta-llama/Llama-3.1-8B-Instruct, settings: {floors: {HumanEval: 50}}}
Fails:  {model: meta-llama/Llama-2-7b-hf, settings: {floors: {MMLU: 60}}}
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from checker.baseline.results import BaselineState
from checker.document.scalars import Number, Text, Word
from checker.facts.fact import Fact, Unknown
from checker.facts.model import Benchmark, Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.measured_floor import MeasuredFloor
from checker.rulebook.outcome import Evidence, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed
from checker.rulebook.settings import RuleSettings, Settler
from checker.rulebook.tighter import each_block, fixed, higher, per_key

SETTLED_BY = Settler.PLATFORM


class Reporter(StrEnum):
    """Whose scores count."""

    PUBLISHER = "publisher"
    THIRD_PARTY = "third-party"
    ANY = "any"


class Settings(RuleSettings):
    """Options of `benchmark-floor`."""

    floors: Annotated[dict[Annotated[str, Text], Annotated[float, Number]], per_key(higher)] = {}
    """Least score of each benchmark, in per cent. MMLU and HumanEval are the standard comparisons."""
    reported_by: Annotated[Reporter, Word, fixed] = Reporter.ANY
    """Whose scores count: the publisher's, third parties', or any."""
    baseline: Annotated[dict[Annotated[str, Text], MeasuredFloor], each_block] = {}
    """Floors of the results that the entry names under `baseline`, by task: `mmlu: {metric: acc, shots: 5, at_least:
    0.6}`."""


def check(entry: ModelEntry, facts: Facts, baseline: BaselineState, settings: Settings, today: date) -> Outcome:
    """Hold the lowest published score of each benchmark, and the project's own results, against the floors."""
    if not settings.floors and not settings.baseline:
        return NotApplicable("the policy sets no floor")
    notes: tuple[str, ...] = ()
    findings: list[Finding] = []
    unknown: list[Unknown] = []
    evidence: list[Evidence] = []
    for name, floor in settings.floors.items():
        lowest = _lowest(facts, name, settings.reported_by)
        if lowest is None:
            unknown.append(Unknown(f"benchmarks.{name}", f"no score of {name} is recorded"))
            continue
        evidence.append(lowest)
        if lowest.value.score < floor:
            findings.append(_finding(entry, facts, name, floor, lowest))
    if settings.baseline:
        from checker.rulebook.reached import hold  # few policies set one: start-up is a budget

        at = entry.baseline.at if entry.baseline else entry.model.at
        held = hold(at, baseline, settings.baseline, today)
        findings += held.findings
        unknown += held.unknown
        notes = held.notes
    if findings:
        return Failed(tuple(findings), notes=(*(missing.reason for missing in unknown), *notes))
    return NotEvaluated(tuple(unknown), notes=notes) if unknown else Passed(evidence=tuple(evidence), notes=notes)


def _lowest(facts: Facts, name: str, reported_by: Reporter) -> Fact[Benchmark] | None:
    scores = [
        fact
        for fact in facts.benchmarks
        if fact.value.name.casefold() == name.casefold()
        and (reported_by is Reporter.ANY or fact.value.first_party is (reported_by is Reporter.PUBLISHER))
    ]
    return min(scores, key=lambda fact: fact.value.score, default=None)


def _finding(entry: ModelEntry, facts: Facts, name: str, floor: float, lowest: Fact[Benchmark]) -> Finding:
    return Finding(
        at=entry.model.at,
        setting="floors",
        expected=f"{name} of at least {floor:g}",
        found=f"{facts.model} has {lowest.value.score:g} ({lowest.value.setting})",
        evidence=(lowest,),
        remedy="choose a stronger model, or have the floor reviewed by the policy's owners",
    )
