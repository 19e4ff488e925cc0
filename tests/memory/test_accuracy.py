"""The estimates beside public measurements and traces."""

from __future__ import annotations

from statistics import median

import pytest

from checker.memory import bands
from tests.memory.accuracy import percentile, rows

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

SPREADS = {
    "decoder training": bands.DECODER_TRAINING,
    "encoder training": bands.ENCODER_TRAINING,
}


def errors(kind):
    return [row.error for row in rows() if row.kind == kind]


@pytest.mark.parametrize("kind", SPREADS)
def test_a_band_holds_the_5th_to_the_95th_percentile_of_its_rows(kind):
    spread = SPREADS[kind]
    assert spread.low <= percentile(errors(kind), 0.05)
    assert percentile(errors(kind), 0.95) <= spread.high


def test_the_median_error_of_training_stays_below_half_a_percent():
    assert median(map(abs, errors("decoder training"))) < 0.005
