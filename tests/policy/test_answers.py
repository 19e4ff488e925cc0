"""What policy files come to, word for word."""

from __future__ import annotations

import pytest

from tests.policy.answering import blocks, cases, written

BLOCKS = tuple(blocks())


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition("\n")[0].removeprefix("== "))
def test_policies_come_to_what_is_written(block):
    [case] = cases(block)
    assert written(case) == block


def test_no_two_cases_have_one_title():
    titles = [block.partition("\n")[0] for block in BLOCKS]
    assert titles
    assert len(set(titles)) == len(titles)
