"""Which entries of a policy's allow lists let something pass: those that never do, over all projects, can go."""

from __future__ import annotations

from pathlib import Path

from checker import applying
from checker.facts.dossier import Dossier
from checker.facts.fact import Unknown
from checker.licenses.declared import declared
from checker.licenses.registry import canonical_id
from checker.policy.policy import Policy
from checker.request import Request
from checker.rulebook.model_pattern import matching
from checker.verdict import Report


def used_entries(report: Report, request: Request, folder: Path) -> dict[str, tuple[str, ...]]:
    """For each allow list, as `rule.setting`, its entries that fit a model of the report.

    Args:
        report: a run that kept what it judged.
        request: what was asked for.
        folder: the project's folder.
    """
    used: dict[str, dict[str, None]] = {}
    policy = applying.standing(applying.key_of(request, applying.root_of(folder))).policy
    lists = lists_of(policy)
    for manifest in report.manifests:
        for dossier in manifest.basis.dossiers if manifest.basis else ():
            for one in (dossier, *([dossier.weights] if dossier.weights is not None else [])):
                for name, entries in lists.items():
                    used.setdefault(name, {}).update(dict.fromkeys(_fitting(name, entries, one)))
    return {name: tuple(entries) for name, entries in used.items() if entries}


def lists_of(policy: Policy) -> dict[str, tuple[str, ...]]:
    """The allow lists that a policy has, as `rule.setting`."""
    found = {}
    for rule, setting in LISTS:
        resolved = policy.rules.get(rule)
        entries = getattr(resolved.settings, setting, None) if resolved else None
        if entries:
            found[f"{rule}.{setting}"] = tuple(entries)
    licenses = policy.rules.get("license-allowed")
    for context, lists in getattr(licenses.settings, "contexts", {}).items() if licenses else ():
        if lists.allow:
            found[f"license-allowed.contexts.{context.value}.allow"] = tuple(lists.allow)
    return found


LISTS = (("license-allowed", "allow"), ("publisher-allowed", "allow"), ("model-approved", "models"))
"""The lists whose entries name licences, publishers and models."""


def _fitting(name: str, entries: tuple[str, ...], dossier: Dossier) -> tuple[str, ...]:
    facts = dossier.facts
    if name == "model-approved.models":
        return matching(facts, entries)
    if name == "publisher-allowed.allow":
        publisher = facts.model.partition("/")[0].casefold()
        return tuple(entry for entry in entries if entry.casefold() == publisher)
    stated = declared(facts)
    names = set() if isinstance(stated, Unknown) else {text.id for way in stated.ways for text in way}
    return tuple(entry for entry in entries if (canonical_id(entry) or entry) in names)
