"""Verdicts of rules for many models: a rule is asked once for all models of which it reads the same."""

from __future__ import annotations

from typing import TypeAlias

from checker import engine
from checker.engine import Case, Standing, StandingRule, Supply
from checker.facts.dossier import Dossier
from checker.facts.fact import Certainty
from checker.facts.lineage import Lineage
from checker.facts.lock_state import LockState
from checker.facts.model import Facts
from checker.manifest.model import ModelEntry
from checker.rulebook.outcome import Outcome, Stack
from checker.selection.ask import CANDIDATE, Question
from checker.selection.reason import reason
from checker.selection.watched import OF_ENTRY, Pinned, Reads, Same, WatchedFacts, point, read_of, watched
from checker.value import NamedTuple
from checker.verdict import Verdict


class Mark(NamedTuple):
    """What a rule says of a model, without words."""

    rule: str
    verdict: Verdict
    blocks: bool
    stack: Stack | None
    """What the rule held against a limit. Of what does not fit it may be a bound."""
    said: str | None = None
    """Why it blocks, in a line in which the model is left open; None where it does not, and where nobody asked."""


class _Step:
    """Which fact a rule reads next, and where each value leads."""

    __slots__ = ("led", "reads")

    def __init__(self, reads: str) -> None:
        self.reads = reads
        self.led: _Tree = {}


_Tree: TypeAlias = dict[object, "_Step | Mark"]
"""What is known of a rule, by what it takes beside facts and entry."""

_SAME = frozenset(
    (
        *("entry", "facts", "settings", "manifest", "organisation", "providers", "opinions", "today", "proposals"),
        *("bounds", "neighbours", "loaded", "contradictions", "generators", "shown", "baseline", "scan"),
    )
)
"""Arguments that are watched, or the same for each model of a question: the open entry claims and shows nothing, and
what trains it and the other entries stay what they are."""


class Marks:
    """The verdicts of one question's rules; what a rule reads decides, and nothing else can."""

    def __init__(self, question: Question, others: tuple[Dossier, ...], standing: Standing, *, words: bool) -> None:
        """Take what is the same for every model; `words` asks for why a rule blocks."""
        self._words = words
        self._again: Case | None = None
        self._facts: Facts | None = None
        self._keys: dict[str, object] = {}
        """What was read of these facts, for many rules read the same."""
        self.trace: list[str] = []
        """What was read since this was last emptied, in order; some of it often."""
        self._question = question
        self._others = others
        self._standing = standing._replace(proposals=False, bounds=True)
        self._trees: dict[str, _Tree] = {rule.rule.id: {} for rule in standing.rules}
        self._beside = {rule.rule.id: tuple(sorted(set(rule.rule.needs) - _SAME)) for rule in standing.rules}

    def mark(self, entry: Pinned, plan: object, dossier: Dossier, rule: StandingRule) -> Mark:
        """What a rule says.

        Args:
            entry: the entry with the model in it, or what would make it.
            plan: stands for all of the entry but the model and its revision.
            dossier: what is known of the model.
            rule: the rule that is asked.
        """
        led, facts = self._trees[rule.rule.id], dossier.facts
        beside = self._beside[rule.rule.id]
        key: object = (plan, *(_beside_facts(name, dossier) for name in beside)) if beside else plan
        at = led.get(key)
        if type(at) is Mark:
            return at
        seen: list[str] = []
        if facts is not self._facts:
            self._facts, self._keys = facts, {}
        keys = self._keys
        while type(at) is _Step:
            name = at.reads
            seen.append(name)
            led = at.led
            if name in keys:
                key = keys[name]
            else:
                key = read_of(name, entry, facts)
                if name not in OF_ENTRY:
                    keys[name] = key
            at = led.get(key)
        if type(at) is not Mark:
            at = self._asked(entry, dossier, rule, _End(led, key, seen))
        self.trace += seen
        return at

    def _asked(self, entry: Pinned, dossier: Dossier, rule: StandingRule, end: _End) -> Mark:
        """Ask the rule, and note how it came to its answer from where the tree ends."""
        reads = Reads()
        case = self._case(entry, dossier, reads)
        own = case.entry
        outcome = rule.rule.check(**_Watching(case, reads).arguments(rule))
        blocks = engine.blocks(rule, outcome)
        said = _said(rule, own, outcome) if blocks and self._words and "bounds" not in rule.rule.needs else None
        found = Mark(rule.rule.id, engine.verdict_of(outcome), blocks, engine.stack_in(outcome), said)
        led, key = end.led, end.key
        for name in reads.names:
            if name not in end.seen:
                step = led[key] = _Step(name)
                led, key = step.led, read_of(name, entry, dossier.facts)
                end.seen.append(name)
        led[key] = found
        return found

    def _case(self, entry: Pinned, dossier: Dossier, reads: Reads) -> Case:
        """What a rule is asked about; of entries that nobody changed one is used again and again."""
        if isinstance(entry, ModelEntry):
            return self._case_of(watched(entry, reads), dossier)
        if self._again is None:
            self._again = self._case_of(watched(self._question.entry, reads), dossier)
        again = self._again
        point(again.entry, entry, reads)
        beside = tuple((one, dossier if one is again.entry else other) for one, other in again.neighbours)
        return again._replace(dossier=dossier, neighbours=beside)

    def _case_of(self, entry: ModelEntry, dossier: Dossier) -> Case:
        manifest = self._question.manifest.model_copy(update={"models": (*self._question.others, entry)})
        pairs = zip(manifest.models, (*self._others, dossier), strict=True)
        return Case(entry, dossier, manifest, tuple(pair for pair in pairs if pair[0].shares_hardware), self._standing)


def _said(rule: StandingRule, entry: ModelEntry, outcome: Outcome) -> str:
    judged = engine.Judged(CANDIDATE, entry.model.value, entry.at)
    return reason(engine.evaluated(rule, judged, outcome))


class _End(NamedTuple):
    """Where a tree ends."""

    led: _Tree
    key: object
    seen: list[str]
    """What is read on the way there."""


class _Watching(Supply):
    """Hands the facts of the model itself out watched."""

    def __init__(self, case: Case, reads: Reads) -> None:
        super().__init__(case)
        self._own = case.dossier.facts
        self._reads = reads
        self._watched: dict[Certainty, Facts] = {}

    def view(self, facts: Facts, minimum: Certainty) -> Facts:
        """The facts that are at least so sure."""
        if facts is not self._own:
            return super().view(facts, minimum)
        if minimum not in self._watched:
            self._watched[minimum] = WatchedFacts(facts, minimum, self._reads).as_facts()
        return self._watched[minimum]


_NOTHING_LOCKED = LockState()


def _beside_facts(name: str, dossier: Dossier) -> object:
    """What a rule takes beside the facts, as a key."""
    if name == "lineage":
        return _lineage(dossier.lineage)
    if name == "lock":
        return None if dossier.lock == _NOTHING_LOCKED else Same(dossier)
    if name == "calibration":
        return None if dossier.calibration is None else Same(dossier)
    return Same(dossier)


def _lineage(lineage: Lineage) -> object:
    """An ancestry without who states it; in one run an id stands for what is known of that model."""
    parents = tuple(
        (
            one.parent.value,
            one.parent.certainty,
            one.facts.model if isinstance(one.facts, Facts) else None,
            _lineage(one.above),
        )
        for one in lineage.parents
    )
    root = None if lineage.root is None else lineage.root.certainty
    return parents, root, None if lineage.unnamed is None else lineage.unnamed.name
