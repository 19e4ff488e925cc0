"""What "tighter" means, and that no layer can weaken another."""

from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.document.bind import Block
from checker.rulebook.discover import direction_of, load_rule, rule_ids
from checker.rulebook.tighter import (
    Direction,
    each_block,
    each_key,
    fixed,
    higher,
    lower,
    per_key,
    ranked,
    subset,
    superset,
)


class Inner(Block):
    """A block of two keys."""

    cap: Annotated[int | None, higher] = None
    names: Annotated[tuple[str, ...], superset] = ()


LEVELS = ranked(("low", "middle", "high"))
names = st.lists(st.sampled_from("abcde"), unique=True).map(tuple)
numbers = st.one_of(st.none(), st.integers(-5, 5))
blocks = st.builds(Inner, cap=numbers, names=names)
CASES = [
    (lower, numbers),
    (higher, numbers),
    (subset, st.one_of(st.none(), names)),
    (superset, names),
    (fixed, st.integers(0, 2)),
    (LEVELS, st.sampled_from(["low", "middle", "high"])),
    (per_key(higher), st.dictionaries(st.sampled_from("xyz"), st.integers(-5, 5))),
    (per_key(subset), st.dictionaries(st.sampled_from("xyz"), names)),
    (each_key, st.one_of(st.none(), blocks)),
    (each_block, st.dictionaries(st.sampled_from("xyz"), blocks)),
]


@pytest.mark.parametrize(
    ("direction", "above", "below", "weakens"),
    [
        (lower, 5, 4, False),
        (lower, 5, 5, False),
        (lower, 5, 6, True),
        (lower, 5, None, True),
        (lower, None, 6, False),
        (higher, 0.1, 0.2, False),
        (higher, 0.1, 0.05, True),
        (higher, 0.1, None, True),
        (subset, ("MIT", "Apache-2.0"), ("MIT",), False),
        (subset, ("MIT",), ("MIT", "Apache-2.0"), True),
        (subset, ("MIT",), None, True),
        (subset, None, ("MIT",), False),
        (superset, ("a",), ("b",), False),
        (fixed, 1, 1, False),
        (fixed, 1, 2, True),
        (LEVELS, "middle", "high", False),
        (LEVELS, "middle", "low", True),
        (per_key(higher), {"MMLU": 60}, {"MMLU": 50}, True),
        (per_key(higher), {"MMLU": 60}, {"HumanEval": 50}, False),
    ],
)
def test_a_lower_layer_is_recognised_as_weaker(direction, above, below, weakens):
    assert direction.weakens(above, below) is weakens


def test_what_is_denied_above_stays_denied_below():
    assert superset.stack(("a",), ("b",)) == ("a", "b")


def test_choices_are_worded_as_a_policy_writes_them():
    assert ranked((True, False)).words == "only a later one of true, false"


def test_a_free_layer_replaces_single_lines_of_a_table():
    assert per_key(subset).stack({"chat": ("decoder",)}, {"similarity": ("encoder",)}) == {
        "chat": ("decoder",),
        "similarity": ("encoder",),
    }


@pytest.mark.parametrize(("direction", "values"), CASES, ids=lambda case: type(case).__name__)
def test_the_tightest_of_two_layers_weakens_neither(direction, values):
    @given(values, values)
    def holds(first, second):
        joined = direction.join(first, second)
        assert not direction.weakens(first, joined)
        if direction is not fixed:
            assert not direction.weakens(second, joined)

    holds()


@pytest.mark.parametrize("rule_id", rule_ids())
def test_every_setting_says_what_tighter_means(rule_id):
    settings = load_rule(rule_id).settings
    for name in settings.model_fields:
        direction = direction_of(settings, name)
        assert isinstance(direction, Direction)
        assert direction.words


LOOSE, TIGHT = Inner(), Inner(cap=5, names=("a",))


@pytest.mark.parametrize(("above", "below", "is_weaker"), [
    (None, None, False), (None, TIGHT, False), (TIGHT, None, True), (TIGHT, LOOSE, True), (LOOSE, TIGHT, False),
    (TIGHT, Inner(cap=4), True), (TIGHT, Inner(cap=6), False),
])  # fmt: skip
def test_a_block_is_weaker_where_one_of_its_keys_is(above, below, is_weaker):
    assert each_key.weakens(above, below) is is_weaker
    assert each_block.weakens({"x": above} if above else {}, {"x": below} if below else {}) is (
        is_weaker and below is not None
    )


@pytest.mark.parametrize(("above", "below", "joined"), [
    (None, None, None), (None, TIGHT, TIGHT), (TIGHT, None, TIGHT), (TIGHT, Inner(cap=4), TIGHT),
    (TIGHT, Inner(cap=6, names=("b",)), Inner(cap=6, names=("a", "b"))),
])  # fmt: skip
def test_blocks_are_joined_key_by_key(above, below, joined):
    assert each_key.join(above, below) == joined
    if joined is not None:
        blocks = ({"x": above} if above else {}), ({"x": below} if below else {})
        assert each_block.join(*blocks) == {"x": joined}


def test_where_the_lower_layer_is_free_lists_still_add_up():
    assert each_key.stack(TIGHT, Inner(cap=4, names=("b",))) == Inner(cap=4, names=("a", "b"))
    assert each_key.stack(None, None) is None
    assert each_block.stack({"x": TIGHT}, {"y": LOOSE}) == {"x": TIGHT, "y": LOOSE}


@pytest.mark.parametrize(
    ("direction", "value", "refused", "loosened"),
    [
        (lower, 5, (), [("raised from 5 to 10", (10,)), ("raised from 5 to no limit", (None,))]),
        (lower, 0, (), [("raised from 0 to 1", (1,)), ("raised from 0 to no limit", (None,))]),
        (lower, None, (), []),
        (higher, 0.5, (), [("lowered from 0.5 to 0.25", (0.25,))]),
        (higher, 9, (), [("lowered from 9 to 4", (4,))]),
        (higher, 0, (), []),
        (subset, ("a",), ("b", "c"), [("lengthened by b, c", (("a", "b", "c"),))]),
        (subset, ("a",), tuple("bcdef"), [("lengthened by b, c, d and 2 more", (tuple("abcdef"),))]),
        (subset, ("a",), (), [("lengthened by anything: no case is refused for what is not on it", (None, ("a",)))]),
        (subset, None, ("b",), []),
        (superset, ("a", "b"), (), [("without a", (("b",),)), ("without b", (("a",),))]),
        (fixed, 1, (), [("left out", (None,))]),
        (fixed, None, (), []),
        (LEVELS, "high", (), [("lowered from high to middle", ("middle",))]),
        (LEVELS, "low", (), []),
        (per_key(higher), {"x": 4, "y": 0}, (), [("x lowered from 4 to 2", ({"x": 2, "y": 0},))]),
        (each_key, None, (), []),
        (each_key, Inner(cap=4), (), [("cap lowered from 4 to 2", (Inner(cap=2),))]),
        (each_key, Inner(names=("a",)), (), [("names without a", (Inner(),))]),
        (each_block, {"x": Inner(cap=4)}, (), [("x cap lowered from 4 to 2", ({"x": Inner(cap=2)},))]),
    ],
)
def test_a_value_is_loosened_by_one_step_at_a_time(direction, value, refused, loosened):
    default = {} if isinstance(value, dict) else None
    assert list(direction.looser(value, refused, default)) == loosened


@pytest.mark.parametrize(("direction", "values"), [case for case in CASES if case[0] is not fixed])
@given(data=st.data())
def test_nothing_that_is_looser_by_one_step_is_tighter(direction, values, data):
    value = data.draw(values)
    for _, tried in direction.looser(value, ("z",), None if not isinstance(value, dict) else {}):
        for looser in tried:
            assert value == looser or not direction.weakens(looser, value)
