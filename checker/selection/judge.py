"""Judges candidates by the engine, cheap rules first, and says of each whether it passes, nearly passes, or why not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from checker import engine
from checker.document.place import At
from checker.engine import Standing, StandingRule
from checker.facts.dossier import Dossier
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.selection.ask import Question
from checker.selection.changes import Change, may_change, steps_for
from checker.value import NamedTuple
from checker.verdict import Evaluation, Verdict

PURPOSE = "architecture-objective"
"""The rule that says whether a model is built for the objective: one that it refuses is never near."""

SIZE = "size-class"
"""The rule that says in which class of size a model is."""

PINNED = "revision-pinned"
"""The rule that a lock satisfies, whatever the model."""


class Group(StrEnum):
    """What became of a candidate."""

    PASSES = "passes"
    CHANGE = "passes-with-a-change"
    NEAR = "near-miss"
    """One rule stops it that no known change satisfies."""
    UNKNOWN = "not-evaluated"
    """A fact or an answer is missing, and no rule refuses it that a change might not satisfy."""
    STOPPED = "stopped"


class Candidate(NamedTuple):
    """One model in the place of the open entry."""

    entry: ModelEntry
    dossier: Dossier


class Judged(NamedTuple):
    """A candidate and what was decided about it."""

    candidate: Candidate
    group: Group
    evaluations: tuple[Evaluation, ...]
    """Of the entry as it was asked for. Of a stopped one those that were reached: what stops it is among them."""
    changes: tuple[Change, ...] = ()
    """With them it passes."""
    changed: tuple[Evaluation, ...] = ()
    """The evaluations of the entry with these changes."""

    @property
    def id(self) -> str:
        """The model's id."""
        return self.candidate.dossier.facts.model

    @property
    def facts(self) -> Facts:
        """What is known of it."""
        return self.candidate.dossier.facts

    @property
    def stops(self) -> tuple[Evaluation, ...]:
        """What blocks: findings first."""
        blocking = [one for one in self.evaluations if one.blocks]
        return tuple(sorted(blocking, key=lambda one: one.verdict is not Verdict.FAIL))

    @property
    def standing(self) -> tuple[Evaluation, ...]:
        """The evaluations that count for what is shown: with the changes where there are any."""
        return self.changed or self.evaluations


def candidate(question: Question, model: str, dossier: Dossier) -> Candidate:
    """A model in the place of the open entry, pinned at the commit at which its facts were recorded."""
    at, revision = question.entry.model.at, dossier.facts.revision
    pin = At(revision, at) if revision else None
    return Candidate(question.entry.model_copy(update={"model": At(model, at), "revision": pin}), dossier)


class Judge:
    """Judges the candidates of one question."""

    def __init__(
        self,
        question: Question,
        others: Iterable[Dossier],
        standing: Standing,
        *,
        fast: bool = True,
        proposals: bool = False,
    ) -> None:
        """Take what is the same for every candidate.

        Args:
            question: what is sought.
            others: what is known of the question's other entries.
            standing: what the organisation allows on the day.
            fast: whether rules that can change nothing any more are left out; else every rule judges every model.
            proposals: whether memory rules also compute what would fit instead.
        """
        self._question = question
        self._others = tuple(others)
        self._standing = standing._replace(proposals=proposals)
        self._order = {rule.rule.id: index for index, rule in enumerate(standing.rules)}
        self._stages = _stages(standing.rules) if fast else (standing.rules,)
        reached = {rule.rule.id for stage in self._stages for rule in stage}
        self._advice = tuple(rule for rule in standing.rules if rule.rule.id not in reached)
        self._deciding = tuple(rule for rule in standing.rules if rule.rule.id in reached)

    def judged(self, one: Candidate) -> Judged:
        """What becomes of a candidate.

        What is stopped by the rules reached so far is not judged by the others, and rules that only advise are judged
        of what passes alone.
        """
        evaluations: tuple[Evaluation, ...] = ()
        for rules in self._stages:
            evaluations += self._evaluations(one, one.entry, rules)
            if _is_hopeless(one.entry, evaluations):
                break
        found = self._grouped(one, evaluations)
        if found.group in (Group.PASSES, Group.CHANGE):
            evaluations += self._evaluations(one, one.entry, self._advice)
            if all(each.verdict is Verdict.NOT_APPLICABLE for each in evaluations):
                found = found._replace(group=Group.UNKNOWN)  # nothing speaks for it either
        return found._replace(evaluations=tuple(sorted(evaluations, key=lambda each: self._order[each.rule])))

    def _grouped(self, one: Candidate, evaluations: tuple[Evaluation, ...]) -> Judged:
        if _is_hopeless(one.entry, evaluations):
            return Judged(one, Group.STOPPED, evaluations)
        blocking = [each for each in evaluations if each.blocks]
        if any(each.verdict is Verdict.NOT_EVALUATED for each in blocking):
            return Judged(one, Group.UNKNOWN, evaluations)
        entry, left = one.entry, 0
        changes: tuple[Change, ...] = ()
        for rule in dict.fromkeys(each.rule for each in blocking):
            mended = self._mended(one, entry, rule)
            if mended is None:
                left += 1
            else:
                entry, changes = mended[0], (*changes, *mended[1])
        if left:
            return Judged(one, Group.NEAR if left == 1 else Group.STOPPED, evaluations)
        if not changes:
            return Judged(one, Group.PASSES, evaluations)
        changed = self._evaluations(one, entry, self._deciding)
        if any(each.blocks and each.verdict is Verdict.FAIL for each in changed):
            return Judged(one, Group.STOPPED, evaluations)  # what helped with one rule offends another
        if any(each.blocks for each in changed):
            return Judged(one, Group.UNKNOWN, evaluations)
        return Judged(one, Group.CHANGE, evaluations, _last_of_each(changes), changed)

    def _mended(self, one: Candidate, entry: ModelEntry, rule: str) -> tuple[ModelEntry, tuple[Change, ...]] | None:
        """The entry with the smallest step after which the rule no longer blocks; unchanged where it does not by now.

        The last step asks for most: where it does not help, none before it is tried.
        """
        rules = tuple(each for each in self._standing.rules if each.rule.id == rule)

        def passes(tried: ModelEntry) -> bool:
            return not any(each.blocks for each in self._evaluations(one, tried, rules))

        steps = steps_for(rule, entry)
        if entry is not one.entry and passes(entry):
            return entry, ()
        if not steps or not passes(steps[-1].entry):
            return None
        step = next(step for step in steps if step is steps[-1] or passes(step.entry))
        return step.entry, step.changes

    def _evaluations(
        self, one: Candidate, entry: ModelEntry, rules: tuple[StandingRule, ...]
    ) -> tuple[Evaluation, ...]:
        manifest = self._question.manifest.model_copy(update={"models": (*self._question.others, entry)})
        dossiers = (*self._others, one.dossier)
        models = engine.check(manifest, dossiers, self._standing._replace(rules=rules), only=entry)
        return tuple(evaluation for model in models for evaluation in model.evaluations)


def _is_hopeless(entry: ModelEntry, evaluations: Iterable[Evaluation]) -> bool:
    """Whether no further verdict and no change can make it better than stopped."""
    blocking = [one for one in evaluations if one.blocks]
    refused = [one for one in blocking if one.verdict is Verdict.FAIL and not may_change(one.rule, entry)]
    rules = {one.rule for one in blocking} - {PINNED}
    return any(one.rule == PURPOSE for one in refused) or bool(refused and len(rules) > 1)


def _last_of_each(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Each key once: a later step may have gone further with the same key."""
    return tuple({change.path: change for change in changes}.values())


def _stages(rules: tuple[StandingRule, ...]) -> tuple[tuple[StandingRule, ...], ...]:
    """The rules that can block by what they cost: the purpose, what compares values, licences, estimates of memory.

    `size-class` is among them whatever its level, since candidates are ranked by it.
    """

    def cost(rule: StandingRule) -> int:
        if "proposals" in rule.rule.needs:
            return 3
        if rule.rule.id.startswith("license-"):
            return 2
        return 0 if rule.rule.id == PURPOSE else 1

    deciding = [rule for rule in rules if rule.level.blocks or rule.rule.id == SIZE]
    stages = [tuple(rule for rule in deciding if cost(rule) == stage) for stage in range(4)]
    return tuple(stage for stage in stages if stage)
