"""Scopes: `*` stands for any text, everything else for itself, and hostile patterns cost no time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.waivers.ledger import matches
from tests.ending import that_ends


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("bot", "bot", True),
        ("bot", "Bot", False),
        ("b*", "bot", True),
        ("*t", "bot", True),
        ("b*t", "bt", True),
        ("ab*ba", "aba", False),
        ("*o*o*", "boo", True),
        ("*o*o*", "bot", False),
        ("b?t", "bot", False),
        ("b[o]t", "bot", False),
        (".*", "bot", False),
        ("*", "", True),
        ("", "", True),
        ("", "bot", False),
    ],
)
def test_a_star_stands_for_any_text(pattern, text, fits):
    assert matches(pattern, text) is fits


@given(pattern=st.text("ab*", max_size=8), text=st.text("ab", max_size=10))
def test_a_pattern_fits_what_the_same_regular_expression_fits(pattern, text):
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert matches(pattern, text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_a_pattern_of_many_stars_does_not_go_back():
    with that_ends():
        assert not matches("*a" * 200 + "b", "a" * 20_000)
