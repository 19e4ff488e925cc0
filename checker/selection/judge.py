"""Judges candidates by the engine, cheap rules first, and says of each whether it passes, nearly passes, or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from checker import engine
from checker.document.place import At
from checker.engine import Standing, StandingRule
from checker.facts.dossier import Dossier
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.manifest.model_id import is_local
from checker.selection.ask import Question
from checker.selection.changes import Change, Step, may_change, steps_for
from checker.selection.marks import Mark, Marks
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


class Candidate:
    """One model in the place of the open entry, pinned at the commit at which its facts were recorded."""

    def __init__(self, question: Question, model: str, dossier: Dossier) -> None:
        """Take the question, the model's id as it would be written, and what is known of the model."""
        self._open = question.entry
        self.model = At(model, question.entry.model.at)
        self.dossier = dossier
        recorded = dossier.facts.revision
        self.revision = At(recorded, question.entry.model.at) if recorded else None

    @property
    def is_local(self) -> bool:
        """Whether the model is named by a path."""
        return is_local(self.model.value)

    @property
    def has_size(self) -> bool:
        """Whether a class of size is asked for."""
        return self._open.size_class is not None

    @cached_property
    def entry(self) -> ModelEntry:
        """The entry with the model in it; most candidates are judged without one."""
        return self._open.model_copy(update={"model": self.model, "revision": self.revision})


Plan: TypeAlias = tuple[tuple[tuple[str, ...], str], ...]
"""The keys that were changed with their new values."""


class Made(NamedTuple):
    """An entry with changes."""

    changes: tuple[Change, ...] = ()
    entry: ModelEntry | None = None
    marks: tuple[Mark, ...] = ()


AS_ASKED = Made()


class Judged:
    """A candidate and what was decided about it; its evaluations are made where somebody reads them."""

    def __init__(
        self, judge: Judge, one: Candidate, group: Group, marks: tuple[Mark, ...], made: Made = AS_ASKED
    ) -> None:
        """Take what was decided.

        Args:
            judge: who decided.
            one: the candidate.
            group: what became of it.
            marks: what the rules say of the entry as it was asked for. Of a stopped one those that were reached: what
                stops it is among them.
            made: the changes with which it passes.
        """
        self._judge = judge
        self.candidate = one
        self.group = group
        self.marks = marks
        self._made = made

    @property
    def id(self) -> str:
        """The model's id."""
        return self.candidate.dossier.facts.model

    @property
    def facts(self) -> Facts:
        """What is known of it."""
        return self.candidate.dossier.facts

    @property
    def passes(self) -> bool:
        """Whether it passes, with a change or without."""
        return self.group in (Group.PASSES, Group.CHANGE)

    @property
    def changes(self) -> tuple[Change, ...]:
        """With them it passes."""
        return self._made.changes

    @property
    def standing_marks(self) -> tuple[Mark, ...]:
        """What the rules say of what is shown: with the changes where there are any."""
        return self._made.marks or self.marks

    @property
    def blocking(self) -> tuple[Mark, ...]:
        """The marks that block: findings first."""
        order = self._judge.order
        blocking = [mark for mark in self.marks if mark.blocks]
        return tuple(sorted(blocking, key=lambda mark: (mark.verdict is not Verdict.FAIL, order[mark.rule])))

    @property
    def said(self) -> tuple[str, ...] | None:
        """Why it does not pass as it was asked for, the model left open; None where only the engine can tell."""
        lines = [mark.said for mark in self.blocking]
        return None if None in lines else tuple(dict.fromkeys(said for said in lines if said is not None))

    @cached_property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Of the entry as it was asked for, by the rules that were reached; of what passes by every rule."""
        return self._judge.evaluations(self.candidate, self.candidate.entry, self.marks, whole=self.passes)

    @cached_property
    def changed(self) -> tuple[Evaluation, ...]:
        """The evaluations of the entry with the changes."""
        made = self._made
        return self._judge.evaluations(self.candidate, made.entry, made.marks) if made.entry is not None else ()

    @property
    def stops(self) -> tuple[Evaluation, ...]:
        """What blocks: findings first."""
        blocking = [one for one in self.evaluations if one.blocks]
        return tuple(sorted(blocking, key=lambda one: one.verdict is not Verdict.FAIL))

    @property
    def standing(self) -> tuple[Evaluation, ...]:
        """The evaluations that count for what is shown: with the changes where there are any."""
        return self.changed or self.evaluations


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
        words: bool = False,
    ) -> None:
        """Take what is the same for every candidate.

        Args:
            question: what is sought.
            others: what is known of the question's other entries.
            standing: what the organisation allows on the day.
            fast: whether rules are asked once for models of which they read the same, and left out where they can
                change nothing any more; else every rule judges every model.
            proposals: whether memory rules also compute what would fit instead.
            words: whether the fast path keeps why each rule blocks; what the source of a fact is called has to be the
                same for all candidates then, as it is in a table.
        """
        self._question = question
        self._others = tuple(others)
        self._standing = standing._replace(proposals=proposals)
        self.order = {rule.rule.id: index for index, rule in enumerate(standing.rules)}
        self._memo = Marks(question, self._others, standing, words=words) if fast else None
        self._stages = _stages(standing.rules) if fast else (standing.rules,)
        reached = {rule.rule.id for stage in self._stages for rule in stage}
        self._advice = tuple(rule for rule in standing.rules if rule.rule.id not in reached)
        self._deciding = tuple(rule for rule in standing.rules if rule.rule.id in reached)

    def judged(self, one: Candidate) -> Judged:
        """What becomes of a candidate.

        What is stopped by the rules reached so far is not judged by the others, and rules that only advise are judged
        of what passes alone.
        """
        marks: tuple[Mark, ...] = ()
        for rules in self._stages:
            marks += self._marks(one, None, (), rules)
            if _is_hopeless(one.revision, marks):
                return Judged(self, one, Group.STOPPED, marks)
        group, made = self._grouped(one, marks)
        if group in (Group.PASSES, Group.CHANGE) and self._nothing_speaks_for(one, marks):
            group, made = Group.UNKNOWN, AS_ASKED
        return Judged(self, one, group, marks, made)

    def traced(self, work: Callable[[], Judged]) -> tuple[Judged, tuple[str, ...]]:
        """What work finds, and what rules read for it: each once, in order."""
        assert self._memo is not None, "only the fast path notes what is read"
        self._memo.trace = []
        found = work()
        return found, tuple(dict.fromkeys(self._memo.trace))

    def _nothing_speaks_for(self, one: Candidate, marks: tuple[Mark, ...]) -> bool:
        """Whether no rule had anything to judge: that is no pass."""
        if any(mark.verdict is not Verdict.NOT_APPLICABLE for mark in marks):
            return False
        advice = self._marks(one, None, (), self._advice)
        return all(mark.verdict is Verdict.NOT_APPLICABLE for mark in advice)

    def _grouped(self, one: Candidate, marks: tuple[Mark, ...]) -> tuple[Group, Made]:
        blocking = [each for each in marks if each.blocks]
        if any(each.verdict is Verdict.NOT_EVALUATED for each in blocking):
            return Group.UNKNOWN, AS_ASKED
        if not blocking:
            return Group.PASSES, AS_ASKED
        entry, left = one.entry, 0
        changes: tuple[Change, ...] = ()
        for rule in dict.fromkeys(each.rule for each in blocking):
            mended = self._mended(one, entry, changes, rule)
            if mended is None:
                left += 1
            else:
                entry, changes = mended[0], (*changes, *mended[1])
        if left:
            return Group.NEAR if left == 1 else Group.STOPPED, AS_ASKED
        changed = self._marks(one, entry, _plan(changes), self._deciding)
        if any(each.blocks and each.verdict is Verdict.FAIL for each in changed):
            return Group.STOPPED, AS_ASKED  # what helped with one rule offends another
        if any(each.blocks for each in changed):
            return Group.UNKNOWN, AS_ASKED
        return Group.CHANGE, Made(_last_of_each(changes), entry, changed)

    def _mended(
        self, one: Candidate, entry: ModelEntry, before: tuple[Change, ...], rule: str
    ) -> tuple[ModelEntry, tuple[Change, ...]] | None:
        """The entry with the smallest step after which the rule no longer blocks; unchanged where it does not by now.

        The first is the most likely. The last asks for most: where neither helps, none between them is tried.
        """
        rules = tuple(each for each in self._standing.rules if each.rule.id == rule)

        def passes(tried: Step) -> bool:
            marks = self._marks(one, tried.entry, _plan((*before, *tried.changes)), rules)
            return not any(each.blocks for each in marks)

        steps = steps_for(rule, entry)
        if entry is not one.entry and passes(Step((), entry)):
            return entry, ()
        if not steps:
            return None
        step = steps[0]
        if not passes(step):
            if not passes(steps[-1]):
                return None
            step = next(step for step in steps[1:] if step is steps[-1] or passes(step))
        return step.entry, step.changes

    def _marks(
        self, one: Candidate, entry: ModelEntry | None, plan: Plan, rules: tuple[StandingRule, ...]
    ) -> tuple[Mark, ...]:
        """What rules say of an entry, in short; None is the candidate's own."""
        memo = self._memo
        if memo is not None and one.dossier.weights is None:
            return tuple([memo.mark(entry or one, plan, one.dossier, rule) for rule in rules])
        found = self._evaluations(one, entry or one.entry, rules)
        return tuple(Mark(each.rule, each.verdict, each.blocks, each.stack) for each in found)

    def evaluations(
        self, one: Candidate, entry: ModelEntry, marks: tuple[Mark, ...], *, whole: bool = False
    ) -> tuple[Evaluation, ...]:
        """What the engine says of an entry: by the rules that left marks, or by every rule."""
        reached = {mark.rule for mark in marks}
        rules = tuple(rule for rule in self._standing.rules if whole or rule.rule.id in reached)
        found = self._evaluations(one, entry, rules)
        return tuple(sorted(found, key=lambda each: self.order[each.rule]))

    def _evaluations(
        self, one: Candidate, entry: ModelEntry, rules: tuple[StandingRule, ...]
    ) -> tuple[Evaluation, ...]:
        manifest = self._question.manifest.model_copy(update={"models": (*self._question.others, entry)})
        dossiers = (*self._others, one.dossier)
        models = engine.check(manifest, dossiers, self._standing._replace(rules=rules), only=entry)
        return tuple(evaluation for model in models for evaluation in model.evaluations)


def _is_hopeless(revision: At[str] | None, marks: Iterable[Mark]) -> bool:
    """Whether no further verdict and no change can make it better than stopped."""
    blocking = [one for one in marks if one.blocks]
    if not blocking:
        return False
    refused = [one for one in blocking if one.verdict is Verdict.FAIL and not may_change(one.rule, revision)]
    rules = {one.rule for one in blocking} - {PINNED}
    return any(one.rule == PURPOSE for one in refused) or bool(refused and len(rules) > 1)


def _plan(changes: tuple[Change, ...]) -> Plan:
    """Which entry it is but for its model: the question is the same, the changes make the difference."""
    return tuple({change.path: change.value for change in changes}.items())


def _last_of_each(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Each key once: a later step may have gone further with the same key."""
    return tuple({change.path: change for change in changes}.values())


def _stages(rules: tuple[StandingRule, ...]) -> tuple[tuple[StandingRule, ...], ...]:
    """The rules that can block by what they cost: the purpose, what compares values, licences, estimates of memory.

    `size-class` and estimates of memory are among them whatever their level, since candidates are ranked by them.
    """

    def cost(rule: StandingRule) -> int:
        if "proposals" in rule.rule.needs:
            return 3
        if rule.rule.id.startswith("license-"):
            return 2
        return 0 if rule.rule.id == PURPOSE else 1

    deciding = [rule for rule in rules if rule.level.blocks or rule.rule.id == SIZE or "bounds" in rule.rule.needs]
    stages = [tuple(rule for rule in deciding if cost(rule) == stage) for stage in range(4)]
    return tuple(stage for stage in stages if stage)
