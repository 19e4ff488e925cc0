"""CycloneDX attestations: each rule of the policy as a requirement, each evaluation as a claim with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from checker.bom.identity import reference
from checker.bom.inventory import Inventory, Item
from checker.facts.words import said_by
from checker.verdict import Detail, Evaluation, Missing, Verdict

Json: TypeAlias = dict[str, Any]

_SCORES = {Verdict.PASS: 1, Verdict.FAIL: 0}
"""The format's own word for whether a claim meets a requirement. What is waived or was not judged has none."""


def standards(inventory: Inventory) -> list[Json]:
    """The policy as a standard, and its rules as requirements."""
    rules = sorted({evaluation.rule for item in inventory.items for evaluation in item.evaluations})
    return [
        {
            "bom-ref": "policy",
            "name": inventory.policy.name,
            "version": inventory.policy.version,
            "description": f"resolved policy, sha256 {inventory.policy.project_sha256 or inventory.policy.sha256}",
            "owner": inventory.owner or "not stated",
            "requirements": [{"bom-ref": reference("rule", rule), "identifier": rule, "title": rule} for rule in rules],
        }
    ]


def declarations(inventory: Inventory, project: str) -> Json:
    """Claims about every model, the evidence for them, and what they come to for each requirement."""
    judged = [(item, evaluation) for item in inventory.items for evaluation in item.evaluations]
    return {
        "assessors": [
            {"bom-ref": "assessor", "thirdParty": False, "organization": {"name": inventory.owner or inventory.project}}
        ],
        "attestations": [
            {
                "summary": f"{inventory.project} by {inventory.policy.name} {inventory.policy.version}",
                "assessor": "assessor",
                "map": [_mapped(item, evaluation) for item, evaluation in judged],
            }
        ],
        "claims": [_claim(item, evaluation) for item, evaluation in judged],
        "evidence": [_evidence(item, evaluation) for item, evaluation in judged],
        "targets": {"components": [{"type": "application", "bom-ref": f"{project}:target", "name": inventory.project}]},
    }


def _mapped(item: Item, evaluation: Evaluation) -> Json:
    score = {"score": _SCORES[evaluation.verdict]} if evaluation.verdict in _SCORES else {}
    key = "counterClaims" if evaluation.verdict is Verdict.FAIL else "claims"
    return {
        "requirement": reference("rule", evaluation.rule),
        key: [_reference("claim", item, evaluation)],
        "conformance": {**score, "rationale": " ".join(in_short(evaluation))},
    }


def _claim(item: Item, evaluation: Evaluation) -> Json:
    return {
        "bom-ref": _reference("claim", item, evaluation),
        "target": reference("model", item.name),
        "predicate": f"{evaluation.rule}: {evaluation.verdict}",
        "reasoning": " ".join(in_short(evaluation)),
        "evidence": [_reference("evidence", item, evaluation)],
    }


def _evidence(item: Item, evaluation: Evaluation) -> Json:
    facts = [*evaluation.evidence, *(fact for finding in evaluation.findings for fact in finding.evidence)]
    sources = dict.fromkeys(f"{fact.certainty}: {said_by(fact)}" for fact in facts)
    return {
        "bom-ref": _reference("evidence", item, evaluation),
        "propertyName": f"weighbridge:rule:{evaluation.rule}",
        "description": "; ".join(sources) or "what the manifest and the policy state",
    }


def _reference(kind: str, item: Item, evaluation: Evaluation) -> str:
    return reference(kind, item.name, evaluation.rule)


def in_short(evaluation: Evaluation) -> Iterator[str]:
    """What an evaluation comes to, in a sentence or a few."""
    yield f"{evaluation.verdict} ({evaluation.enforcement})"
    if evaluation.margin:
        yield f"margin: {evaluation.margin}."
    if evaluation.reason:
        yield f"{evaluation.reason}."
    for finding in evaluation.findings:
        yield f"Expected {finding.expected}; found {finding.found}."
    for missing in evaluation.missing:
        yield f"Not known: {missing.name} ({missing.reason})."
    covered: tuple[Detail | Missing, ...] = (*evaluation.findings, *evaluation.missing)
    for waiver in dict.fromkeys(one.waiver for one in covered if one.waiver):
        yield f"Waived by {waiver.id} until {waiver.expires}."
    yield from (f"{note}." for note in evaluation.notes)
