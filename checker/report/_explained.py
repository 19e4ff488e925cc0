"""The chain behind each outcome, so that whoever disagrees sees what to dispute: line, facts, policy, rule, waiver."""

from __future__ import annotations

from collections.abc import Iterator

from checker.document.errors import visible
from checker.document.place import Place
from checker.report._remarks import waived_by
from checker.rulebook.discover import load_rule
from checker.rulebook.outcome import Evidence
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Detail, Evaluation, JudgedManifest, JudgedModel, Missing, PolicyPlace, Verdict, WaivedBy

_SHOWN = 100
"""Characters of a line that are shown at most."""


class _Link(NamedTuple):
    """What one finding, one lack, or one passed rule rests on."""

    at: Place
    policy: PolicyPlace
    evidence: tuple[Evidence, ...]
    unknown: str
    waiver: WaivedBy | None
    outcome: str


def explained(manifest: JudgedManifest, model: JudgedModel) -> Iterator[str]:
    """The chains of all outcomes of one model, in the order of the rules."""
    ranks = {layer.name: layer.rank for layer in manifest.policy.layers}
    custom = {page.id: page.summary for page in manifest.policy.custom}
    for evaluation in model.evaluations:
        for link in _links(evaluation):
            yield f"  why {evaluation.rule} is {link.outcome}:"
            yield f"    manifest  {_line(link.at)}"
            yield from (f"    fact      {_fact(fact)}" for fact in link.evidence)
            if link.unknown:
                yield f"    fact      {visible(link.unknown)}"
            rank = ranks.get(link.policy.layer, "policy")
            yield f"    policy    {_line(link.policy.at)}"
            yield f"              {_decides(link.policy, evaluation.enforcement)}, in the layer of the {rank}"
            summary = custom.get(evaluation.rule) or load_rule(evaluation.rule).docstring.partition("\n")[0]
            yield f"    rule      {visible(summary)} (weighbridge explain {evaluation.rule})"
            yield f"    waiver    {_waiver(link.waiver, evaluation)}"
    yield ""


def _links(evaluation: Evaluation) -> Iterator[_Link]:
    details: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
    for detail in details:
        if isinstance(detail, Detail):
            policy, evidence, unknown = detail.policy, detail.evidence, ""
            stops, said = detail.blocks, f"{detail.found}; expected {detail.expected}"
        else:
            policy, evidence, unknown = evaluation.policy, (), f"`{detail.name}` is unknown: {detail.reason}"
            stops, said = evaluation.blocks and not detail.was_before, "a fact or an answer is unknown"
        verdict = Verdict.WAIVED if detail.waiver else evaluation.verdict
        gate = "" if detail.waiver else ", blocks" if stops else ", advice"
        yield _Link(detail.at, policy, evidence, unknown, detail.waiver, f"{verdict}{gate} ({visible(said)})")
    if not details:
        reason = evaluation.reason or evaluation.margin
        outcome = f"{evaluation.verdict}{f' ({visible(reason)})' if reason else ''}"
        yield _Link(evaluation.at, evaluation.policy, evaluation.evidence, "", None, outcome)


def _line(at: Place) -> str:
    text = at.file.line(at.line).strip()
    return visible(f"{at}: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}")


def _decides(policy: PolicyPlace, level: Enforcement) -> str:
    if policy.setting == "enforcement":
        return f"the level is {level}"
    return f"`{policy.setting}` decides" if policy.stated else f"`{policy.setting}` decides and has the rule's default"


def _fact(fact: Evidence) -> str:
    source = fact.source
    commit = f", at {source.revision[:12]}" if source.revision else ""
    line = f", {source.at}" if source.at else ""
    value = fact.value
    if isinstance(value, tuple):
        named = value._asdict().items() if hasattr(value, "_asdict") else ()
        value = ", ".join([f"{name} {item}" for name, item in named if item is not None] or map(str, value))
    return visible(f"{value} ({fact.certainty}; {source.origin}: {source.detail}, of {source.model}{commit}{line})")


def _waiver(waiver: WaivedBy | None, evaluation: Evaluation) -> str:
    if waiver is not None:
        return visible(f"{waiver.at}: {waived_by(waiver)}")
    if not evaluation.blocks:
        return "none is needed: it does not block"
    if evaluation.enforcement is Enforcement.HARD_MANDATORY:
        return "none can cover a hard-mandatory rule"
    return "none that counts covers it"
