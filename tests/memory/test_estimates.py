"""What the arithmetic says of many plans, figure by figure and word by word."""

from __future__ import annotations

import pytest

from tests.memory.estimating import FOLDER, KINDS, written


@pytest.mark.parametrize("kind", KINDS)
def test_an_estimate_says_what_is_written(kind):
    text = (FOLDER / f"{kind}.txt").read_text(encoding="utf-8")
    assert written(kind, text) == text
