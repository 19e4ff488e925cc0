"""The estimates of serving beside public measurements."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from checker.memory import bands
from tests.memory.accuracy import percentile
from tests.memory.serving_accuracy import RECORDED, measured_peaks, recorded, rows, table, worse

ROOT = Path(__file__).parent.parent.parent


def of(choose):
    return [row.error for row in rows() if row.runtime == "transformers" and choose(row)]


@pytest.mark.parametrize(
    ("spread", "choose"),
    [
        (bands.TRANSFORMERS, lambda row: row.part == "peak" and row.group.startswith("Qwen") and "(" not in row.group),
        (bands.EAGER, lambda row: row.group == "DeepSeek LLM"),
        (bands.PLACED, lambda row: row.part == "sum of peaks"),
    ],
)
def test_a_band_holds_the_5th_to_the_95th_percentile_of_its_rows(spread, choose):
    errors = of(choose)
    assert f"{len(errors)} " in spread.basis
    assert spread.low <= percentile(errors, 0.05)
    assert percentile(errors, 0.95) <= spread.high


def test_peaks_are_met_within_three_percent_in_the_median_and_ten_for_nine_of_ten():
    sizes = [abs(row.error) for row in measured_peaks()]
    assert len(sizes) > 200
    assert median(sizes) < 0.03
    assert percentile(sizes, 0.9) < 0.10


@pytest.mark.parametrize("part", ["KV cache", "tokens of the pool", "recurrent state", "compute buffer"])
def test_lines_of_logs_that_state_their_settings_are_met_to_one_percent(part):
    logged = [row.error for row in rows() if row.group == "log" and row.part.startswith(part)]
    assert logged
    assert max(map(abs, logged)) < 0.012  # one log gives gigabytes with two places


@pytest.mark.parametrize("shown", [table, worse])
def test_the_documentation_shows_the_tables_as_they_are(shown):
    assert shown() in (ROOT / "docs" / "memory-serving.md").read_text(encoding="utf-8")


def test_the_errors_that_an_explanation_shows_are_those_of_the_rows():
    assert RECORDED.read_text(encoding="utf-8") == recorded()
