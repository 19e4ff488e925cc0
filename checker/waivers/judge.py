"""Judges the waivers of a run by the rules that are about waivers, once all that they may cover has been judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from checker import engine
from checker.rulebook.discover import judges_scans
from checker.rulebook.waiver_case import Use, WaiverCase, Widened
from checker.value import NamedTuple
from checker.verdict import Evaluation, JudgedManifest, JudgedWaiver, JudgedWaivers, Match, PolicyStamp
from checker.waivers.cover import is_meant
from checker.waivers.ledger import Waivers, Weighed, matches


class Seen(NamedTuple):
    """What a run looked at."""

    manifests: tuple[JudgedManifest, ...]
    """Those for which the file of waivers counts."""
    whole: bool
    """Whether these are all manifests of their repository."""
    applied: bool
    """Whether waivers were applied; under `--ignore-waivers` none covers anything."""
    widened: Mapping[str, Widened] | None
    """For the id of a waiver what the judged change adds to it; None where no change is judged."""


def judge(waivers: Waivers, standing: engine.Standing, stamp: PolicyStamp, seen: Seen) -> JudgedWaivers:
    """Every waiver that is meant for a project of this run.

    Args:
        waivers: the file, weighed.
        standing: the policy that names it, on the day.
        stamp: that policy, as reports name it.
        seen: what was judged.
    """
    found = _matches(seen.manifests, waivers.file)
    rules = engine.waiver_rules(standing)
    projects = {manifest.project for manifest in seen.manifests}
    ours = [one for one in waivers.weighed if any(matches(one.waiver.project.value, name) for name in projects)]
    return JudgedWaivers(
        file=waivers.file,
        sha256=waivers.sha256,
        policy=stamp,
        waivers=tuple(_judged(one, rules, standing.today, tuple(found[one.shown.id]), seen) for one in ours),
        others=len(waivers.weighed) - len(ours),
    )


def _judged(
    one: Weighed, rules: tuple[engine.StandingRule, ...], today: date, found: tuple[Match, ...], seen: Seen
) -> JudgedWaiver:
    waiver = one.waiver
    case = WaiverCase(
        id=waiver.id.value,
        at=waiver.id.at,
        expires=one.shown.expires,
        days_left=one.shown.days_left,
        objections=one.objections,
        use=Use.MATCHED if found else _use(one, seen),
        matches=len(found),
        widened=seen.widened.get(waiver.id.value) if seen.widened is not None else None,
        is_change=seen.widened is not None,
    )
    return JudgedWaiver(
        waiver=one.shown,
        project=waiver.project.value,
        model=waiver.model.value,
        revision=waiver.revision.value if waiver.revision else None,
        counts=one.counts,
        matches=found,
        evaluations=tuple(_evaluation(rule, case, today) for rule in rules),
    )


def _evaluation(rule: engine.StandingRule, case: WaiverCase, today: date) -> Evaluation:
    given = {"waiver": case, "settings": rule.resolved.settings, "today": today}
    outcome = rule.rule.check(**{name: given[name] for name in rule.rule.needs})
    return engine.evaluated(rule, engine.Judged(f"waiver {case.id}", case.id, case.at), outcome)


def _use(one: Weighed, seen: Seen) -> Use:
    """Whether a waiver that covers nothing could have: by the models of its project that were judged."""
    if not seen.applied or (judges_scans(one.waiver.rule.value) and not _scanned(seen.manifests)):
        return Use.UNSEEN
    is_judged = any(
        is_meant(one.waiver, model)
        for manifest in seen.manifests
        if matches(one.waiver.project.value, manifest.project)
        for model in manifest.models
    )
    return Use.UNUSED if seen.whole or is_judged else Use.UNSEEN


def _scanned(manifests: Iterable[JudgedManifest]) -> bool:
    """Whether code was read: without it no finding of a rule about code can be there."""
    models = (model for manifest in manifests for model in manifest.models)
    return any(judges_scans(evaluation.rule) for model in models for evaluation in model.evaluations)


def _matches(manifests: Iterable[JudgedManifest], file: str) -> dict[str, list[Match]]:
    """For the id of each waiver what it covers."""
    found: dict[str, list[Match]] = defaultdict(list)
    for model in (model for manifest in manifests for model in manifest.models):
        for evaluation in model.evaluations:
            covering = [(one.waiver, one.at) for one in evaluation.findings]
            covering += [(one.waiver, one.at) for one in evaluation.missing]
            for waiver, at in covering:
                if waiver is not None and waiver.at.file.name == file:
                    found[waiver.id].append(Match(evaluation.rule, model.name, at))
    return found
