"""Whole numbers in text, however many digits somebody writes."""

from __future__ import annotations

import pytest

from checker.document.digits import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)),
        *((odd, None) for odd in ("", "-1", "+1", "1_000", " 1", "1.0", "²", "٣", "9" * 19, "9" * 5000)),
    ],
)
def test_digits_that_anybody_could_mean_are_a_number(text, number):
    assert whole(text) == number
