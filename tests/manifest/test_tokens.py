"""Options may say a number of tokens as people do."""

from __future__ import annotations

import pytest

from checker.manifest.tokens import written


@pytest.mark.parametrize(
    ("key", "said", "value"),
    [
        ("context_window", "16k", "16384"),
        ("sequence_length", " 2K ", "2048"),
        ("context_window", "16384", "16384"),
        ("context_window", "16.5k", "16.5k"),
        ("context_window", "k", "k"),
        ("rank", "16k", "16k"),
    ],
)
def test_k_is_1024_where_tokens_are_counted_and_nothing_elsewhere(key, said, value):
    assert written(key, said) == value
