"""Judges one case by a policy and holds what comes out against what the case expects."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from checker import engine
from checker.exit_code import ExitCode
from checker.manifest.model import Manifest
from checker.policy.extend import extended
from checker.policy.policy import Policy
from checker.policy_tests.file import Case, Expectation, Outcome
from checker.policy_tests.prepare import Prepared
from checker.rulebook.discover import judges_waivers
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedModel, PolicyStamp, Verdict, code_of
from checker.waivers.cover import covered
from checker.waivers.judge import Seen
from checker.waivers.judge import judge as judge_waivers
from checker.waivers.ledger import weigh

PROJECT = "case"
"""The project of a manifest that names none: waivers of a case are meant for it."""


class Difference(NamedTuple):
    """One thing that is not as the case expects."""

    what: str
    """The rule's id, `levels`, or `exit_code`."""
    expected: str
    found: str
    unknown: bool = False
    """Whether nothing speaks against the expectation but that a fact or an answer is missing."""
    why: tuple[str, ...] = ()
    """What was found, in the words of the report."""


Watch = Callable[[engine.Standing], engine.Standing]


class Judged(NamedTuple):
    """What a policy says of one case."""

    prepared: Prepared
    levels: dict[str, Enforcement]
    """The level of each rule of the policy on the day."""
    evaluations: dict[str, tuple[Evaluation, ...]]
    """By rule, what was decided about each model, or about each waiver."""
    code: ExitCode


_GRAVEST = (Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.WAIVED, Verdict.NOT_EVALUATED, Verdict.FAIL)
"""Of several models that one whose verdict stands furthest to the right speaks for a rule."""


def policy_of(prepared: Prepared, policy: Policy) -> Policy:
    """The policy as it holds for a case: with the layer and the licensee that this states.

    Raises:
        InputError: the layer cannot be used, or loosens the policy.
    """
    if prepared.layer is not None:
        policy = extended(policy, prepared.layer, prepared.source.name, prepared.source_folder)
    return policy._replace(organisation=prepared.organisation) if prepared.organisation else policy


def judge(prepared: Prepared, policy: Policy, watch: Watch | None = None) -> Judged:
    """Judge a case by a policy that `policy_of` made.

    Args:
        prepared: the case.
        policy: what holds for it.
        watch: puts something that remembers what is read in the place of each rule's settings.
    """
    standing = engine.as_it_stands(policy, prepared.today)
    if watch is not None:
        standing = watch(standing)
    levels = {rule.id: rule.level(prepared.today) for rule in policy.rules.values()}
    if prepared.manifest is None:
        return Judged(prepared, levels, {}, ExitCode.OK)
    narrow = _only(standing, prepared.case)
    models = _models(prepared, prepared.manifest, narrow)
    of_waivers: tuple[Evaluation, ...] = ()
    if prepared.ledger is not None and policy.waivers is not None:
        models, of_waivers = _with_waivers(prepared, prepared.manifest, models, standing)
    found: dict[str, list[Evaluation]] = {}
    for evaluation in (*(one for model in models for one in model.evaluations), *of_waivers):
        found.setdefault(evaluation.rule, []).append(evaluation)
    return Judged(prepared, levels, {rule: tuple(all_) for rule, all_ in found.items()}, code_of(models, of_waivers))


def _only(standing: engine.Standing, case: Case) -> engine.Standing:
    """The rules that the case asks about, where nothing in it depends on the others."""
    if case.exit_code is not None or case.waivers or case.waivers_before is not None:
        return standing
    return standing._replace(rules=tuple(rule for rule in standing.rules if rule.rule.id in case.expect))


def _models(prepared: Prepared, manifest: Manifest, standing: engine.Standing) -> tuple[JudgedModel, ...]:
    compared = prepared.compared
    models = engine.check(manifest, prepared.dossiers, standing, compared.cases if compared else ())
    if compared is None or compared.undeclared is None:
        return models
    others = engine.check(compared.undeclared, prepared.undeclared, standing, compared.undeclared_cases)
    return (*models, *others)


def _with_waivers(
    prepared: Prepared, manifest: Manifest, models: tuple[JudgedModel, ...], standing: engine.Standing
) -> tuple[tuple[JudgedModel, ...], tuple[Evaluation, ...]]:
    """The models with the waivers of the case applied, and what the rules about waivers say."""
    from checker.since.waiver_changes import widened

    assert prepared.ledger is not None  # that is why somebody asks
    policy = standing.policy
    project = manifest.project.value if manifest.project else PROJECT
    now = weigh(prepared.ledger, policy, standing.today, {})
    before = weigh(prepared.before, policy, standing.today, {}) if prepared.before is not None else None
    models = covered(models, project, now.of_project(project))
    stamp = PolicyStamp(policy.name, policy.version, policy.sha256, None, policy.chosen_by, policy.layers)
    judged = JudgedManifest(prepared.source.name, project, "", "", stamp, models, waivers=now.file)
    grown = widened(now, before) if before is not None else None
    seen = Seen((judged,), True, True, grown)
    return models, tuple(
        one for waiver in judge_waivers(now, standing, stamp, seen).waivers for one in waiver.evaluations
    )


def differences(judged: Judged) -> tuple[Difference, ...]:
    """Everything in which the policy does otherwise than the case expects."""
    return tuple(_differences(judged))


def _differences(judged: Judged) -> Iterator[Difference]:
    case = judged.prepared.case
    for rule, level in case.levels.items():
        found = judged.levels.get(rule, Enforcement.OFF)
        if found is not level.value:
            yield Difference("levels", f"{rule}: {level.value}", f"{rule}: {found}")
    for rule, expected in case.expect.items():
        for one in expected:
            yield from _of_rule(rule, one, judged)
    if case.exit_code is not None and case.exit_code.value != judged.code:
        blocking = [one for of_rule in judged.evaluations.values() for one in of_rule if one.blocks]
        why = tuple(
            f"{one.rule}: {one.verdict}, {said}"
            for one in blocking
            for said in _said((one,), judged.prepared.temporary)[:1]
        )
        yield Difference("exit_code", str(case.exit_code.value), str(int(judged.code)), why=why)


def speaking(judged: Judged, rule: str, expected: Expectation) -> tuple[Evaluation, ...]:
    """The evaluations that an expectation is about, the gravest first; empty where the rule is off or named nobody."""
    named = expected.model.value if expected.model else None
    found = [one for one in judged.evaluations.get(rule, ()) if named in (None, one.model)]
    return tuple(sorted(found, key=lambda one: -_GRAVEST.index(one.verdict)))


def _of_rule(rule: str, expected: Expectation, judged: Judged) -> Iterator[Difference]:
    found = speaking(judged, rule, expected)
    level = judged.levels.get(rule, Enforcement.OFF)
    outcome = _outcome(rule, level, found)
    said = _said(found, judged.prepared.temporary)
    wants_level, wants_setting, wants_text = expected.level, expected.setting, expected.finding
    settings = sorted({detail.policy.setting for one in found for detail in one.findings})
    holds = (
        outcome == expected.outcome.value
        and (wants_level is None or wants_level.value is level)
        and (wants_setting is None or wants_setting.value in settings)
        and (wants_text is None or any(wants_text.value.casefold() in line.casefold() for line in said))
    )
    if holds:
        return
    who = f" of {expected.model.value}" if expected.model else ""
    wanted = [f"{rule}{who}: {expected.outcome.value}"]
    got = [f"{rule}{who}: {outcome}"]
    if wants_level is not None:
        wanted.append(f"level {wants_level.value}")
        got.append(f"level {level}")
    if wants_setting is not None:
        wanted.append(f"setting {wants_setting.value}")
        got.append(f"setting {' and '.join(settings) or 'none'}")
    if wants_text is not None:
        wanted.append(f"a finding that says `{wants_text.value}`")
        got.append(f"a finding that says `{said[0]}`" if said else "no finding")
    unknown = outcome == Outcome.NOT_EVALUATED and expected.outcome.value in (Outcome.PASS, Outcome.FAIL)
    yield Difference(rule, ", ".join(wanted), ", ".join(got), unknown, said)


def _outcome(rule: str, level: Enforcement, found: Iterable[Evaluation]) -> str:
    first = next(iter(found), None)
    if first is not None:
        return first.verdict.value
    if level is Enforcement.OFF:
        return Outcome.OFF.value
    return "no waiver is judged by it" if judges_waivers(rule) else "no model is judged by it"


def _said(found: Collection[Evaluation], temporary: str) -> tuple[str, ...]:
    """What the report would say of those evaluations whose verdict speaks for the rule."""
    gravest = next(iter(found)).verdict if found else None
    lines = [line for one in found if one.verdict is gravest for line in _sentences(one)]
    return tuple(line.replace(f"{temporary}/", "") if temporary else line for line in lines)


def _sentences(one: Evaluation) -> Iterator[str]:
    yield from (f"{detail.found}; expected {detail.expected}" for detail in one.findings)
    yield from (f"{missing.name} is unknown: {missing.reason}" for missing in one.missing)
    if one.reason:
        yield one.reason
    if not (one.findings or one.missing):
        yield from one.notes
