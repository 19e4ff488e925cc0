"""Data that a model made is used for training as that model's licence allows.

What: where a set under `fine_tuning.data` names the model that made it (`generated_by`), the licence of that model is
      asked what it says of outputs that train other models, of the name and licence of what they train
      (`fine_tuning.produces`), and whether it grants the purpose: to make data with a model is to use it.
Why:  several licences let outputs improve no other model, or carry their terms and a name on to what they trained.
Fix:  use data of a model whose licence says nothing of outputs, or tune a model of the same family.

Passes: {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: a, generated_by: none}}}
        {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: a, generated_by: microsoft/phi-4}}}
Fails:  {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {data: {name: a, generated_by: meta-llama/Llama-2-7b-chat-hf}}}
        {model: Qwen/Qwen2.5-7B-Instruct, use: {purpose: commercial}, fine_tuning: {data: {name: a,
         generated_by: CohereLabs/aya-23-8B}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checker.facts.fact import Unknown
from checker.facts.model import Facts
from checker.licenses.circumstances import Assumptions, Circumstances
from checker.licenses.declared import declared, written_label
from checker.licenses.derivative import Conflict, Derivative, together
from checker.licenses.license import License
from checker.licenses.limits import judge_condition
from checker.licenses.lineage import judge_label
from checker.licenses.stated import StatedOrganisation, circumstances
from checker.licenses.terms import Forbidden, Needs, in_notes
from checker.manifest.model import Manifest, ModelEntry
from checker.rulebook.outcome import Evidence, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import RuleSettings, Settler
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.manifest.fine_tuning import DataSet, FineTuning

SETTLED_BY = Settler.LEGAL


class _Judged(NamedTuple):
    findings: tuple[Finding, ...] = ()
    missing: tuple[Unknown | Unanswered, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    organisation: StatedOrganisation,
    generators: Mapping[str, Facts | None],
    settings: RuleSettings,
) -> Outcome:
    """Judge each set by the terms of the model that made it."""
    tuning = entry.fine_tuning
    if tuning is None or not tuning.data:
        return NotApplicable("no `fine_tuning.data` is declared")
    student = _student(tuning, facts)
    stated = circumstances(manifest.use, organisation, multimodal=None, duties_shown=(), assumed=Assumptions())
    judged = [_judged(number, data, generators, student, stated) for number, data in enumerate(tuning.data)]
    findings = tuple(finding for one in judged for finding in one.findings)
    notes = tuple(dict.fromkeys(note for one in judged for note in one.notes))
    if findings:
        return Failed(findings, notes)
    missing = tuple(one for each in judged for one in each.missing)
    if missing:
        return NotEvaluated(missing, notes)
    return Passed(tuple(dict.fromkeys(fact for one in judged for fact in one.evidence)), notes=notes)


def _student(tuning: FineTuning, facts: Facts) -> Derivative:
    """What comes out; without a word on how it is shared, it is taken to stay inside."""
    produces, own = tuning.produces, declared(facts)
    start = None if isinstance(own, Unknown) else own.texts or None
    return Derivative(
        label=written_label(produces.license.value if produces and produces.license else None),
        relation="distill",
        name=produces.name.value.rpartition("/")[2] if produces and produces.name else "",
        called=produces.name.value if produces and produces.name else "what is produced",
        shared=produces.shared.value.value if produces and produces.shared else "internal",
        started_from=start,
    )


def _judged(
    number: int, data: DataSet, generators: Mapping[str, Facts | None], student: Derivative, use: Circumstances
) -> _Judged:
    if data.generated_by is None:
        key = f"fine_tuning.data[{number}].generated_by"
        yaml = "generated_by: <the model that made it, or none>"
        return _Judged(missing=(Unanswered(key, "its terms may reach what is trained", yaml, data.name.at),))
    model = data.generated_by.value
    if model == "none":
        return _Judged()
    known = generators.get(model)
    if known is None:
        return _Judged(missing=(Unknown("license", f"nothing is recorded of {model}, which made {data.name.value}"),))
    stated = declared(known)
    if isinstance(stated, Unknown) or not stated.texts:
        reason = stated.reason if isinstance(stated, Unknown) else stated.problem
        return _Judged(missing=(Unknown("license", f"the licence of {model} is not known: {reason}"),))
    by_terms = _by_terms(data, model, stated.texts, stated.evidence, student)
    for_purpose = [_for_purpose(data, model, text, stated.evidence, use) for text in stated.texts]
    return by_terms._replace(
        findings=(*by_terms.findings, *(finding for one in for_purpose for finding in one.findings)),
        missing=(*by_terms.missing, *(missing for one in for_purpose for missing in one.missing)),
    )


def _by_terms(
    data: DataSet, model: str, texts: tuple[License, ...], evidence: tuple[Evidence, ...], student: Derivative
) -> _Judged:
    judgement = together(judge_label(text, student) for text in texts)
    return _Judged(
        findings=tuple(_finding(data, model, conflict, evidence) for conflict in judgement.conflicts),
        missing=tuple(Unknown("license terms", one.reason) for one in judgement.unsettled),
        notes=in_notes(judgement.duties),
        evidence=evidence,
    )


def _for_purpose(
    data: DataSet, model: str, text: License, evidence: tuple[Evidence, ...], use: Circumstances
) -> _Judged:
    """Whether the model may be used for the project's purpose. Who else it reaches and how is not asked."""
    conditions = [condition for condition in text.conditions if condition.metric == "purpose"]
    results = [judge_condition(text, condition, use) for condition in conditions]
    return _Judged(
        findings=tuple(_finding(data, model, one, evidence) for one in results if isinstance(one, Forbidden)),
        missing=tuple(Unanswered(one.key, one.why, one.yaml) for one in results if isinstance(one, Needs)),
    )


def _finding(data: DataSet, model: str, conflict: Conflict | Forbidden, evidence: tuple[Evidence, ...]) -> Finding:
    at = data.generated_by.at if data.generated_by else data.name.at
    return Finding(
        at=at,
        expected=f"the terms of {model}, which made `{data.name.value}`, kept: {conflict.term}",
        found=conflict.found,
        evidence=evidence,
        remedy="use data that another model made, or tune a model of the same family",
    )
