"""Lets the rules judge a manifest by a policy, and says what each outcome means for the gate."""

from datetime import date
from typing import TYPE_CHECKING

from checker.document.place import NOWHERE, Place
from checker.facts.certain import at_least
from checker.facts.claims import known_yaml
from checker.facts.dossier import Dossier
from checker.facts.fact import Certainty, Fact, Unknown
from checker.facts.model import Facts
from checker.manifest.model import Manifest, ModelEntry
from checker.policy.policy import Policy, ResolvedRule
from checker.rulebook.discover import Rule, judges_scans, judges_waivers, load_rule
from checker.rulebook.neighbour import Neighbour
from checker.rulebook.outcome import Failed, NotApplicable, NotEvaluated, Outcome, Passed, Stack, Unanswered
from checker.rulebook.schedule import Enforcement
from checker.rulebook.settings import RuleSettings
from checker.value import NamedTuple
from checker.verdict import Change, Detail, Evaluation, JudgedModel, Missing, PolicyPlace, Verdict

if TYPE_CHECKING:  # `check` reads no code
    from checker.rulebook.scan_case import ScanCase

OF_WEIGHTS = " (weights)"
"""Behind the name of an entry: the artefact that it loads."""


class StandingRule(NamedTuple):
    """One rule as a policy wants it on one day: what is the same for every model."""

    rule: Rule
    resolved: ResolvedRule
    level: Enforcement
    place: PolicyPlace
    upcoming: tuple[Change, ...]


class Standing(NamedTuple):
    """A policy as it stands on one day, with the rules that are above off."""

    policy: Policy
    today: date
    rules: tuple[StandingRule, ...]
    scan_rules: tuple[StandingRule, ...]
    """Those that compare entries with what a scan found; without a scan nobody asks them."""
    proposals: bool = True
    """Whether rules also compute what would do instead of what they refuse: the costly part of a refusal."""
    bounds: bool = False
    """Whether a bound that settles the verdict will do: the figures of a refusal may then be those of the bound."""


class Case(NamedTuple):
    """One entry with all that a rule may ask for."""

    entry: ModelEntry
    dossier: Dossier
    manifest: Manifest
    neighbours: tuple[tuple[ModelEntry, Dossier], ...]
    """The entries on the manifest's shared hardware."""
    standing: Standing
    scan: "ScanCase | None" = None
    """Where code uses it; None where no code was read."""


def as_it_stands(policy: Policy, today: date) -> Standing:
    """The policy on one day: the day on which levels, ages and expiries are judged."""
    rules = [
        StandingRule(policy.loaded(rule), rule, level, _policy_place(rule, "enforcement"), _upcoming(rule, today))
        for rule in policy.rules.values()
        if not judges_waivers(rule.id) and (level := rule.level(today)) is not Enforcement.OFF
    ]
    of_scans = tuple(rule for rule in rules if judges_scans(rule.rule.id))
    return Standing(policy, today, tuple(rule for rule in rules if rule not in of_scans), of_scans)


def waiver_rules(standing: Standing) -> tuple[StandingRule, ...]:
    """The rules that judge waivers, above off on that day; most runs have no waivers and load none of them."""
    found = []
    for named in standing.policy.rules.values():
        level = named.level(standing.today)
        if judges_waivers(named.id) and level is not Enforcement.OFF:
            loaded = load_rule(named.id)
            own = named.set_by.keys() - {"enforcement"}
            rule = named if own else named._replace(settings=loaded.settings.model_construct())
            place, upcoming = _policy_place(rule, "enforcement"), _upcoming(rule, standing.today)
            found.append(StandingRule(loaded, rule, level, place, upcoming))
    return tuple(found)


def check(
    manifest: Manifest,
    dossiers: tuple[Dossier, ...],
    standing: Standing,
    scans: "tuple[ScanCase, ...]" = (),
    only: ModelEntry | None = None,
) -> tuple[JudgedModel, ...]:
    """Every rule of the policy, judged for every model of the manifest.

    Args:
        manifest: what the project declares.
        dossiers: what is known of each of its models, in the same order.
        standing: what the organisation allows on the day.
        scans: where code uses each of its models, in the same order; empty where no code was read.
        only: the entry to judge, where the others are there as its neighbours alone.
    """
    pairs = tuple(zip(manifest.models, dossiers, strict=True))
    sharing = tuple(pair for pair in pairs if pair[0].shares_hardware)
    judged = []
    for number, (entry, dossier) in enumerate(pairs):
        if only is not None and entry is not only:
            continue
        case = Case(entry, dossier, manifest, sharing, standing, scans[number] if scans else None)
        rules = (*standing.rules, *standing.scan_rules) if scans else standing.rules
        judged.append(_judge_model(case, entry.display_name, rules))
        if dossier.weights is not None:
            loaded = case._replace(entry=entry.as_loaded_weights(), dossier=dossier.weights, neighbours=())
            rules = tuple(rule for rule in standing.rules if rule.rule.judges_weights)
            judged.append(_judge_model(loaded, f"{entry.display_name}{OF_WEIGHTS}", rules))
    return tuple(judged)


def _judge_model(case: Case, name: str, rules: tuple[StandingRule, ...]) -> JudgedModel:
    facts, origin = case.dossier.facts, case.dossier.origin
    supply, judged = Supply(case), Judged(name, facts.found_as, case.entry.at)
    revision = case.entry.revision.value if case.entry.revision else None
    assumptions = (
        *_assumptions(facts, revision),
        *_of_unknown(case),
        *(f"{case.dossier.lock.file}: {note}" for note in _lock_notes(case)),
    )
    return JudgedModel(
        name=name,
        id=facts.model,
        found_as=facts.found_as,
        at=case.entry.model.at,
        revision=revision,
        origin=origin,
        nearest=case.dossier.nearest,
        recorded_at=facts.revision,
        assumptions=assumptions,
        evaluations=tuple(evaluated(rule, judged, rule.rule.check(**supply.arguments(rule))) for rule in rules),
    )


def _lock_notes(case: Case) -> tuple[str, ...]:
    """What the lock says of how the model was resolved: that it is gated and no token was there, for instance."""
    entry = case.dossier.lock.entry
    return entry.notes if entry is not None else ()


def _of_unknown(case: Case) -> tuple[str, ...]:
    """What stands in for `access` where nothing is known of a model, and no other key shows that its weights are run.

    Whoever declares a service's model by its name alone is asked for a commit and a licence, and not told of the key.
    """
    entry = case.entry
    shows = (entry.revision, entry.deployment, entry.fine_tuning, entry.known)
    if case.dossier.origin is not None or case.scan is not None or any(one is not None for one in shows):
        return ()
    if entry.access.at != NOWHERE or entry.is_local:
        return ()
    return ("the project runs the weights itself; `access: api` and `provider` would say that a service does",)


def _assumptions(facts: Facts, pinned: str | None) -> tuple[str, ...]:
    """What stands in for something that nobody said."""
    assumed = []
    if facts.found_as != facts.model:
        former = facts.found_as in facts.former_ids
        assumed.append(
            f"{facts.found_as} is {'a former or bare name' if former else 'another spelling'} of {facts.model}"
        )
    if pinned and facts.revision and pinned != facts.revision:
        assumed.append(
            f"identity, architecture and dimensions were recorded at {facts.revision[:12]}"
            f" and are assumed to hold at {pinned[:12]}"
        )
    elif elsewhere := _of_other_commits(facts):
        names, commits = ", ".join(elsewhere), ", ".join(sorted({commit[:12] for commit in elsewhere.values()}))
        assumed.append(f"{names}: recorded at {commits} and assumed to hold at {(facts.revision or '')[:12]}")
    return tuple(assumed)


def _of_other_commits(facts: Facts) -> dict[str, str]:
    """Facts that a source recorded at another commit than most: they fill what a lock leaves out."""
    stated = {name: fact for name, fact in zip(facts._fields, facts, strict=True) if isinstance(fact, Fact)}
    commits = {name: fact.source.revision for name, fact in stated.items()}
    return {name: commit for name, commit in commits.items() if commit and facts.revision and commit != facts.revision}


class Supply:
    """What rules may ask for, by the name of their argument; views of the facts are made once for each certainty."""

    def __init__(self, case: Case) -> None:
        self._views: dict[tuple[int, Certainty], Facts] = {}
        self._case = case
        self._same: dict[str, object] = {
            "entry": case.entry,
            "manifest": case.manifest,
            "organisation": case.standing.policy.organisation,
            "providers": case.standing.policy.providers,
            "opinions": case.standing.policy.opinions,
            "baseline": case.dossier.baseline,
            "contradictions": case.dossier.contradictions,
            "lock": case.dossier.lock,
            "generators": case.dossier.generators,
            "shown": case.dossier.shown,
            "calibration": case.dossier.calibration,
            "today": case.standing.today,
            "scan": case.scan,
            "proposals": case.standing.proposals,
            "bounds": case.standing.bounds,
        }

    def arguments(self, rule: StandingRule) -> dict[str, object]:
        """The arguments of one rule, its facts no less sure than its settings ask for."""
        settings = rule.resolved.settings
        minimum = settings.min_certainty
        same = self._same
        return {
            name: same[name] if name in same else self._argument(name, settings, minimum) for name in rule.rule.needs
        }

    def _argument(self, name: str, settings: RuleSettings, minimum: Certainty) -> object:
        if name == "settings":
            return settings
        if name == "facts":
            return self.view(self._case.dossier.facts, minimum)
        if name == "lineage":
            return self._case.dossier.lineage.at_least(minimum)
        if name == "neighbours":
            return tuple(
                Neighbour(entry, self.view(dossier.facts, minimum), self._loaded(dossier, minimum))
                for entry, dossier in self._case.neighbours
            )
        if name == "loaded":
            return self._loaded(self._case.dossier, minimum)
        raise LookupError(f"no rule can be given `{name}`")

    def _loaded(self, dossier: Dossier, minimum: Certainty) -> Facts | None:
        return self.view(dossier.weights.facts, minimum) if dossier.weights else None

    def view(self, facts: Facts, minimum: Certainty) -> Facts:
        """The facts that are at least so sure."""
        key = (id(facts), minimum)
        if key not in self._views:
            self._views[key] = at_least(facts, minimum)
        return self._views[key]


class Judged(NamedTuple):
    """What is judged: an entry's name, the model as the entry writes it, and the entry's place."""

    name: str
    model: str
    at: Place


def evaluated(rule: StandingRule, judged: Judged, outcome: Outcome) -> Evaluation:
    """What the outcome of a rule means at the level that the policy gives it."""
    verdict = verdict_of(outcome)
    evaluation = Evaluation(
        rule=rule.rule.id,
        model=judged.name,
        verdict=verdict,
        enforcement=rule.level,
        settled_by=rule.rule.settled_by,
        at=judged.at,
        policy=rule.place,
        blocks=blocks(rule, outcome),
        missing=tuple(_missing(one, judged, rule) for one in outcome.missing) if type(outcome) is NotEvaluated else (),
        evidence=outcome.evidence if type(outcome) is Passed else (),
        margin=outcome.margin if type(outcome) is Passed else "",
        reason=outcome.reason if type(outcome) is NotApplicable else "",
        notes=() if isinstance(outcome, NotApplicable) else outcome.notes,
        lines=outcome.detail if type(outcome) is Passed else (),
        upcoming=rule.upcoming,
        stack=stack_in(outcome),
        duties=() if isinstance(outcome, NotApplicable) else outcome.duties,
    )
    return _with_findings(evaluation, outcome, rule, judged.model) if isinstance(outcome, Failed) else evaluation


_VERDICTS = {
    Passed: Verdict.PASS,
    Failed: Verdict.FAIL,
    NotEvaluated: Verdict.NOT_EVALUATED,
    NotApplicable: Verdict.NOT_APPLICABLE,
}


def blocks(rule: StandingRule, outcome: Outcome) -> bool:
    """Whether an outcome stops the gate at the level that the policy gives the rule."""
    if isinstance(outcome, Failed):
        return rule.level.blocks and not all(finding.advises for finding in outcome.findings)
    return isinstance(outcome, NotEvaluated) and rule.level.blocks


def verdict_of(outcome: Outcome) -> Verdict:
    """What an outcome is called before waivers."""
    return _VERDICTS[type(outcome)]


def stack_in(outcome: Outcome) -> Stack | None:
    """The sum that an outcome held against a limit; None where it was about none."""
    if isinstance(outcome, Failed):
        return next((finding.stack for finding in outcome.findings if finding.stack), None)
    return outcome.stack if isinstance(outcome, Passed) else None


def _with_findings(evaluation: Evaluation, outcome: Failed, rule: StandingRule, model: str) -> Evaluation:
    details = tuple(
        Detail(
            at=finding.at,
            policy=_policy_place(rule.resolved, finding.setting),
            expected=finding.expected,
            found=finding.found,
            remedy=finding.remedy,
            evidence=finding.evidence,
            lines=finding.detail,
            blocks=rule.level.blocks and not finding.advises,
            value=f"{model}\n{finding.at.written}\n{finding.value or _without_folder(finding.found, finding.at)}",
        )
        for finding in outcome.findings
    )
    first = details[0]
    return evaluation._replace(at=first.at, policy=first.policy, findings=details, stack=stack_in(outcome))


def _without_folder(found: str, at: Place) -> str:
    """What was found without the manifest's own folder, so that moving both makes no other finding of it."""
    folder = at.file.name.rpartition("/")[0]
    return " ".join(word.removeprefix(f"{folder}/") for word in found.split(" ")) if folder else found


def _missing(missing: Unknown | Unanswered, judged: Judged, rule: StandingRule) -> Missing:
    at = judged.at
    if isinstance(missing, Unknown):
        minimum, yaml = rule.resolved.settings.min_certainty, known_yaml(missing.name)
        if yaml and minimum is not Certainty.CLAIMED:
            yaml = f"# counts where the policy sets `min_certainty: claimed` for {rule.rule.id}\n{yaml}"
        where, key = at.file.name, missing.name
    else:
        yaml, where, key, at = missing.yaml, missing.where or at.file.name, missing.key, missing.at or at
    return Missing(key, missing.reason, where, yaml, at, value=f"{judged.model}\n{key}")


def _policy_place(rule: ResolvedRule, setting: str) -> PolicyPlace:
    """The line that sets this option; where none does, the line that gives the rule its level."""
    stated = setting if setting in rule.set_by else "enforcement"
    set_by = rule.set_by[stated]
    return PolicyPlace(set_by.layer.name, set_by.at, setting, stated == setting)


def _upcoming(rule: ResolvedRule, today: date) -> tuple[Change, ...]:
    return tuple(
        Change(step.begins, (step.begins - today).days, step.enforcement) for step in rule.schedule.after(today)
    )
