"""How an audit ends reads well for none, one and several."""

from __future__ import annotations

import pytest

from checker.fleet.closing import CODE_WORDS, many


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (1200, "1,200 entries")],
)
def test_a_number_bears_its_noun(count: int, said: str) -> None:
    assert many(count, "entry", "entries") == said


def test_the_word_of_a_code_stands_behind_any_number() -> None:
    assert [f"{count} {word}" for count, word in enumerate(CODE_WORDS.values())] == [
        "0 passed",
        "1 blocked",
        "2 not usable",
        "3 not evaluated",
        "4 ended by a bug",
        "5 cut off by their reader",
    ]
