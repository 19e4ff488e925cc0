"""Which name is offered for one that is not known."""

from __future__ import annotations

import pytest

from checker.document.nearest import did_you_mean, nearest, only_slip

LEVELS = ("off", "advisory", "soft-mandatory", "hard-mandatory")
KINDS = ("none", "fp8", "int8", "awq-int4", "gptq-int4", "Q4_K_M")


@pytest.mark.parametrize(
    ("word", "names", "offered"),
    [
        ("advisry", LEVELS, "advisory"),
        ("Advisory", LEVELS, "advisory"),
        ("hard", LEVELS, "hard-mandatory"),
        ("int4", KINDS, "awq-int4"),  # and not `int8`, which is spelled alike and means something else
        ("INT8", KINDS, "int8"),
        ("q4", KINDS, "Q4_K_M"),
        ("a", ("a-very-long-name-of-many-parts",), None),
        ("warn", LEVELS, None),
    ],
)
def test_a_name_of_which_the_word_is_a_part_comes_before_one_that_is_spelled_alike(word, names, offered):
    assert nearest(word, names) == offered


def test_nothing_is_offered_where_nothing_is_near():
    assert did_you_mean("warn", LEVELS) == ""


@pytest.mark.parametrize(
    ("word", "names", "meant"),
    [
        ("advisry", LEVELS, "advisory"),  # a letter is missing
        ("avdisory", LEVELS, "advisory"),  # two letters changed places
        ("Advisory", LEVELS, "advisory"),
        ("hard", LEVELS, ""),  # more than two letters
        ("awq-int8", KINDS, ""),  # other digits are another value
        ("qlra", ("lora", "qlora"), "qlora"),  # in four letters one slip is one, and two are another word
        ("rank", ("range", "bank", "tank"), ""),  # one slip from two
        ("of", ("on", "off"), ""),  # too short to tell a slip from another word
        ("non-commercial", ("commercial",), ""),
        ("a" * 61, ("a" * 60,), ""),
    ],
)
def test_a_slip_is_one_that_can_mean_one_name_alone(word, names, meant):
    assert only_slip(word, names) == meant
