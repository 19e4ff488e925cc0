"""Models and their ancestors are resolved together; circles, depth and failures end where they stand."""

from __future__ import annotations

import threading

from checker.facts.fact import Certainty
from checker.facts.locked.entry import LockedFacts, LockEntry, Stated
from checker.facts.locked.lock import Lock, lock_of
from checker.facts.locked.resolve import Entered
from checker.facts.model import Parent, Relation
from checker.hub.errors import Failure, HubError
from checker.hub.locking import new_lock, to_check
from checker.hub.outcome import blocks
from checker.hub.resolve import MAX_DEPTH, Attempt, Failed, Results, Wanted, resolve_all


def entry(model: str, *parents: str, revision: str | None = None, commit: str = "a" * 40) -> LockEntry:
    stated = Stated(tuple(Parent(one, Relation.FINETUNE) for one in parents), Certainty.DECLARED, "README.md")
    return LockEntry(model, revision, commit, "2026-11-28T17:05:00Z", "test", facts=LockedFacts(parents=stated))


class Family:
    """A world in which each model has the parents that are written down."""

    def __init__(self, **parents: tuple[str, ...]) -> None:
        self.parents = {name.replace("__", "/"): above for name, above in parents.items()}
        self.asked: list[Wanted] = []

    def resolve(self, wanted: Wanted) -> Attempt:
        self.asked.append(wanted)
        if wanted.model not in self.parents:
            raise HubError(Failure.MISSING, f"{wanted.model} is gone", "look elsewhere")
        return Attempt(Entered(entry(wanted.model, *self.parents[wanted.model], revision=wanted.revision), {}))


def models(results: Results) -> list[str]:
    return [wanted.model for wanted, _ in results.entered]


def test_what_a_model_descends_from_is_resolved_with_it() -> None:
    family = Family(a__chat=("a/base",), a__base=("b/root",), b__root=())
    results = resolve_all([Wanted("a/chat", None)], family.resolve, jobs=2)
    assert models(results) == ["a/base", "a/chat", "b/root"]
    assert [found.entry.ancestor_only for _, found in results.entered] == [True, False, True]
    assert results.failed == ()


def test_a_model_that_is_named_and_also_an_ancestor_is_asked_for_once_and_counts_as_named() -> None:
    family = Family(a__chat=("A/Base",), a__base=())
    results = resolve_all([Wanted("a/chat", None), Wanted("a/base", "v1", "v1")], family.resolve, jobs=2)
    assert [(one.model, one.revision) for one in family.asked] == [("a/chat", None), ("a/base", "v1")]
    assert not any(found.entry.ancestor_only for _, found in results.entered)


def test_of_equal_models_one_is_asked_for() -> None:
    family = Family(a__chat=())
    resolve_all([Wanted("a/chat", None), Wanted("A/Chat", None)], family.resolve, jobs=2)
    assert [one.model for one in family.asked] == ["a/chat"]


def test_a_circle_of_parents_ends() -> None:
    family = Family(a__one=("a/two",), a__two=("a/three", "a/one"), a__three=("a/one",))
    assert models(resolve_all([Wanted("a/one", None)], family.resolve, jobs=1)) == ["a/one", "a/three", "a/two"]


def test_a_chain_longer_than_any_is_cut_and_that_is_said() -> None:
    family = Family(**{f"a__m{number}": (f"a/m{number + 1}",) for number in range(30)})
    results = resolve_all([Wanted("a/m0", None)], family.resolve, jobs=1)
    assert len(results.entered) == MAX_DEPTH + 1
    assert [one.error.sentence for one in results.failed] == ["a/m9 was not resolved: more than 8 generations"]
    assert blocks(results.failed[0])


def test_one_failure_takes_no_other_model_with_it() -> None:
    family = Family(a__chat=("gone/base",), b__chat=())
    named = [Wanted("a/chat", None), Wanted("gone/model", None), Wanted("b/chat", None)]
    results = resolve_all(named, family.resolve, jobs=3)
    assert models(results) == ["a/chat", "b/chat"]
    assert [(one.wanted.model, blocks(one)) for one in results.failed] == [("gone/model", True), ("gone/base", False)]


def test_a_base_that_is_a_folder_of_the_publisher_s_is_never_asked_for() -> None:
    family = Family(a__chat=("./output/checkpoint-500", "/data/llama"))
    results = resolve_all([Wanted("a/chat", None)], family.resolve, jobs=1)
    assert [(str(one.error.failure), blocks(one)) for one in results.failed] == [("bad-id", False)] * 2
    assert len(family.asked) == 1


def test_an_entry_with_a_problem_is_kept_and_told() -> None:
    problem = HubError(Failure.GATED, "a/chat is gated", "ask")

    def resolve(wanted: Wanted) -> Attempt:
        return Attempt(Entered(entry(wanted.model), {}), problem)

    results = resolve_all([Wanted("a/chat", None)], resolve, jobs=1)
    assert (models(results), [one.error for one in results.failed]) == (["a/chat"], [problem])


def test_an_ancestor_is_asked_for_at_the_commit_that_is_locked() -> None:
    family = Family(a__chat=("a/base",), a__base=())
    resolve_all([Wanted("a/chat", None)], family.resolve, jobs=1, locked_commit={"a/base": "c" * 40}.get)
    assert [one.asked for one in family.asked] == [None, "c" * 40]


def test_as_many_models_are_resolved_at_once_as_are_allowed() -> None:
    together = threading.Barrier(4, timeout=60)

    def resolve(wanted: Wanted) -> Attempt:
        together.wait()
        return Attempt(Entered(entry(wanted.model), {}))

    results = resolve_all([Wanted(f"a/m{number}", None) for number in range(8)], resolve, jobs=4)
    assert len(results.entered) == 8


def test_progress_is_told_with_what_is_known_by_then() -> None:
    family, told = Family(a__chat=("a/base",), a__base=()), list[tuple[int, int]]()
    resolve_all([Wanted("a/chat", None)], family.resolve, jobs=1, progress=lambda *now: told.append(now))
    assert told == [(1, 2), (2, 2)]


def failed(model: str, revision: str | None = None) -> Failed:
    return Failed(Wanted(model, revision), HubError(Failure.TIMEOUT, "no answer", "later"))


def test_a_lock_keeps_what_it_held_of_a_model_that_failed_and_of_its_ancestors() -> None:
    old = lock_of([entry("a/chat", "a/base"), entry("a/base"), entry("b/other"), entry("c/unneeded")])
    results = Results(((Wanted("b/other", None), Entered(entry("b/other", commit="b" * 40), {})),), (failed("a/chat"),))
    kept = new_lock(old, results)
    assert [(one.model, one.commit) for one in kept.entries] == [
        ("a/base", "a" * 40),
        ("a/chat", "a" * 40),
        ("b/other", "b" * 40),
    ]


def test_a_lock_holds_an_ancestor_once_where_one_child_was_resolved_and_another_failed() -> None:
    old = lock_of([entry("a/chat", "x/base"), entry("x/base")])
    fresh = entry("x/base", commit="b" * 40)
    results = Results(
        (
            (Wanted("b/chat", None), Entered(entry("b/chat", "x/base"), {})),
            (Wanted("x/base", None), Entered(fresh, {})),
        ),
        (failed("a/chat"),),
    )
    held = {one.model: one.commit for one in new_lock(old, results).entries}
    assert held == {"a/chat": "a" * 40, "b/chat": "a" * 40, "x/base": "b" * 40}


def test_texts_that_no_entry_names_are_dropped() -> None:
    old = Lock(texts={"1" * 64: ("a text",)})
    assert new_lock(old, Results((), ())).texts == {}


def test_a_check_looks_at_what_manifests_need_and_names_what_they_do_not() -> None:
    lock = lock_of([entry("a/chat", "a/base"), entry("a/base", "a/chat"), entry("b/left")])
    entries, drifts = to_check(lock, (Wanted("a/chat", None), Wanted("c/new", "v1")))
    assert sorted(one.model for one in entries) == ["a/base", "a/chat"]
    assert [(one.model, str(one.kind)) for one in drifts] == [("c/new", "not-locked"), ("b/left", "not-needed")]


def test_without_a_lock_all_is_missing() -> None:
    entries, drifts = to_check(None, (Wanted("a/chat", None),))
    assert (entries, [str(one.kind) for one in drifts]) == ((), ["not-locked"])
