"""Lets the rules judge a manifest by a policy, and says what each outcome means for the gate."""

from datetime import date
from typing import NamedTuple

from checker.facts.certain import at_least
from checker.facts.claims import known_yaml
from checker.facts.dossier import Dossier
from checker.facts.fact import Certainty, Unknown
from checker.facts.model import Facts
from checker.manifest.model import Manifest, ModelEntry
from checker.policy.policy import Policy, ResolvedRule
from checker.rulebook.discover import Rule, load_rule
from checker.rulebook.neighbour import Neighbour
from checker.rulebook.outcome import Failed, NotApplicable, NotEvaluated, Outcome, Passed, Unanswered
from checker.rulebook.schedule import Enforcement
from checker.rulebook.settings import RuleSettings
from checker.verdict import Change, Detail, Evaluation, JudgedModel, Missing, PolicyPlace, Verdict


class Case(NamedTuple):
    """One entry with all that a rule may ask for."""

    entry: ModelEntry
    dossier: Dossier
    manifest: Manifest
    neighbours: tuple[tuple[ModelEntry, Dossier], ...]
    """The entries on the manifest's shared hardware."""
    policy: Policy
    today: date


def check(manifest: Manifest, dossiers: tuple[Dossier, ...], policy: Policy, today: date) -> tuple[JudgedModel, ...]:
    """Every rule of the policy, judged for every model of the manifest.

    Args:
        manifest: what the project declares.
        dossiers: what is known of each of its models, in the same order.
        policy: what the organisation allows.
        today: the day on which levels, ages and expiries are judged.
    """
    pairs = tuple(zip(manifest.models, dossiers, strict=True))
    sharing = tuple(pair for pair in pairs if pair[0].shares_hardware)
    judged = []
    for entry, dossier in pairs:
        case = Case(entry, dossier, manifest, sharing, policy, today)
        judged.append(_judge_model(case, entry.display_name, _active(policy, today)))
        if dossier.weights is not None:
            loaded = case._replace(entry=entry.as_loaded_weights(), dossier=dossier.weights, neighbours=())
            rules = [rule for rule in _active(policy, today) if rule.judges_weights]
            judged.append(_judge_model(loaded, f"{entry.display_name} (weights)", rules))
    return tuple(judged)


def _active(policy: Policy, today: date) -> list[Rule]:
    return [load_rule(rule.id) for rule in policy.rules.values() if rule.level(today) is not Enforcement.OFF]


def _judge_model(case: Case, name: str, rules: list[Rule]) -> JudgedModel:
    facts, origin = case.dossier.facts, case.dossier.origin
    supply = _Supply(case)
    revision = case.entry.revision.value if case.entry.revision else None
    return JudgedModel(
        name=name,
        id=facts.model,
        found_as=facts.found_as,
        at=case.entry.model.at,
        revision=revision,
        origin=origin,
        recorded_at=facts.revision,
        assumptions=_assumptions(facts, revision),
        evaluations=tuple(_evaluate(case, supply, name, rule) for rule in rules),
    )


def _assumptions(facts: Facts, pinned: str | None) -> tuple[str, ...]:
    """What stands in for something that nobody said."""
    assumed = []
    if facts.found_as != facts.model:
        assumed.append(f"{facts.found_as} is the former name of {facts.model}")
    if pinned and facts.revision and pinned != facts.revision:
        assumed.append(
            f"identity, architecture and dimensions were recorded at {facts.revision[:12]}"
            f" and are assumed to hold at {pinned[:12]}"
        )
    return tuple(assumed)


class _Supply:
    """What rules may ask for, by the name of their argument; views of the facts are made once for each certainty."""

    def __init__(self, case: Case) -> None:
        self._views: dict[tuple[int, Certainty], Facts] = {}
        self._case = case
        self._same: dict[str, object] = {
            "entry": case.entry,
            "manifest": case.manifest,
            "organisation": case.policy.organisation,
            "providers": case.policy.providers,
            "baseline": case.dossier.baseline,
            "contradictions": case.dossier.contradictions,
            "today": case.today,
        }

    def arguments(self, rule: Rule, settings: RuleSettings) -> dict[str, object]:
        """The arguments of one rule, its facts no less sure than its settings ask for."""
        minimum = settings.min_certainty
        return {name: self._argument(name, settings, minimum) for name in rule.needs}

    def _argument(self, name: str, settings: RuleSettings, minimum: Certainty) -> object:
        if name == "settings":
            return settings
        if name == "facts":
            return self._view(self._case.dossier.facts, minimum)
        if name == "lineage":
            return self._case.dossier.lineage.at_least(minimum)
        if name == "neighbours":
            return tuple(
                Neighbour(entry, self._view(dossier.facts, minimum)) for entry, dossier in self._case.neighbours
            )
        return self._same[name]

    def _view(self, facts: Facts, minimum: Certainty) -> Facts:
        key = (id(facts), minimum)
        if key not in self._views:
            self._views[key] = at_least(facts, minimum)
        return self._views[key]


def _evaluate(case: Case, supply: _Supply, name: str, rule: Rule) -> Evaluation:
    resolved = case.policy.rules[rule.id]
    level = resolved.level(case.today)
    outcome = rule.check(**supply.arguments(rule, resolved.settings))
    evaluation = Evaluation(
        rule=rule.id,
        model=name,
        verdict=Verdict.PASS,
        enforcement=level,
        settled_by=rule.settled_by,
        at=case.entry.at,
        policy=_policy_place(resolved, "enforcement"),
        blocks=False,
        upcoming=_upcoming(resolved, case.today),
    )
    return _with_outcome(evaluation, outcome, resolved, case.entry)


def _with_outcome(evaluation: Evaluation, outcome: Outcome, rule: ResolvedRule, entry: ModelEntry) -> Evaluation:
    if isinstance(outcome, Passed):
        return evaluation._replace(
            evidence=outcome.evidence, margin=outcome.margin, notes=outcome.notes, lines=outcome.detail
        )
    if isinstance(outcome, NotApplicable):
        return evaluation._replace(verdict=Verdict.NOT_APPLICABLE, reason=outcome.reason)
    if isinstance(outcome, NotEvaluated):
        return evaluation._replace(
            verdict=Verdict.NOT_EVALUATED,
            missing=tuple(_missing(missing, entry) for missing in outcome.missing),
            notes=outcome.notes,
            blocks=evaluation.enforcement.blocks,
        )
    return _failed(evaluation, outcome, rule)


def _failed(evaluation: Evaluation, outcome: Failed, rule: ResolvedRule) -> Evaluation:
    details = tuple(
        Detail(
            at=finding.at,
            policy=_policy_place(rule, finding.setting),
            expected=finding.expected,
            found=finding.found,
            remedy=finding.remedy,
            evidence=finding.evidence,
            lines=finding.detail,
            blocks=evaluation.enforcement.blocks and not finding.advises,
        )
        for finding in outcome.findings
    )
    return evaluation._replace(
        verdict=Verdict.FAIL,
        at=details[0].at,
        policy=details[0].policy,
        findings=details,
        notes=outcome.notes,
        blocks=any(detail.blocks for detail in details),
    )


def _missing(missing: Unknown | Unanswered, entry: ModelEntry) -> Missing:
    if isinstance(missing, Unknown):
        return Missing(missing.name, missing.reason, entry.at.file.name, known_yaml(missing.name), entry.at)
    return Missing(
        missing.key, missing.reason, missing.where or entry.at.file.name, missing.yaml, missing.at or entry.at
    )


def _policy_place(rule: ResolvedRule, setting: str) -> PolicyPlace:
    """The line that sets this option; where none does, the line that gives the rule its level."""
    stated = setting if setting in rule.set_by else "enforcement"
    set_by = rule.set_by[stated]
    return PolicyPlace(set_by.layer.name, set_by.at, setting, stated == setting)


def _upcoming(rule: ResolvedRule, today: date) -> tuple[Change, ...]:
    return tuple(
        Change(step.begins, (step.begins - today).days, step.enforcement) for step in rule.schedule.after(today)
    )
