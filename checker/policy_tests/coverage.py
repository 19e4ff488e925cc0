"""Which rules and settings of a policy its cases exercise: each by one that passes and by one that fails.

A rule is exercised by a case that expects its outcome, and a setting by one in which the rule read it; of a case that
fails, the settings count that its findings name, where they name any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker import engine
from checker.document.place import Place
from checker.engine import OF_WEIGHTS
from checker.policy.policy import Policy, Rank, ResolvedRule
from checker.policy_tests.judge import Judged, speaking
from checker.rulebook.schedule import Enforcement
from checker.value import NamedTuple
from checker.verdict import Verdict

_SIDES = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.WAIVED: "fail"}


class Covered(NamedTuple):
    """One rule, or one setting of a rule, and the first cases that exercise it."""

    what: str
    """`license-allowed`, or `license-allowed.allow`."""
    at: Place
    """The line of the policy that says so."""
    passed: str
    """The name of a case that it lets pass; empty where there is none."""
    failed: str

    @property
    def exercised(self) -> int:
        """0 to 2: by a passing case, by a failing one."""
        return bool(self.passed) + bool(self.failed)


class Coverage(NamedTuple):
    """What the cases of a policy exercise."""

    items: tuple[Covered, ...]

    @property
    def share(self) -> float:
        """From 0 to 1: how many of the passing and failing cases there are that there should be."""
        asked = 2 * len(self.items)
        return sum(one.exercised for one in self.items) / asked if asked else 1.0

    @property
    def missing(self) -> tuple[Covered, ...]:
        """What no passing, or no failing, case exercises."""
        return tuple(one for one in self.items if one.exercised < 2)


class Reads:
    """What rules read of their settings while a case is judged."""

    def __init__(self) -> None:
        self.of: dict[str, set[str]] = {}

    def __call__(self, standing: engine.Standing) -> engine.Standing:
        """The policy, each rule with settings that tell when they are read."""
        return standing._replace(
            rules=tuple(map(self._watched, standing.rules)), scan_rules=tuple(map(self._watched, standing.scan_rules))
        )

    def _watched(self, rule: engine.StandingRule) -> engine.StandingRule:
        seen = self.of.setdefault(rule.rule.id, set())
        watched = _Watched(rule.resolved.settings, seen)
        return rule._replace(resolved=rule.resolved._replace(settings=watched))  # type: ignore[arg-type]


class _Watched:
    """Settings that remember which of them were read."""

    def __init__(self, settings: object, seen: set[str]) -> None:
        self._settings = settings
        self._seen = seen

    def __getattr__(self, name: str) -> object:
        self._seen.add(name)
        return getattr(self._settings, name)


def in_scope(policy: Policy, *, inherited: bool) -> tuple[tuple[ResolvedRule, tuple[str, ...]], ...]:
    """The rules above off that the policy's own files name, each with what they state of it.

    Args:
        policy: the resolved policy.
        inherited: whether what comes from a shipped pack counts too; of a pack itself it always does.
    """
    whole = inherited or policy.layers[-1].rank is Rank.PACK
    found = []
    for rule in policy.rules.values():
        if all(step.enforcement is Enforcement.OFF for step in rule.schedule.steps):
            continue
        names = {"enforcement", *_deciding(rule)} if rule.custom else rule.set_by.keys()
        stated = tuple(name for name in sorted(names) if whole or rule.set_by[name].layer.rank is not Rank.PACK)
        if stated:
            found.append((rule, stated))
    return tuple(found)


def _deciding(rule: ResolvedRule) -> Iterator[str]:
    """What a rule of the policy's own says that can decide: not its words, and not what it leaves at its default."""
    usual = type(rule.settings).model_construct()
    for name in ("assert_", "when", "min_certainty", "weights"):
        if getattr(rule.settings, name) != getattr(usual, name):
            yield name.rstrip("_")


def coverage(policy: Policy, judged: Iterable[tuple[Judged, Reads]], *, inherited: bool) -> Coverage:
    """What the cases exercise.

    Args:
        policy: the policy that they test.
        judged: each case that holds, with what was read while it was judged.
        inherited: as of `in_scope`.
    """
    sides: dict[tuple[str, str], str] = {}
    custom = frozenset(rule.id for rule in policy.rules.values() if rule.custom)
    for one, reads in judged:
        for what, side in (*_exercised(one, reads), *_exercised_custom(one, custom)):
            sides.setdefault((what, side), one.prepared.case.name.value)
    items = []
    for rule, stated in in_scope(policy, inherited=inherited):
        for what, name in (
            (rule.id, "enforcement"),
            *((f"{rule.id}.{name}", name) for name in stated if name != "enforcement"),
        ):
            at = rule.set_by[name].at
            items.append(Covered(what, at, sides.get((what, "pass"), ""), sides.get((what, "fail"), "")))
    return Coverage(tuple(items))


def _exercised(judged: Judged, reads: Reads) -> Iterator[tuple[str, str]]:
    for rule, expected in judged.prepared.case.expect.items():
        for one in (each for expectation in expected for each in speaking(judged, rule, expectation)[:1]):
            # A list of what a person has to decide on never fails: what it asks for is not evaluated.
            yield from ((missing.name.removeprefix("rules."), "fail") for missing in one.missing)
            side = _SIDES.get(one.verdict)
            if side is None:
                continue
            yield rule, side
            named = {detail.policy.setting for detail in one.findings} - {"enforcement"}
            for setting in named or reads.of.get(rule, set()):
                yield f"{rule}.{setting}", side


_CUSTOM_SIDES = {
    Verdict.PASS: (("assert", "pass"), ("when", "fail"), ("min_certainty", "pass")),
    Verdict.FAIL: (("assert", "fail"), ("when", "fail"), ("min_certainty", "pass")),
    Verdict.WAIVED: (("assert", "fail"), ("when", "fail"), ("min_certainty", "pass")),
    Verdict.NOT_APPLICABLE: (("when", "pass"),),
    Verdict.NOT_EVALUATED: (("min_certainty", "fail"),),
}
"""What a verdict of a rule of the policy's own shows of its settings: `when` lets through what it does not apply to,
and `min_certainty` refuses by leaving the rule without an answer."""


def _exercised_custom(judged: Judged, custom: frozenset[str]) -> Iterator[tuple[str, str]]:
    for rule, expected in judged.prepared.case.expect.items():
        for one in (each for expectation in expected for each in speaking(judged, rule, expectation)[:1]):
            if rule in custom:
                yield from ((f"{rule}.{name}", side) for name, side in _CUSTOM_SIDES[one.verdict])
                if one.model.endswith(OF_WEIGHTS) and one.verdict in _SIDES:
                    yield f"{rule}.weights", _SIDES[one.verdict]
