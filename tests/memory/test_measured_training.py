"""The measured training rows beside the estimates: what the project set itself, and what the ranges hold."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from statistics import median

import pytest

from benchmarks import _measured_training as measured
from benchmarks import memory_accuracy
from benchmarks._documentation import marks, stack_table, written
from checker.memory import bands

pytestmark = pytest.mark.no_cover  # other tests cover what these try at length; measuring it doubles their time

FIXED = ("trl", "fsdp_qlora")
"""Software of the rows whose samples all have one length."""


@cache
def everything():
    return memory_accuracy.results()


def results():
    return everything()[0]


def errors(metric, *, several=False, software=None):
    return [
        abs(one.error)
        for one in results()
        if one.row.metric in metric
        and (one.row.plan.devices > 1) is several
        and (software is None or one.row.kind in software)
    ]


def test_every_row_is_a_plan_or_says_why_not():
    rows, skipped = measured.rows()
    assert len(rows) + len(skipped) == 444
    assert all(one.reason for one in skipped)


def test_peaks_of_the_hugging_face_trainer_are_met():
    found = errors(["allocated"], software=["trl", "peft"])
    assert median(found) <= 0.015
    assert memory_accuracy.percentile(found, 0.9) <= 0.10


def test_peaks_of_all_software_on_one_gpu_are_met():
    assert median(errors(["allocated"])) <= 0.04


def test_peaks_on_several_gpus_are_met():
    assert median(errors(["allocated"], several=True)) <= 0.04


def test_middles_of_the_ranges_meet_pools_and_devices():
    found = errors(["reserved", "device"]) + errors(["reserved", "device"], several=True)
    assert median(found) <= 0.10


def test_nine_of_ten_rows_of_fixed_length_lie_inside_their_range():
    inside = [one.inside for one in results() if one.inside is not None and one.row.kind in FIXED]
    assert sum(inside) / len(inside) >= 0.9


def test_the_band_of_fsdp_holds_nine_of_ten_rows():
    band = bands.FSDP_TRAINING
    found = [1 / (1 + one.error) - 1 for one in results() if one.row.metric == "allocated" and one.row.plan.devices > 1]
    assert sum(band.low <= off <= band.high for off in found) / len(found) >= 0.9


PAGE = (Path(__file__).parent.parent.parent / "docs" / "memory.md").read_text(encoding="utf-8")


def test_the_documentation_shows_the_tables_as_they_are():
    found, skipped = everything()
    assert written(PAGE, "memory_accuracy", memory_accuracy.document(found, skipped)) == PAGE


def test_the_documentation_shows_what_each_software_does():
    assert written(PAGE, "stacks", stack_table()) == PAGE


def test_a_page_without_marks_is_refused():
    with pytest.raises(ValueError, match="has no part between"):
        written("no marks", "stacks", "")
    assert marks("stacks")[0] in PAGE
