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


def test_the_worst_text_takes_no_expression_long(found, recorded):
    """Four times what the record allows, since the record was made on another machine; a third power takes minutes."""
    most = 4 * expressions.MOST_SECONDS
    slow = [
        (one.file, one.line, one.pattern)
        for key, one in found.items()
        if not expressions.bounded(one.pattern) and expressions.seconds(one, recorded[key].text) > most
    ]
    assert not slow


def test_what_excuses_a_square_is_an_expression_of_the_product(found):
    patterns = {one.pattern for one in found.values()}
    assert set(expressions.BOUNDED) <= patterns
    assert all(any(one.startswith(begin) for one in patterns) for begin in expressions._BOUNDED_BEGINNINGS)


@pytest.mark.parametrize("pattern", [r"\s*,", "[a-z]+1"])
def test_an_expression_that_goes_back_is_told_by_its_worst_text(pattern):
    made = Found("a.py", 1, pattern, 0, ("search",))
    assert expressions.worst(made).seconds > expressions.MOST_SECONDS
