"""For tools of compliance teams: OSCAL assessment results, one result a manifest, one finding for each rule judged.

The form is that of NIST's model (pages.nist.gov/OSCAL, assessment-results, JSON, 1.1.3). The policy stands as the
assessment plan, and its rules as the controls and objectives: no control of another catalogue is claimed to be
reviewed. A rule that holds is satisfied; one that failed, was waived, or could not be evaluated is not, with a risk
that says which. Ids are made from what they name and times are the day that was judged, so that equal runs give equal
documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from checker import HOME
from checker.document.as_json import dumps
from checker.document.characters import in_characters
from checker.document.errors import visible
from checker.report._remarks import UNJUDGED, UNUSABLE, place, waived_by
from checker.report.text import since_lines, why_empty
from checker.surroundings import Surroundings
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedModel, JudgedWaivers, PolicyStamp, Report, Verdict

Json: TypeAlias = dict[str, Any]

VERSION = "1.1.3"
"""The version of OSCAL that is written."""
NAMESPACE = f"{HOME}/ns/oscal"
_STATES = {"live": "operational", "planned": "under-development", "retired": "disposition"}
_WORDS = {
    Verdict.PASS: "holds",
    Verdict.FAIL: "does not hold",
    Verdict.WAIVED: "does not hold and is waived",
    Verdict.NOT_EVALUATED: "could not be evaluated",
}
_LIMITS = (
    "Nothing here tests a model's outputs, bias, safety, privacy or accuracy in use. Findings state what is declared"
    " and which terms follow; they are no legal advice."
)


class _Judged(NamedTuple):
    """One rule judged of one thing: what an observation, a finding and at most one risk are made from."""

    key: str
    evaluation: Evaluation
    subject: str
    """The UUID of the component that it is about."""
    stops: bool


def render(report: Report, surroundings: Surroundings) -> str:
    """The document; every text is on one line and shows control characters as what they are."""
    moment = f"{report.today.isoformat()}T00:00:00Z"
    policies = list(report.policies.values()) or [one.policy for one in report.waivers]
    results = [
        *(
            _refused(refused.file, [one.sentence for one in refused.problems], report, moment)
            for refused in report.refused
        ),
        *(_of_manifest(manifest, report, surroundings, moment) for manifest in report.manifests),
        *(_of_waivers(file, report, surroundings, moment) for file in report.waivers),
    ]
    document = {
        "uuid": _uuid("report", moment, *(result["uuid"] for result in results)),
        "metadata": {
            "title": "Weighbridge: models held against a policy",
            "last-modified": moment,
            "version": report.today.isoformat(),
            "oscal-version": VERSION,
            "props": [
                _prop("tool-version", report.tool_version),
                _prop("catalogue-sha256", report.catalogue_sha256),
                *_relaxed(report),
            ],
        },
        "import-ap": {"href": f"#{_policy_uuid(policies[0])}" if policies else f"{HOME}/docs/policy/"},
        "results": results or [_nothing(report, moment)],
        **({"back-matter": {"resources": [_resource(policy) for policy in policies]}} if policies else {}),
    }
    return dumps({"assessment-results": document}, indent=2) + "\n"


def _of_manifest(manifest: JudgedManifest, report: Report, surroundings: Surroundings, moment: str) -> Json:
    file = surroundings.paths.get(manifest.file, manifest.file)
    pairs = [(model, _uuid("model", manifest.project, file, model.name)) for model in manifest.models]
    judged = [
        _Judged(f"{file}\n{model.name}\n{one.rule}", one, subject, report.stops(one))
        for model, subject in pairs
        for one in model.evaluations
    ]
    unjudged = [(model, subject) for model, subject in pairs if model.is_unjudged]
    props = [_prop("project", manifest.project), _prop("policy-sha256", manifest.policy.sha256)]
    props += [_prop("owner", manifest.owner)] if manifest.owner else []
    props += [_prop("lock-sha256", manifest.lock.sha256)] if manifest.lock else []
    components = [_component(model, subject, manifest.status) for model, subject in pairs]
    props += [*_relaxed(report), *(_prop("note", note) for note in manifest.notes)]
    made = _result(f"{manifest.project}: {file}", moment, judged, components, props, surroundings)
    if unjudged:
        made["findings"] = [*made.get("findings", ()), *(_unjudged(file, *one) for one in unjudged)]
    return made


def _of_waivers(file: JudgedWaivers, report: Report, surroundings: Surroundings, moment: str) -> Json:
    """The rules about waivers, judged of each waiver of a file."""
    name = surroundings.paths.get(file.file, file.file)
    pairs = [(one, _uuid("waiver", name, one.waiver.id)) for one in file.waivers]
    judged = [
        _Judged(f"{name}\n{one.waiver.id}\n{evaluation.rule}", evaluation, subject, report.stops(evaluation))
        for one, subject in pairs
        for evaluation in one.evaluations
    ]
    components = [
        {
            "uuid": subject,
            "type": "waiver",
            "title": _line(one.waiver.id),
            "description": _line(f"A recorded exception to {one.waiver.rule}: {one.waiver.reason}"),
            "status": {"state": "operational" if one.counts else "other"},
        }
        for one, subject in pairs
    ]
    props = [_prop("waivers-sha256", file.sha256), *_relaxed(report)]
    return _result(f"waivers: {name}", moment, judged, components, props, surroundings)


def _result(
    title: str,
    moment: str,
    judged: list[_Judged],
    components: list[Json],
    props: list[Json],
    surroundings: Surroundings,
) -> Json:
    decided = [one for one in judged if one.evaluation.verdict is not Verdict.NOT_APPLICABLE]
    left_out = [one.evaluation for one in judged if one.evaluation.verdict is Verdict.NOT_APPLICABLE]
    risks = [risk for one in decided if (risk := _risk(one))]
    rules = sorted({one.evaluation.rule for one in decided})
    made = {
        "uuid": _uuid("result", title, moment, *(one.key + one.evaluation.verdict for one in judged)),
        "title": _line(title),
        "description": "Each model of the manifest held against each rule of the policy.",
        "start": moment,
        "end": moment,
        "props": props,
        "local-definitions": {"components": components} if components else None,
        "reviewed-controls": _reviewed(rules or [UNJUDGED]),
        "observations": [_observation(one, moment, surroundings) for one in decided],
        "risks": risks,
        "findings": [_finding(one) for one in decided],
        "remarks": " ".join((*_not_judged(left_out), _LIMITS)),
    }
    return {key: value for key, value in made.items() if value}


def _reviewed(rules: list[str]) -> Json:
    return {
        "control-selections": [
            {
                "description": "The rules of the policy; no control of another catalogue is selected.",
                "include-controls": [{"control-id": rule} for rule in rules],
            }
        ],
        "control-objective-selections": [{"include-objectives": [{"objective-id": rule} for rule in rules]}],
    }


def _component(model: JudgedModel, uuid: str, status: str) -> Json:
    props = [_prop("model-id", model.id)]
    props += [_prop("revision", model.revision)] if model.revision else []
    return {
        "uuid": uuid,
        "type": "software",
        "title": _line(model.name),
        "description": _line(f"The AI model {model.id}"),
        "props": props,
        "status": {"state": _STATES.get(status, "other")},
    }


def _observation(one: _Judged, moment: str, surroundings: Surroundings) -> Json:
    evaluation = one.evaluation
    where = [("manifest-place", evaluation.at), ("policy-place", evaluation.policy.at)]
    evidence = [
        {"description": _line(f"{fact.value} ({fact.certainty}; {fact.source.origin}: {fact.source.detail})")}
        for fact in (*evaluation.evidence, *(fact for found in evaluation.findings for fact in found.evidence))
    ]
    made = {
        "uuid": _uuid("observation", one.key),
        "title": _line(f"{evaluation.rule} of {evaluation.model} {_WORDS[evaluation.verdict]}"),
        "description": _line(" ".join(_told(evaluation))),
        "props": [
            _prop("verdict", evaluation.verdict),
            _prop("enforcement", evaluation.enforcement),
            _prop("settled-by", evaluation.settled_by),
            *(_prop(name, place(at, surroundings)) for name, at in where),
        ],
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [{"subject-uuid": one.subject, "type": "component"}],
        "relevant-evidence": evidence,
        "collected": moment,
    }
    return {key: value for key, value in made.items() if value}


def _told(evaluation: Evaluation) -> Iterator[str]:
    """What was found, what is missing, what is left and what is to be known, in sentences."""
    yield f"{evaluation.rule} {_WORDS[evaluation.verdict]}."
    for found in evaluation.findings:
        waived = f" ({waived_by(found.waiver)})" if found.waiver else ""
        yield f"Found {found.found}; expected {found.expected}{waived}."
    for missing in evaluation.missing:
        waived = f" ({waived_by(missing.waiver)})" if missing.waiver else ""
        yield f"`{missing.name}` is missing: {missing.reason}{waived}."
    yield from ([f"{evaluation.margin}."] if evaluation.margin else [])
    yield from (f"{note}." for note in evaluation.notes)


def _finding(one: _Judged) -> Json:
    evaluation = one.evaluation
    holds = evaluation.verdict is Verdict.PASS
    reason = {Verdict.PASS: "pass", Verdict.FAIL: "fail"}.get(evaluation.verdict, "other")
    made = {
        "uuid": _uuid("finding", one.key),
        "title": _line(f"{evaluation.rule} of {evaluation.model}"),
        "description": _line(" ".join(_told(evaluation))),
        "target": {
            "type": "objective-id",
            "target-id": evaluation.rule,
            "status": {"state": "satisfied" if holds else "not-satisfied", "reason": reason},
        },
        "related-observations": [{"observation-uuid": _uuid("observation", one.key)}],
        "related-risks": [] if holds else [{"risk-uuid": _uuid("risk", one.key)}],
    }
    return {key: value for key, value in made.items() if value}


def _risk(one: _Judged) -> Json | None:
    """What is open where a rule does not hold: deviating is approved where a waiver covers all of it."""
    evaluation = one.evaluation
    if evaluation.verdict is Verdict.PASS:
        return None
    covering = (*(one.waiver for one in evaluation.findings), *(one.waiver for one in evaluation.missing))
    waivers = [waiver for waiver in covering if waiver is not None]
    waived = evaluation.verdict is Verdict.WAIVED
    remedies = [found.remedy for found in evaluation.findings if found.remedy]
    made: Json = {
        "uuid": _uuid("risk", one.key),
        "title": _line(f"{evaluation.rule} of {evaluation.model} {_WORDS[evaluation.verdict]}"),
        "description": _line(" ".join(_told(evaluation))),
        "statement": "It stops the gate." if one.stops else "It does not stop the gate.",
        "props": [_prop("waiver", waiver.id) for waiver in waivers],
        "status": "deviation-approved" if waived else "open",
        "related-observations": [{"observation-uuid": _uuid("observation", one.key)}],
    }
    if waived:  # the first waiver to end brings it back
        made["deadline"] = f"{min(waiver.expires for waiver in waivers).isoformat()}T23:59:59Z"
    if remedies:
        made["remediations"] = [
            {
                "uuid": _uuid("remedy", one.key, str(number)),
                "lifecycle": "recommendation",
                "title": _line(f"{evaluation.rule}: what to do"),
                "description": _line(remedy),
            }
            for number, remedy in enumerate(remedies)
        ]
    return {key: value for key, value in made.items() if value}


def _not_judged(evaluations: list[Evaluation]) -> Iterator[str]:
    if evaluations:
        named = "; ".join(f"{one.rule} of {one.model} ({one.reason})" for one in evaluations)
        yield _line(f"Not applicable, so not judged: {named}.")


def _unjudged(file: str, model: JudgedModel, subject: str) -> Json:
    """A model of which nothing was judged is no pass."""
    return _unmet(f"{file}\n{model.name}\n{UNJUDGED}", UNJUDGED, f"No rule of the policy judges {model.name}.", subject)


def _refused(file: str, sentences: list[str], report: Report, moment: str) -> Json:
    """A manifest that cannot be used is a result that is not satisfied."""
    title = f"cannot be used: {file}"
    made = {
        "uuid": _uuid("result", title, moment),
        "title": _line(title),
        "description": "The file cannot be used, so that nothing in it was judged.",
        "start": moment,
        "end": moment,
        "props": list(_relaxed(report)),
        "reviewed-controls": _reviewed([UNUSABLE]),
        "findings": [_unmet(f"{file}\n{UNUSABLE}", UNUSABLE, f"{file}: {'; '.join(sentences)}", "")],
        "remarks": _LIMITS,
    }
    return {key: value for key, value in made.items() if value}


def _unmet(key: str, target: str, sentence: str, subject: str) -> Json:
    return {
        "uuid": _uuid("finding", key),
        "title": target,
        "description": _line(sentence),
        **({"props": [_prop("component", subject)]} if subject else {}),
        "target": {
            "type": "objective-id",
            "target-id": target,
            "status": {"state": "not-satisfied", "reason": "other"},
        },
    }


def _nothing(report: Report, moment: str) -> Json:
    """The result of a run that judged no file: why, and what loosens it all the same."""
    made = {
        "uuid": _uuid("result", "nothing", moment),
        "title": "nothing was judged",
        "description": _line(". ".join((why_empty(report).capitalize(), *since_lines(report))) + "."),
        "start": moment,
        "end": moment,
        "props": list(_relaxed(report)),
        "reviewed-controls": _reviewed([UNJUDGED]),
        "remarks": _LIMITS,
    }
    return {key: value for key, value in made.items() if value}


def _relaxed(report: Report) -> Iterable[Json]:
    """What loosens the run: in the head of the document, and in each result, which may be read without it."""
    return (_prop("relaxation", relaxation) for relaxation in report.relaxations)


def _policy_uuid(policy: PolicyStamp) -> str:
    return _uuid("policy", policy.sha256)


def _resource(policy: PolicyStamp) -> Json:
    layers = ", ".join(layer.name for layer in policy.layers)
    return {
        "uuid": _policy_uuid(policy),
        "title": _line(f"Policy {policy.name} {policy.version}"),
        "description": _line(f"The policy as it is resolved from its layers: {layers}."),
        "props": [_prop("resolved-sha256", policy.sha256), _prop("chosen-by", policy.chosen_by)],
    }


def _prop(name: str, value: str) -> Json:
    return {"name": name, "ns": NAMESPACE, "value": _line(value)}


def _uuid(kind: str, *parts: str) -> str:
    """An id made from what it names: the same in every run."""
    name = f"{NAMESPACE}/{kind}#" + "".join(f"{len(part)}:{part}" for part in parts)
    return str(uuid5(NAMESPACE_URL, in_characters(name)))


def _line(text: str) -> str:
    return visible(" ".join(text.split())) or "-"
