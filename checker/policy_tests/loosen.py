"""Every way of loosening one setting, or one level, of a policy by one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.custom.looser import EXPRESSIONS, looser_texts
from checker.document.place import NOWHERE, Place
from checker.document.scalars import in_brackets
from checker.document.tree import Scalar
from checker.facts.fact import Fact
from checker.policy.policy import Policy, Rank, ResolvedRule
from checker.policy.waivers import Scope
from checker.policy_tests.coverage import in_scope
from checker.policy_tests.judge import Judged
from checker.rulebook.discover import direction_of, load_rule
from checker.rulebook.licensee import Providers
from checker.rulebook.schedule import Enforcement, Schedule
from checker.rulebook.settings import RuleSettings
from checker.value import NamedTuple
from checker.verdict import Verdict


class Loosening(NamedTuple):
    """A policy of which one thing is looser."""

    rule: str
    setting: str
    words: str
    """What was done to it: `without gemma`, `raised from 5 to 10`."""
    at: Place
    """The line of the policy that states it."""
    policy: Policy


def loosenings(policy: Policy, judged: Iterable[Judged], *, inherited: bool) -> Iterator[Loosening]:
    """Each loosening of what the policy's own files state.

    Args:
        policy: the policy.
        judged: its cases: what they show to be refused is what a longer list would let through.
        inherited: as of `checker.policy_tests.coverage.in_scope`.
    """
    judged = tuple(judged)
    refused = _refused(judged)
    for rule, stated in in_scope(policy, inherited=inherited):
        for name in stated:
            texts = (*refused.get((rule.id, name), ()), *refused.get((rule.id, "enforcement"), ()))
            ways = _levels(rule) if name == "enforcement" else _values(rule, name, texts)
            for words, looser in ways:
                changed = policy._replace(rules={**policy.rules, rule.id: looser})
                yield Loosening(rule.id, name, words, rule.set_by[name].at, changed)
    yield from _of_waivers(policy)
    yield from _of_providers(policy, judged)


def _levels(rule: ResolvedRule) -> Iterator[tuple[str, ResolvedRule]]:
    levels = tuple(Enforcement)
    for index, step in enumerate(rule.schedule.steps):
        if step.enforcement.rank:
            lower = levels[step.enforcement.rank - 1]
            steps = (*rule.schedule.steps[:index], step._replace(enforcement=lower), *rule.schedule.steps[index + 1 :])
            since = f" from {step.begins}" if index else ""
            yield f"lowered from {step.enforcement} to {lower}{since}", rule._replace(schedule=Schedule(steps))


def _values(rule: ResolvedRule, name: str, refused: tuple[str, ...]) -> Iterator[tuple[str, ResolvedRule]]:
    if rule.custom and name in EXPRESSIONS:
        for words, text in looser_texts(name, str(rule.stated()[name])):
            stated = {"assert_" if name == "assert" else name: text}
            yield words, rule._replace(settings=rule.settings.model_copy(update=stated))
        return
    held = vars(rule.settings)
    if name not in held:  # the settings of a rule that judges waivers are taken where waivers are judged
        return
    value = held[name]
    settings = type(rule.settings) if rule.custom else load_rule(rule.id).settings
    direction = direction_of(settings, name)
    default = settings.model_fields[name].get_default(call_default_factory=True)
    admitted = tuple(text for text in refused if _lets_in(settings, name, value, Scalar(text, True, NOWHERE)))
    for words, tried in direction.looser(value, admitted, default):
        changed = next((found for one in tried if (found := _admitted(settings, name, one))), None)
        if changed is not None:
            yield words, rule._replace(settings=rule.settings.model_copy(update={name: changed[0]}))


def _lets_in(settings: type[RuleSettings], name: str, value: Any, scalar: Scalar) -> bool:
    """Whether the setting's type takes a text, and a list with it is a longer one."""
    direction = direction_of(settings, name)
    read = (_admitted(settings, name, one) for _, tried in direction.looser(value, (scalar,), None) for one in tried)
    return any(found is not None and direction.weakens(value, found[0]) for found in read)


def _of_waivers(policy: Policy) -> Iterator[Loosening]:
    """The terms on which exceptions are admitted, each looser by one step."""
    terms = policy.waivers
    if terms is None or not any(layer.name == terms.layer for layer in policy.layers if layer.rank is not Rank.PACK):
        return

    def looser(setting: str, words: str, **changed: Any) -> Loosening:
        return Loosening("waivers", setting, words, terms.at, policy._replace(waivers=terms._replace(**changed)))

    longer = terms.max_days * 2
    yield looser("max_days", f"raised from {terms.max_days} to {longer}", max_days=longer)
    if terms.approvers is not None:
        yield looser("approvers", "left out: anybody may approve", approvers=None)
    for demand in sorted(terms.require):
        yield looser("require", f"without {demand}", require=terms.require - {demand})
    wider = frozenset(Scope) - terms.wildcards
    if wider:
        yield looser("wildcards", f"lengthened by {', '.join(sorted(wider))}", wildcards=frozenset(Scope))


def _of_providers(policy: Policy, judged: Iterable[Judged]) -> Iterator[Loosening]:
    """The list of providers, longer by those that the cases show to be refused."""
    allowed, rule = policy.providers.allowed, policy.rules.get(_API)
    if allowed is None or rule is None or policy.layers[-1].rank is Rank.PACK:
        return
    manifests = (
        one.prepared.manifest for one in judged if any(e.verdict in _FAILED for e in one.evaluations.get(_API, ()))
    )
    entries = (entry for manifest in manifests if manifest for entry in manifest.models)
    named = dict.fromkeys(entry.provider.value for entry in entries if entry.provider)
    refused = [name for name in named if name not in allowed]
    words = f"lengthened by {', '.join(refused)}" if refused else "lengthened by anything: no case is refused for it"
    changed = policy._replace(providers=Providers((*allowed, *refused)))
    yield Loosening(_API, "api.providers", words, rule.set_by["enforcement"].at, changed)


_API = "api-allowed"


def _admitted(settings: type[RuleSettings], name: str, value: Any) -> tuple[Any] | None:
    """The value as the setting's own type reads it; None where it refuses it."""
    try:
        return (getattr(settings.model_validate({name: value}), name),)
    except ValueError:
        return None


def _refused(judged: Iterable[Judged]) -> dict[tuple[str, str], tuple[str, ...]]:
    """For each setting what it refuses in some case: values of the facts that its findings rest on, and the models.

    A finding that names no setting is one of all settings of its rule, under the name `enforcement`.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for one in judged:
        models = [dossier.facts.found_as for dossier in (*one.prepared.dossiers, *one.prepared.undeclared)]
        names = [name for model in models for name in (model, model.partition("/")[0])]
        failed = (each for all_ in one.evaluations.values() for each in all_ if each.verdict in _FAILED)
        for evaluation in failed:
            for detail in evaluation.findings:
                texts = found.setdefault((evaluation.rule, detail.policy.setting), {})
                texts.update(dict.fromkeys(text for fact in detail.evidence for text in _texts(fact)))
                texts.update(dict.fromkeys(names))
    return {key: tuple(texts) for key, texts in found.items()}


_FAILED = (Verdict.FAIL, Verdict.WAIVED)


def _texts(fact: Fact[Any]) -> Iterator[str]:
    for value in in_brackets(fact.value):
        if isinstance(value, str):
            yield str(value)
