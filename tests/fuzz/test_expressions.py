"""Every regular expression of the product was looked at, and none takes long for the text that is worst for it."""

from __future__ import annotations

import pytest

from fuzz import expressions
from fuzz.patterns import Found


@pytest.fixture(scope="module")
def found():
    return {expressions.key(one): one for one in expressions.distinct()}


@pytest.fixture(scope="module")
def recorded():
    return expressions.recorded()


def test_every_expression_stands_in_the_record_and_no_other(found, recorded):
    assert found.keys() == recorded.keys(), "run `python3 dev.py fuzz --expressions`"


@pytest.fixture(scope="module")
def square():
    """Seconds that an expression which takes the square of a length needs for its worst text, here and today."""
    goes_back = Found("a.py", 1, "[a-z]+1", 0, ("search",))
    return min(expressions.seconds(goes_back, "a" * expressions.LENGTH) for _ in range(5))


def test_the_worst_text_takes_no_expression_as_long_as_a_square_does(found, recorded, square):
    slow = [
        (one.file, one.line, one.pattern)
        for key, one in found.items()
        if not expressions.bounded(one.pattern)
        and min(expressions.seconds(one, recorded[key].text) for _ in range(5)) > square
    ]
    assert not slow


def test_what_excuses_a_square_is_an_expression_of_the_product(found):
    patterns = {one.pattern for one in found.values()}
    assert set(expressions.BOUNDED) <= patterns
    assert all(any(one.startswith(begin) for one in patterns) for begin in expressions._BOUNDED_BEGINNINGS)


@pytest.mark.parametrize("pattern", [r"\s*,", "[a-z]+1"])
def test_an_expression_that_goes_back_is_told_by_its_worst_text(pattern, square):
    made = Found("a.py", 1, pattern, 0, ("search",))
    assert expressions.worst(made).seconds > square / 4
