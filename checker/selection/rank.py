"""Ranks candidates by criteria whose weights are shown, and marks the front of quality against memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from checker.facts.fact import Fact, Unknown
from checker.facts.model import Benchmark, Facts
from checker.licenses.declared import declared
from checker.licenses.kinds import Broad, broad_kind
from checker.rulebook.outcome import Stack
from checker.selection.judge import SIZE, Judged
from checker.value import NamedTuple
from checker.verdict import Verdict

WEIGHTS = {"quality": 3.0, "fit": 1.0, "context": 1.0, "size": 1.0, "license": 1.0, "age": 1.0}
"""How much each criterion counts by default. A convention of ours, settable; no source states better ones."""
NO_BENCHMARK = ""
"""Stands for an objective that none of the recorded benchmarks measures."""

_BENCHMARKS = {"chat": "MMLU", "text-generation": "MMLU", "similarity": "MTEB", "reranking": "MTEB"}
"""The benchmark that stands for the quality of an objective, unless another is asked for."""
_LONGEST = 1024 * 1024
"""Tokens of context that count as most."""
_SHORTEST = 1024
_OLD = 4.0
"""Years after which a model's age counts nothing."""
_FREEDOM: dict[Broad, float] = {
    "permissive": 1.0,
    "copyleft": 0.5,
    "source-available": 0.5,
    "responsible-use": 0.5,
    "non-commercial": 0.0,
}
"""How free a kind of licence is, 0 to 1: a heuristic for sorting; what it permits is what the rules judge."""


class Wishes(NamedTuple):
    """What ranking is asked to go by."""

    weights: Mapping[str, float]
    benchmark: str
    """Empty where none stands for the objective."""
    today: date
    first_party: bool | None = None
    """Whose scores count: the publisher's, third parties', or (None) third parties' before the publisher's."""


class Ranked(NamedTuple):
    """A judged candidate with what its rank is made of."""

    judged: Judged
    score: float
    """The weighted mean of the criteria, 0 to 1; a criterion that is missing adds nothing."""
    criteria: Mapping[str, float | None]
    """Each 0 to 1; None where nothing is known."""
    quality: Fact[Benchmark] | None
    """The score that counts: the lowest of its kind, since settings move a score by points."""
    front: bool = False
    """Whether no other that passes has a score of the same kind as high in as little memory, and one of them better."""

    @property
    def passes(self) -> bool:
        """Whether it passes, with a change or without."""
        return self.judged.passes

    @property
    def memory(self) -> int | None:
        """Bytes of the fullest plan on one device; None where none was estimated."""
        return _memory(_exact(self.judged))[0]

    @property
    def limit(self) -> int | None:
        """What of that device may be used, in bytes."""
        return _memory(_exact(self.judged))[1]


def benchmark_for(objective: str) -> str:
    """The benchmark that stands for an objective; empty where none does."""
    return _BENCHMARKS.get(objective, NO_BENCHMARK)


def ranked(judged: Iterable[Judged], wishes: Wishes) -> tuple[Ranked, ...]:
    """The best first; ties are broken by name, so that the order is the same in every run."""
    found = [ranked_one(one, wishes) for one in judged]
    return tuple(sorted(found, key=lambda one: (-round(one.score, 6), one.judged.id.casefold(), one.judged.id)))


Place: TypeAlias = tuple[float, int, bool]
"""Score, bytes of memory, and whether the publisher reports the score."""


def with_front(found: Iterable[Ranked]) -> tuple[Ranked, ...]:
    """The same with the front marked. Scores of publishers and of third parties are held against their own kind."""
    pairs = [(one, place_of(one)) for one in found]
    front = front_of({place for _, place in pairs if place is not None})
    return tuple(one._replace(front=place in front) for one, place in pairs)


def front_of(places: Iterable[Place]) -> set[Place]:
    """The places that none beats in score and memory at once, each kind of reporter by itself."""
    front: set[Place] = set()
    for kind in (False, True):
        best = -math.inf
        for place in sorted((one for one in places if one[2] is kind), key=lambda one: (one[1], -one[0])):
            if place[0] > best:
                best = place[0]
                front.add(place)
    return front


def place_of(one: Ranked) -> Place | None:
    """Where a candidate stands; None where score or memory is missing."""
    memory = one.memory if one.quality is not None else None
    if one.quality is None or memory is None:
        return None
    return one.quality.value.score, memory, one.quality.value.first_party


def ranked_one(judged: Judged, wishes: Wishes) -> Ranked:
    """A candidate with its score."""
    quality = _quality(judged.facts, wishes)
    memory, limit = _memory(mark.stack for mark in judged.standing_marks)
    criteria: dict[str, float | None] = {
        "quality": None if quality is None else _within(quality.value.score / 100),
        "fit": None if memory is None or not limit else _within(1 - memory / limit),
        **{name: of(judged, wishes) for name, of in _CRITERIA.items()},
    }
    weights = wishes.weights
    total = sum(weights.values())
    score = sum(weights[name] * (value or 0.0) for name, value in criteria.items()) / total if total else 0.0
    return Ranked(judged, score, criteria, quality)


def _quality(facts: Facts, wishes: Wishes) -> Fact[Benchmark] | None:
    """The lowest score of the benchmark; third parties' and the publisher's are never mixed."""
    named = [fact for fact in facts.benchmarks if fact.value.name.casefold() == wishes.benchmark.casefold()]
    for kind in (False, True) if wishes.first_party is None else (wishes.first_party,):
        scores = [fact for fact in named if fact.value.first_party is kind]
        if scores:
            return min(scores, key=lambda fact: (fact.value.score, fact.value.setting))
    return None


def _exact(judged: Judged) -> Iterable[Stack | None]:
    """The sums themselves: of what does not fit a mark may hold a bound, which is enough for the rank."""
    return (one.stack for one in (judged.standing_marks if judged.passes else judged.standing))


def _memory(stacks: Iterable[Stack | None]) -> tuple[int | None, int | None]:
    """The fullest of the sums that the memory rules held against a device, and what of it may be used."""
    sums = [(sum(part for _, part in stack.parts), stack.usable) for stack in stacks if stack is not None]
    if not sums:
        return None, None
    return max(sums, key=lambda pair: pair[0] / pair[1] if pair[1] else math.inf)


def _context(judged: Judged, wishes: Wishes) -> float | None:
    """By doublings: 1024 tokens count 0, a million counts 1. A heuristic."""
    native = judged.facts.native_context
    if isinstance(native, Unknown) or native.value < 1:
        return None
    return _within(math.log2(native.value / _SHORTEST) / math.log2(_LONGEST / _SHORTEST))


def _size(judged: Judged, wishes: Wishes) -> float | None:
    """Whether the rule `size-class` finds it in the class that is asked for; None where none is."""
    if not judged.candidate.has_size:
        return None
    verdict = next((one.verdict for one in judged.marks if one.rule == SIZE), None)
    return {Verdict.PASS: 1.0, Verdict.FAIL: 0.0}.get(verdict) if verdict is not None else None


def _license(judged: Judged, wishes: Wishes) -> float | None:
    stated = declared(judged.facts)
    if isinstance(stated, Unknown) or not stated.texts:
        return None
    return min(_FREEDOM[broad_kind(text)] for text in stated.texts)


def _age(judged: Judged, wishes: Wishes) -> float | None:
    """A model of today counts 1, one of four years 0. A heuristic."""
    released = judged.facts.release_date
    if isinstance(released, Unknown):
        return None
    try:
        days = (wishes.today - date.fromisoformat(released.value)).days
    except ValueError:  # a year or a month alone
        return None
    return _within(1 - days / 365.25 / _OLD)


READS = ("benchmarks", "native_context", "license", "license_name", "license_link", "license_note", "release_date")
"""The facts that a rank is made of, beside what rules say."""
_CRITERIA: dict[str, Callable[[Judged, Wishes], float | None]] = {
    "context": _context,
    "size": _size,
    "license": _license,
    "age": _age,
}


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))
