"""For people: the groups, the best first, with what each rank is made of and why the others do not pass."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.document.nearest import did_you_mean
from checker.facts.fact import Fact
from checker.memory.units import gib
from checker.selection.chosen import Chosen, reasons
from checker.selection.judge import Group
from checker.selection.rank import Ranked
from checker.verdict import Evaluation

TITLES = {
    Group.PASSES: "pass",
    Group.CHANGE: "pass with a change",
    Group.NEAR: "near misses: of each, no change satisfies one rule",
    Group.UNKNOWN: "not evaluated: something is unknown",
}
NOTHING_TESTED = "Nothing here tests outputs, bias, safety, privacy or accuracy in use; scores are as published."


def render(chosen: Chosen) -> str:
    """The choice as lines of text."""
    return "".join(f"{visible(line)}\n" for line in _lines(chosen))


def _lines(chosen: Chosen) -> Iterator[str]:
    yield from head(chosen)
    for group, title in TITLES.items():
        number = chosen.count(group)
        yield ""
        yield f"{number} {title}"
        for place, one in enumerate(chosen.shown(group), start=1):
            yield f"  {place:>2}. {_row(one, chosen)}"
            yield from (f"      {line}" for line in why(one))
        if number > chosen.top:
            yield f"      … and {number - chosen.top} more (--top {number} shows all)"
    yield ""
    yield f"{tally(chosen)}. * is on the front of quality against memory."
    yield NOTHING_TESTED


def head(chosen: Chosen) -> Iterator[str]:
    """What was asked, and what it was judged and ranked by."""
    basis, weights = chosen.basis, chosen.wishes.weights
    yield f"policy {basis.policy.name} {basis.policy.version}, sha256 {basis.policy.sha256[:12]}; {basis.models_from}"
    yield from (f"relaxed: {one}" for one in basis.relaxations)
    named = ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
    benchmark = chosen.wishes.benchmark or "no benchmark is recorded for this objective"
    if chosen.wishes.benchmark and all(one.quality is None for one in chosen.all):
        recorded = sorted({score.value.name for one in chosen.all for score in one.judged.facts.benchmarks})
        hint = did_you_mean(benchmark, recorded)
        benchmark = (
            f"{benchmark}, and missing: no source has a score of one of these models{f'; {hint}' if hint else ''}"
        )
    yield f"ranked by {named} (--weight NAME=VALUE); quality is {benchmark}"


def tally(chosen: Chosen) -> str:
    """How many there are of each group."""
    return ", ".join(f"{chosen.count(group)} {group}" for group in Group)


def _row(one: Ranked, chosen: Chosen) -> str:
    mark = " *" if one.front else ""
    parts = [quality(one, chosen.wishes.benchmark), memory(one)]
    context = one.judged.facts.native_context
    parts.append(f"context {context.value}" if isinstance(context, Fact) else "context unknown")
    license_id = one.judged.facts.license
    parts.append(license_id.value or "no licence" if isinstance(license_id, Fact) else "licence unknown")
    return f"{one.judged.id}{mark}  score {one.score:.3f}: {', '.join(parts)}"


def quality(one: Ranked, benchmark: str) -> str:
    """The score that counts, with its setting and who reports it."""
    if one.quality is None:
        return f"{benchmark or 'quality'} missing"
    value = one.quality.value
    who = "publisher" if value.first_party else "third party"
    return f"{value.name} {value.score:g} ({who}; {value.setting})"


def memory(one: Ranked) -> str:
    """What the fullest plan needs of what may be used."""
    needed, limit = one.memory, one.limit
    if needed is None or limit is None:
        return "memory not judged"
    tight = " (tight: inside the error band)" if one.passes and needed > limit else ""
    return f"{gib(needed)} of {gib(limit)} usable{tight}"


def why(one: Ranked) -> Iterator[str]:
    """What has to change, or what stops it."""
    if one.judged.group is Group.CHANGE:
        yield f"with {'; '.join(change.said for change in one.judged.changes)}"
    elif one.judged.group is not Group.PASSES:
        yield from reasons(one.judged)


def everything(one: Ranked, chosen: Chosen) -> str:
    """Everything about one model: its rank, its scores with their sources, and each verdict."""
    return "".join(f"{visible(line)}\n" for line in _everything(one, chosen))


def _everything(one: Ranked, chosen: Chosen) -> Iterator[str]:
    judged, facts = one.judged, one.judged.facts
    yield f"{judged.id}: {judged.group}"
    yield from head(chosen)
    yield from why(one)
    place = [each.judged.id for each in chosen.of(judged.group)].index(judged.id) + 1
    yield f"score {one.score:.3f}, {place} of {len(chosen.of(judged.group))} in its group{', on the front' * one.front}"
    total = sum(chosen.wishes.weights.values())
    for name, value in one.criteria.items():
        weight = chosen.wishes.weights[name]
        missing = f"missing, adds nothing (weight {weight:g})"
        yield f"  {name}: {missing if value is None else f'{value:.3f} x {weight:g} / {total:g}'}"
    yield f"memory: {memory(one)}"
    yield "scores as published:" if facts.benchmarks else "no score is recorded"
    for fact in facts.benchmarks:
        score = fact.value
        who = "publisher" if score.first_party else "third party"
        yield f"  {score.name} {score.score:g} ({who}; {score.setting}) from {fact.source.detail}"
    yield from (f"conflict in the sources: {conflict}" for conflict in facts.conflicts)
    yield from (f"note: {note}" for note in facts.notes)
    yield "verdicts for the entry as it was asked for:"
    for evaluation in judged.evaluations:
        yield f"  {evaluation.verdict:<14} {evaluation.enforcement:<14} {evaluation.rule}{_margin(evaluation)}"
        for detail in evaluation.findings:
            yield f"      found {detail.found}; expected {detail.expected}; remedy: {detail.remedy}"
        yield from (f"      {missing.name} is unknown: {missing.reason}" for missing in evaluation.missing)
    yield NOTHING_TESTED


def _margin(evaluation: Evaluation) -> str:
    said = evaluation.margin or evaluation.reason
    return f": {said}" if said else ""
