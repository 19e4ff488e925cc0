"""The model's licence agrees with the terms of everything that it was made from.

What: the licence of each ancestor is held against the licence that the model carries, its name, and the declared use;
      what the project itself makes of it (`fine_tuning.produces`) is judged alike, by the models that made its
      training data too, and a pass says under which terms it may be shared. A model that was trained on outputs
      is judged by what the text says of outputs. Where no source states the licence, the one that the manifest
      declares can make the rule fail and never pass. Duties that remain are notes on a pass.
Why:  nobody can pass on more than they were given: an Apache label on a Llama derivative grants nothing, and whoever
      relies on it has no licence.
Fix:  use a derivative whose label fits, or go back to the base; correct the name or the licence of your own derivative.

Passes: {model: meta-llama/Llama-3.1-8B-Instruct}
        {model: Qwen/Qwen2.5-7B-Instruct, fine_tuning: {produces: {name: Acme-7B, license: MIT, shared: weights}}}
        {model: meta-llama/Llama-3.1-8B, fine_tuning: {produces: {name: Llama-A, license: llama3.1, shared: weights}}}
        {model: Qwen/Qwen2.5-7B-Instruct, derived_from: [acme/unheard-of]}
Fails:  {model: meta-llama/Llama-3.1-8B, fine_tuning: {produces: {name: Acme-8B, license: Apache-2.0, shared: weights}}}
        {model: google/gemma-2-9b-it, fine_tuning: {produces: {license: MIT, shared: weights}}}
        {model: Qwen/Qwen2.5-7B-Instruct, derived_from: [acme/unheard-of], settings: {unknown: fail}}
        {model: acme/tuned, license: Apache-2.0, derived_from: [meta-llama/Llama-3.1-8B]}
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

from checker.document.place import Place
from checker.document.scalars import Word
from checker.facts.fact import Certainty, Unknown
from checker.facts.lineage import Lineage
from checker.facts.model import Facts
from checker.licenses.ancestry import Gap, Link, links
from checker.licenses.circumstances import Assumptions, Circumstances
from checker.licenses.declared import declared, label, takes_more_than_text, written_label
from checker.licenses.derivative import Conflict, Derivative, Judgement, Offered, together
from checker.licenses.lineage import judge_joined, judge_label, judge_made, judge_travelling, may_be_shared
from checker.licenses.stated import StatedOrganisation, circumstances
from checker.licenses.terms import Needs, Unsettled, in_notes
from checker.manifest.model import Access, Manifest, Method, ModelEntry
from checker.rulebook.outcome import Evidence, Failed, Finding, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.settings import MinCertainty, RuleSettings, Settler
from checker.rulebook.tighter import ranked
from checker.value import NamedTuple

if TYPE_CHECKING:
    from checker.manifest.fine_tuning import Produces

SETTLED_BY = Settler.LEGAL
JUDGES_WEIGHTS = True


class OnUnknown(StrEnum):
    """What an unnamed or unknown parent does."""

    REPORT = "report"
    FAIL = "fail"


class Settings(RuleSettings):
    """Options of `license-lineage`."""

    min_certainty: MinCertainty = Certainty.CLAIMED
    """The least certainty of the facts that the rule may rest on; a claimed parent can only add terms."""
    unknown: Annotated[OnUnknown, Word, ranked(tuple(OnUnknown))] = OnUnknown.REPORT
    """Whether a parent that nobody names, or of which nothing is known, is reported or fails."""


class _Judged(NamedTuple):
    """What the rule gathers before it decides."""

    findings: tuple[Finding, ...] = ()
    missing: tuple[Unknown | Unanswered, ...] = ()
    duties: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    gaps: tuple[str, ...] = ()
    """Where the lineage, or a licence in it, is not known."""
    cycles: tuple[str, ...] = ()
    """Where sources say that a model descends from itself."""


_AsFinding: TypeAlias = Callable[[Conflict], Finding]


def check(
    entry: ModelEntry,
    manifest: Manifest,
    facts: Facts,
    lineage: Lineage,
    organisation: StatedOrganisation,
    generators: Mapping[str, Facts | None],
    settings: Settings,
) -> Outcome:
    """Judge every ancestor, then what the project makes of the model."""
    if entry.access.value is Access.API:
        return NotApplicable("used through an API: its provider's terms apply")
    stated = circumstances(
        manifest.use,
        organisation,
        multimodal=takes_more_than_text(facts),
        duties_shown=(shown.duty.value for shown in entry.obligations if shown.is_vouched_for),
        assumed=Assumptions(),
    )
    found = list(links(facts, lineage))
    known = [link for link in found if isinstance(link, Link)]
    judged = [
        *(_ancestor(entry, facts, link, stated) for link in known),
        _joined(entry, facts, known),
        _produced(entry, facts, known, stated),
        _generated(entry, facts, generators),
        _unknown(entry, lineage, [gap for gap in found if isinstance(gap, Gap)]),
    ]
    root = (lineage.root,) if lineage.root is not None else ()
    return _outcome(entry, settings, judged, root)


def _unknown(entry: ModelEntry, lineage: Lineage, gaps: list[Gap]) -> _Judged:
    """What is not known of the ancestry. An artefact may be an ancestor of the model that it is loaded for."""
    weights = entry.deployment.weights if entry.deployment else None
    is_loaded = weights is not None and weights.model is entry.model
    return _Judged(
        missing=lineage.unsure,
        gaps=tuple(gap.reason for gap in gaps if is_loaded or not gap.is_cycle),
        cycles=tuple(gap.reason for gap in gaps if gap.is_cycle and not is_loaded),
    )


def _outcome(entry: ModelEntry, settings: Settings, judged: list[_Judged], root: tuple[Evidence, ...]) -> Outcome:
    gaps = tuple(dict.fromkeys(gap for one in judged for gap in one.gaps))
    findings = [finding for one in judged for finding in one.findings]
    findings += [_cycle(entry, cycle) for cycle in dict.fromkeys(cycle for one in judged for cycle in one.cycles)]
    if settings.unknown is OnUnknown.FAIL:
        findings += [_gap(entry, gap) for gap in gaps]
        gaps = ()
    if findings:
        return Failed(tuple(dict.fromkeys(findings)), gaps)
    missing = tuple(dict.fromkeys(one for part in judged for one in part.missing))
    if missing:
        return NotEvaluated(missing, gaps)
    evidence = dict.fromkeys((*root, *(fact for one in judged for fact in one.evidence)))
    duties = dict.fromkeys(duty for one in judged for duty in one.duties)
    return Passed(tuple(evidence), notes=(*duties, *gaps))


def _cycle(entry: ModelEntry, reason: str) -> Finding:
    at = entry.derived_from[0].at if entry.derived_from else entry.model.at
    return Finding(
        at=at,
        expected="a lineage that ends at models which descend from no other",
        found=reason,
        remedy="correct derived_from, or report the record that is wrong",
    )


def _gap(entry: ModelEntry, reason: str) -> Finding:
    return Finding(
        at=entry.model.at,
        setting="unknown",
        expected="ancestors that are named, with licences that are known",
        found=reason,
        remedy="name the parents under derived_from, or choose a model whose lineage is recorded",
    )


def _ancestor(entry: ModelEntry, facts: Facts, link: Link, stated: Circumstances) -> _Judged:
    offered = label(declared(facts))
    # A folder's name is not the name under which a model is offered.
    name = "" if entry.is_local else facts.model.rpartition("/")[2]
    derivative = Derivative(offered, link.relation, name=name, called=facts.model)
    judgement = together([judge_label(link.license, derivative), _believed(entry, facts, link, derivative)])
    if not (isinstance(offered, Offered) and link.license in offered.licenses):
        # Where both carry one licence, `license-use` judges its terms of use.
        judgement = together([judgement, judge_travelling(link.license, derivative, stated)])
    evidence = (*link.evidence, *_license_facts(facts))
    return _judged(judgement, evidence, lambda conflict: _against_label(entry, facts, link, conflict, evidence))


def _believed(entry: ModelEntry, facts: Facts, link: Link, derivative: Derivative) -> Judgement:
    """What goes against the base where no source states the licence, and the project's own belief is all there is.

    It can only stop: a belief is no fact, so that without a conflict the licence stays unknown.
    """
    if entry.license is None or not isinstance(facts.license, Unknown):
        return Judgement()
    believed = derivative._replace(label=written_label(entry.license.value))
    return Judgement(conflicts=judge_label(link.license, believed).conflicts)


def _against_label(
    entry: ModelEntry, facts: Facts, link: Link, conflict: Conflict, evidence: tuple[Evidence, ...]
) -> Finding:
    return Finding(
        at=entry.model.at,
        expected=f"the terms kept: {conflict.term}",
        found=conflict.found,
        evidence=evidence,
        detail=(f"{facts.model}: {link.way}", *_said_beside(facts)),
        remedy=f"use a derivative whose label fits, or {link.model} itself",
    )


def _joined(entry: ModelEntry, facts: Facts, known: list[Link]) -> _Judged:
    merged = [link for link in known if link.relation == "merge"]
    judgement = judge_joined([link.license for link in merged], Derivative(label(declared(facts)), "merge"))
    evidence = tuple(fact for link in merged for fact in link.evidence)
    return _judged(
        judgement,
        (),
        lambda conflict: Finding(
            at=entry.model.at,
            expected=f"the terms kept: {conflict.term}",
            found=conflict.found,
            evidence=evidence,
            detail=tuple(f"{facts.model}: {link.way}" for link in merged),
            remedy="use a model that was not merged from these",
        ),
    )


def _produced(entry: ModelEntry, facts: Facts, known: list[Link], stated: Circumstances) -> _Judged:
    produces = entry.fine_tuning.produces if entry.fine_tuning else None
    if produces is None:
        return _Judged()
    own = declared(facts)
    if isinstance(own, Unknown) or not own.texts:
        return _Judged(missing=(own if isinstance(own, Unknown) else Unknown("license text", own.problem),))
    bases = {text.id: text for text in (*own.texts, *(link.license for link in known))}
    derivative = _made(entry, produces)
    judgement = together(judge_made(base, derivative, stated) for base in bases.values())
    if produces.shared is None and (judgement.conflicts or judgement.unsettled):
        return _Judged(missing=(_asked(produces, "shared", "<no, internal, service or weights>", judgement),))
    if produces.license is None and judgement.unsettled:
        return _Judged(missing=(_asked(produces, "license", "<its licence>", judgement),))
    evidence = (*own.evidence, *(fact for link in known for fact in link.evidence))
    judged = _judged(judgement, evidence, lambda conflict: _against_own(produces, conflict, evidence))
    return judged._replace(duties=(*judged.duties, *(may_be_shared(base) for base in bases.values())))


def _generated(entry: ModelEntry, facts: Facts, generators: Mapping[str, Facts | None]) -> _Judged:
    """What the terms of models that made training data ask of the licence and the name of what is produced.

    Whether their outputs may train it at all is judged by `data-generated-by`.
    """
    produces = entry.fine_tuning.produces if entry.fine_tuning else None
    if produces is None:
        return _Judged()
    own, derivative = declared(facts), _made(entry, produces)._replace(relation="distill")
    if not isinstance(own, Unknown) and own.texts:
        derivative = derivative._replace(started_from=own.texts)
    judged, gaps = [], []
    for model, known in generators.items():
        if known is None:
            gaps.append(f"nothing is recorded of {model}, which made training data")
            continue
        stated = declared(known)
        if isinstance(stated, Unknown) or not stated.texts:
            gaps.append(f"the licence of {model}, which made training data, is not known")
            continue
        judged += [judge_label(text, derivative) for text in stated.texts]
    conflicts = tuple(one for one in together(judged).conflicts if one.code != "output-training")
    return _Judged(tuple(_against_own(produces, conflict, ()) for conflict in conflicts), gaps=tuple(gaps))


def _made(entry: ModelEntry, produces: "Produces") -> Derivative:
    method = entry.fine_tuning.method if entry.fine_tuning else None
    by_adapter = method is not None and method.value in (Method.LORA, Method.QLORA)
    return Derivative(
        label=written_label(produces.license.value if produces.license else None),
        relation="adapter" if by_adapter else "finetune",
        name=produces.name.value.rpartition("/")[2] if produces.name else "",
        called=produces.name.value if produces.name else "what is produced",
        shared=produces.shared.value.value if produces.shared else "weights",
    )


def _asked(produces: "Produces", key: str, value: str, judgement: Judgement) -> Unanswered:
    reasons = (*(one.sentence for one in judgement.conflicts), *(one.reason for one in judgement.unsettled))
    yaml = f"fine_tuning:\n  produces:\n    {key}: {value}"
    return Unanswered(f"fine_tuning.produces.{key}", reasons[0], yaml, at=produces.at)


def _against_own(produces: "Produces", conflict: Conflict, evidence: tuple[Evidence, ...]) -> Finding:
    is_name = conflict.code == "name-prefix"
    return Finding(
        at=_line(produces, conflict),
        expected=f"the terms kept: {conflict.term}",
        found=conflict.found,
        evidence=evidence,
        remedy="begin its name as asked" if is_name else "offer it under the base's licence, or keep it inside",
    )


def _line(produces: "Produces", conflict: Conflict) -> Place:
    if conflict.key:
        return produces.shared.at if produces.shared else produces.at
    about = produces.name if conflict.code == "name-prefix" else produces.license
    return about.at if about else produces.at


def _said_beside(facts: Facts) -> tuple[str, ...]:
    note = facts.license_note
    return () if isinstance(note, Unknown) else (f"beside its licence: {note.value}",)


def _license_facts(facts: Facts) -> tuple[Evidence, ...]:
    return () if isinstance(facts.license, Unknown) else (facts.license,)


def _judged(judgement: Judgement, evidence: tuple[Evidence, ...], finding: _AsFinding) -> _Judged:
    unanswered: tuple[Needs | Unsettled, ...] = (*judgement.needs, *judgement.unsettled)
    return _Judged(
        findings=tuple(finding(conflict) for conflict in judgement.conflicts),
        missing=tuple(_missing(one) for one in unanswered),
        duties=in_notes(judgement.duties),
        evidence=evidence,
    )


def _missing(one: Needs | Unsettled) -> Unknown | Unanswered:
    if isinstance(one, Unsettled):
        return Unknown("license terms", one.reason)
    if one.key.startswith("rules."):  # a setting of another rule, which counts there alone
        return Unknown("license terms", one.why)
    in_policy = one.key.startswith("organisation.")
    return Unanswered(one.key, one.why, one.yaml, where="the policy" if in_policy else "")
