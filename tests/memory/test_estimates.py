"""What the arithmetic says of many plans, figure by figure and word by word."""

from __future__ import annotations

import pytest

from tests.memory.estimating import KINDS, cases, told


@pytest.mark.parametrize(("kind", "case"), [(kind, case) for kind in KINDS for case in cases(kind)])
def test_an_estimate_says_what_is_written(kind, case):
    assert told(kind, case) == cases(kind)[case]
