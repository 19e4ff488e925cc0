"""What measured runs of a plan say of it: which of them count, what a step needs, and how that is told."""

from __future__ import annotations

import pytest

from checker.facts.calibration import Calibration, Run
from checker.memory.calibrated import Matching, held, matching, needed, said
from checker.memory.digest import of_plan
from checker.memory.fit import Fit, Fitting
from checker.memory.plan import Hardware, Method, TrainingPlan
from checker.memory.units import GIB
from tests.memory.accuracy import models

LLAMA = models()["meta-llama/Llama-3.1-8B"]
PLAN = TrainingPlan(Method.LORA, 2048)
RUN = Run(
    plan_sha256=of_plan(LLAMA, PLAN),
    model="meta-llama/Llama-3.1-8B",
    plan="lora of 2048 tokens",
    device="cuda",
    gpu="RTX 4090",
    gpu_bytes=24 * GIB,
    allocated_bytes=10 * GIB,
    reserved_bytes=12 * GIB,
    device_bytes=13 * GIB,
    estimated_bytes=11 * GIB,
    steps=3,
    measured_on="2026-11-20",
    versions=(),
)
MORE = RUN._replace(allocated_bytes=11 * GIB)
ON_A100 = MORE._replace(gpu="A100 80 GB", allocated_bytes=20 * GIB)
COUNTED = RUN._replace(device="cpu", gpu="", allocated_bytes=30 * GIB)
OTHER_PLAN = RUN._replace(plan_sha256=of_plan(LLAMA, PLAN._replace(sequence_length=4096)))
CARD = Hardware(24 * GIB, 1, "RTX 4090")


@pytest.mark.parametrize(
    ("reserved", "device", "amount"),
    [
        (12 * GIB, 13 * GIB, 11 * GIB),  # the context is what the driver shows beside the pool
        (12 * GIB, 12 * GIB, 10 * GIB),
        (12 * GIB, None, 10.5 * GIB),  # half a GiB, as in the estimates, where nobody looked
        (None, 13 * GIB, 10.5 * GIB),
    ],
)
def test_a_step_needs_its_tensors_and_the_context(reserved, device, amount):
    assert needed(RUN._replace(reserved_bytes=reserved, device_bytes=device)) == amount


@pytest.mark.parametrize(
    ("runs", "hardware", "counts"),
    [
        ((RUN, MORE), CARD, MORE),  # of several the one with most
        ((MORE, RUN), CARD, MORE),
        ((ON_A100, COUNTED), CARD, None),
        ((ON_A100, RUN), CARD, RUN),
        ((RUN,), None, None),
        ((COUNTED,), Hardware(24 * GIB, 1, ""), None),  # a processor says nothing of any GPU
        ((OTHER_PLAN,), CARD, None),
    ],
)
def test_a_run_counts_on_the_very_gpu_that_the_plan_names(runs, hardware, counts):
    found = matching(Calibration("calibration.yaml", runs), LLAMA, PLAN, hardware)
    assert found.run == counts
    assert found.needed == (None if counts is None else needed(counts))
    assert set(found.runs) == {run for run in runs if run != OTHER_PLAN}


def test_runs_that_count_for_nothing_are_shown_all_the_same():
    found = matching(Calibration("calibration.yaml", (COUNTED, ON_A100)), LLAMA, PLAN, CARD)
    assert found == Matching((ON_A100, COUNTED), None)


@pytest.mark.parametrize(("amount", "fit"), [(90, Fit.YES), (91, Fit.NO)])
def test_a_measured_amount_has_no_error_band(amount, fit):
    assert held(amount, 100, 0.1) == Fitting(fit, amount, amount, amount, 90, 100)


def test_a_run_is_told_with_its_device_and_how_far_the_estimate_was():
    assert said(RUN, "calibration.yaml") == (
        "calibration.yaml: 3 steps of this plan took 10.0 GiB in tensors on RTX 4090 (2026-11-20; estimated 11.0 GiB,"
        " +10.0%)"
    )
    assert said(COUNTED, "calibration.yaml") == (
        "calibration.yaml: 3 steps of this plan took 30.0 GiB in tensors counted on a processor, which says nothing of a"
        " GPU (2026-11-20; estimated 11.0 GiB, -63.3%)"
    )
